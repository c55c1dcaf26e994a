"""What repeats on the pages of a document and is no part of its text: running heads and feet, page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from corpus.pdf_lines import Line, PageSize

__all__ = ["without_furniture"]

_EDGE_LINES = 3
_EDGE_SHARE = 0.15
"""How far from the top and bottom of a page furniture stands, as a share of its height."""
_SAME_PLACE = 6.0
"""Points by which the place of a running head may differ from page to page."""

_FIGURES = re.compile(r"\d+")
_ROMAN = re.compile(r"(?=[ivxl])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"""(?:page|p\.|seite|página|pagina|pág\.|стр\.|第)?\s*[-–—|/\[(]?\s*(?P<number>\d{1,4}|[ivxl]{1,8})\s*[-–—|\])]?\s*
        (?:(?:of|/|von|de|di|sur|из|av)\s*\d{1,4})?\s*页?""",
    re.IGNORECASE | re.VERBOSE,
)
_PRINTED_ADDRESS = re.compile(r"(?:https?|file)://\S+(?:\s*\|)?\s*\d+\s*/\s*\d+")
"""What a browser prints at the foot of a page."""


def without_furniture(lines: Sequence[Line], pages: Sequence[PageSize]) -> list[Line]:
    """The lines that are the document's own text.

    A line near the edge of its page goes where the same words, figures aside, stand in the same size at the same
    height of other pages (at least three, or both of two; two where a figure counts the pages), or where it is its
    page's number.
    """
    by_page = [list(page) for _, page in groupby(lines, key=lambda line: line.page)]
    edges = [line for page in by_page for line in _edge_lines(page, pages)]
    if len(by_page) == 2:  # two pages may share a line by chance, hardly their first or last
        outermost = {id(pick(page, key=lambda line: line.bottom)) for page in by_page for pick in (min, max)}
        edges = [line for line in edges if id(line) in outermost]
    repeated = _repeated(edges, len(by_page))
    dropped = {id(line) for line in edges if id(line) in repeated or _is_number_of_page(line, len(pages))}
    return [line for line in lines if id(line) not in dropped]


def _edge_lines(lines: list[Line], pages: Sequence[PageSize]) -> list[Line]:
    height = pages[lines[0].page].height
    by_height = sorted(lines, key=lambda line: -line.bottom)
    top = [line for line in by_height[:_EDGE_LINES] if line.bottom > (1 - _EDGE_SHARE) * height]
    bottom = [line for line in by_height[-_EDGE_LINES:] if line.top < _EDGE_SHARE * height and line not in top]
    return top + bottom


def _repeated(edges: Sequence[Line], pages: int) -> set[int]:
    alike: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in edges:
        alike[_words_of(line), round(line.size)].append(line)
    found: set[int] = set()
    for lines in alike.values():
        lines.sort(key=lambda line: line.bottom)
        for level in _levels(lines):
            needed = 2 if pages == 2 or _counts_pages(level) else 3
            if len({line.page for line in level}) >= needed:
                found |= {id(line) for line in level}
    return found


def _levels(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines, sorted by height, in groups that stand equally high."""
    levels: list[list[Line]] = []
    for line in lines:
        if levels and line.bottom - levels[-1][-1].bottom <= _SAME_PLACE:
            levels[-1].append(line)
        else:
            levels.append([line])
    return levels


def _counts_pages(lines: Sequence[Line]) -> bool:
    """Whether the first or the last figure in each line grows with its page."""
    figures = [[int(figure[:9]) for figure in _FIGURES.findall(line.text)] for line in lines]
    if not all(figures):
        return False
    return any(
        len({found[side] - line.page for found, line in zip(figures, lines, strict=True)}) == 1 for side in (0, -1)
    )


def _words_of(line: Line) -> str:
    """What of a running head stays the same from page to page."""
    words = line.text.casefold()
    return "#" if _ROMAN.fullmatch(words) else _FIGURES.sub("#", words)


def _is_number_of_page(line: Line, pages: int) -> bool:
    """Whether a line of its own is a page number: in a document of one page only the number 1 is."""
    if _PRINTED_ADDRESS.fullmatch(line.text):
        return True
    match = _PAGE_NUMBER.fullmatch(line.text)
    if match is None:
        return False
    if not match["number"].isdecimal():
        return pages > 1 and _ROMAN.fullmatch(match["number"]) is not None
    return match["number"] != line.text or line.text == str(line.page + 1)
