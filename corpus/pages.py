"""Pages as spans of an article's text: they tile it in order, so that each character stands on exactly one page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from corpus.types import Span

__all__ = ["are_tiled", "ends_of", "page_at", "pages_from_ends"]


def page_at(pages: Sequence[Span], position: int) -> int | None:
    """The number, from 1, of the page that holds the character at ``position``; ``None`` where no page does.

    A page without text is an empty span and holds no character.

    >>> page_at([Span(0, 5), Span(5, 5), Span(5, 9)], 5)
    3
    """
    if not pages or not 0 <= position < pages[-1].end:
        return None
    return bisect_right(pages, position, key=lambda page: page.end) + 1


def pages_from_ends(ends: Sequence[int]) -> tuple[Span, ...]:
    """The pages that end at these positions, the first from 0, each next where the one before it ends.

    >>> pages_from_ends([5, 9])
    (Span(start=0, end=5), Span(start=5, end=9))
    """
    return tuple(Span(start, end) for start, end in pairwise((0, *ends)))


def ends_of(pages: Sequence[Span]) -> list[int]:
    """Where each page ends: all that has to be kept of pages that tile their text."""
    return [page.end for page in pages]


def are_tiled(pages: Sequence[Span], length: int) -> bool:
    """Whether pages cover a text of ``length`` characters without gap or overlap; no pages at all are fine too."""
    if not pages:
        return True
    joints = all(page.end == following.start for page, following in pairwise(pages))
    return joints and pages[0].start == 0 and pages[-1].end == length
