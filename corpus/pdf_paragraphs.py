"""Lines of a document -> its paragraphs: which line goes on in the next, by size, distance, indent and width."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from unicodedata import bidirectional

from corpus.line_ends import Words, join_lines
from corpus.pdf_columns import CELL_BORDER
from corpus.pdf_lines import Line
from corpus.types import Span

__all__ = ["assemble", "paragraphs_of"]

_SAME_SIZE = 0.12
"""Sizes that differ by a larger share belong to a heading, a note or a caption."""
_CLOSE = 1.25
"""Lines further apart than so many usual distances belong to two paragraphs."""
_INDENT, _SLACK = 0.6, 0.5
"""In heights of a line: the least indent of a first line, and how ragged the edge of justified text may be."""
_FEWEST_LINES = 4
"""Fewer lines than this do not show how wide their column is."""

_BULLET = re.compile(r"[-–—•·*▪◦‣■□➢✓]\s|\(?\d{1,3}[.)]\s|\(?[a-z]\)\s")
_SENTENCE_END = re.compile(r"""[.!?:…。！？：؟।]["'”’»)\]]*$""")


@dataclass(frozen=True, slots=True)
class _Edges:
    """A line along its own direction: where it begins and ends, growing the way it is read."""

    start: float
    end: float

    @classmethod
    def of(cls, line: Line) -> _Edges:
        first = next((way for way in map(bidirectional, line.text) if way in {"L", "R", "AL"}), "L")
        return cls(line.left, line.right) if first == "L" else cls(-line.right, -line.left)


def paragraphs_of(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines, in reading order, in the paragraphs that they make; one may go on over columns and pages."""
    if not lines:
        return []
    distance, width, body = _distances(lines), _widths(lines), median(line.size for line in lines)
    paragraphs = [[lines[0]]]
    for above, below in pairwise(lines):
        reach = width[id(above)]
        if _goes_on(paragraphs[-1], below, distance, reach, body):
            paragraphs[-1].append(below)
        else:
            paragraphs.append([below])
    return paragraphs


def assemble(paragraphs: Sequence[Sequence[Line]], pages: int) -> tuple[str, tuple[Span, ...]]:
    """The text, a blank line between paragraphs, and its ``pages`` pages as spans that tile it."""
    words = Words(line.text for paragraph in paragraphs for line in paragraph)
    pieces: list[str] = []
    starts: dict[int, int] = {}
    position = 0
    for paragraph in paragraphs:
        gap = "\n\n" if pieces else ""
        for line, piece in _pieces(paragraph, words):
            pieces += [gap, piece]
            position += len(gap)
            starts.setdefault(line.page, position)
            position += len(piece)
            gap = ""
    ends = [starts.get(page, -1) for page in range(1, pages)] + [position]
    for page in range(pages - 2, -1, -1):  # a page without text ends where the next one that has some begins
        ends[page] = ends[page + 1] if ends[page] < 0 else ends[page]
    return "".join(pieces), tuple(Span(start, end) for start, end in pairwise([0, *ends]))


def _pieces(paragraph: Sequence[Line], words: Words) -> Iterator[tuple[Line, str]]:
    """Each line with the characters that it adds to its paragraph."""
    for at, line in enumerate(paragraph):
        if at + 1 == len(paragraph):
            yield line, line.text
        else:
            kept, joint = join_lines(line.text, paragraph[at + 1].text, words)
            yield line, kept + joint


def _distances(lines: Sequence[Line]) -> dict[int, float]:
    """For each size of letters, the usual distance from one baseline to the next."""
    found: dict[int, Counter[float]] = defaultdict(Counter)
    for above, below in pairwise(lines):
        down = above.bottom - below.bottom
        if _is_below(above, below) and down < 3 * above.size:
            found[round(above.size)][round(down * 2) / 2] += 1
    usual = {size: counts.most_common(1)[0] for size, counts in found.items()}
    return {size: down if count > 2 else min(down, 1.4 * size) for size, (down, count) in usual.items()}


def _is_below(above: Line, below: Line) -> bool:
    """Whether the line stands right under the other, in letters of the same size."""
    alike = abs(above.size - below.size) <= _SAME_SIZE * max(above.size, below.size)
    overlaps = above.left < below.right and below.left < above.right
    return alike and overlaps and above.page == below.page and above.bottom - below.bottom > 0.3 * above.size


def _widths(lines: Sequence[Line]) -> dict[int, float]:
    """For each line, how far the text of its column reaches, along the line's own direction."""
    columns: list[list[Line]] = [[lines[0]]]
    for above, below in pairwise(lines):
        if _is_below(above, below) and above.bottom - below.bottom < 2 * above.size:
            columns[-1].append(below)
        else:
            columns.append([below])
    reach: dict[int, float] = {}
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_page[line.page].append(line)
    for column in columns:
        peers = column if len(column) >= _FEWEST_LINES else _peers(column[0], by_page[column[0].page])
        for line in column:
            reach[id(line)] = max(_Edges.of(line).end, *(_Edges.of(peer).end for peer in peers))
    return reach


def _peers(line: Line, page: Sequence[Line]) -> list[Line]:
    """Lines of a page that begin where ``line`` does, in letters of its size."""
    start = _Edges.of(line).start
    return [
        other
        for other in page
        if abs(_Edges.of(other).start - start) < 2 * line.size and abs(other.size - line.size) <= _SAME_SIZE * line.size
    ] or [line]


def _goes_on(paragraph: Sequence[Line], below: Line, distance: dict[int, float], reach: float, body: float) -> bool:
    above = paragraph[-1]
    if CELL_BORDER in above.text or CELL_BORDER in below.text or _BULLET.match(below.text):
        return False
    if abs(above.size - below.size) > _SAME_SIZE * max(above.size, below.size):
        return False
    ended = _SENTENCE_END.search(above.text) is not None
    if not _is_below(above, below):  # the next column or page
        return not ended and (below.text[0].islower() or _is_full(above, below, reach))
    if above.bottom - below.bottom > _CLOSE * distance.get(round(above.size), 1.4 * above.size):
        return False
    if above.size > (1 + _SAME_SIZE) * body:  # a heading, which may be centred
        return True
    if below.text[0].islower() and not ended:
        return True
    return _is_full(above, below, reach) and not _is_indented(paragraph, below)


def _is_full(above: Line, below: Line, reach: float) -> bool:
    """Whether the first word of the line below would not have fitted on the line above."""
    letter = (below.right - below.left) / max(len(below.text), 1)
    first = below.text.split(" ", 1)[0] if below.text.isascii() else below.text[:2]
    return _Edges.of(above).end + letter * (len(first) + 1) > reach - _SLACK * above.size


def _is_indented(paragraph: Sequence[Line], below: Line) -> bool:
    """Whether a line begins a paragraph by its indent, or ends a hanging one by beginning further out."""
    shift = _Edges.of(below).start - _Edges.of(paragraph[-1]).start
    if _BULLET.match(paragraph[0].text) and len(paragraph) == 1:
        return shift < 0
    if len(paragraph) == 1:
        return shift > _INDENT * below.size
    return abs(shift) > _INDENT * below.size
