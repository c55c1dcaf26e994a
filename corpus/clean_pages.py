"""Cleaning a text whose pages are known: the furniture goes, the paragraphs keep their order, the pages follow them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from corpus.clean import clean_lines
from corpus.metadata import Metadata
from corpus.types import Span

__all__ = ["clean_pages"]

_GAP = "\n\n"


def clean_pages(text: str, pages: Sequence[Span], metadata: Metadata | None = None) -> tuple[str, tuple[Span, ...]]:
    r"""``text`` cleaned as `corpus.clean` does, with its pages as spans of what remains.

    Paragraphs of ``text`` are parted by ``\n\n`` and already tidy. A line that `corpus.clean` would move stays at
    its place: on paper it stands on a page.

    >>> clean_pages("About us\n\nThe bridge opened on Monday, two years late.", [Span(0, 10), Span(10, 56)])[1]
    (Span(start=0, end=0), Span(start=0, end=46))
    """
    paragraphs = text.split(_GAP)
    starts = [0]
    for paragraph in paragraphs:
        starts.append(starts[-1] + len(paragraph) + len(_GAP))
    kept = sorted(clean_lines(paragraphs, metadata))
    joints: list[tuple[int, int]] = []  # where each kept line began and begins
    position = 0
    for place, line in kept:
        joints.append((starts[place] + paragraphs[place].find(line), position))
        position += len(line) + len(_GAP)
    cleaned = _GAP.join(line for _, line in kept)
    ends = [_moved(page.end, joints, [line for _, line in kept], len(cleaned)) for page in pages]
    if ends:
        ends[-1] = len(cleaned)
    return cleaned, tuple(Span(start, end) for start, end in zip([0, *ends], ends, strict=False))


def _moved(old: int, joints: Sequence[tuple[int, int]], lines: Sequence[str], length: int) -> int:
    """Where the character that stood at ``old``, or the next one that was kept, stands now."""
    after = bisect_left(joints, (old + 1, -1))
    if after:
        began, begins = joints[after - 1]
        if old < began + len(lines[after - 1]):
            return begins + old - began
    return joints[after][1] if after < len(joints) else length
