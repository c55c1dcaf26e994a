"""Where the direct quotations of a paragraph stand, and the paragraph with them blanked out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.person_names import QUOTE
from corpus.types import Span

__all__ = ["Quotations", "blank_quotations"]

# Single marks count only where they close after punctuation: an apostrophe never does.
_QUOTED = re.compile(
    r"""“[^“”]*(?:”|$)|„[^“”„]*(?:[“”]|$)|«[^«»]*(?:»|$)|「[^「」]*(?:」|$)|"[^"]*(?:"|$)
    |(?<!\w)‘(?=\S)[^‘\n]{2,600}?[,.?!…]’(?!\w)
    |(?<!\w)'(?=[^\W\d_])[^'\n]{2,600}[,.?!…]'(?!\w)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Quotations:
    """A paragraph's text with each quotation replaced by ``QUOTE`` characters, and the quotations' places in it.

    ``open`` tells that the last quotation goes on in the next paragraph.
    """

    blanked: str
    places: tuple[Span, ...]
    open: bool


def blank_quotations(paragraph: str) -> Quotations:
    """Blank what is quoted in ``paragraph``; its length and the offsets of everything else stay.

    >>> blank_quotations('"Go," he said.').places
    (Span(start=0, end=5),)
    """
    places = tuple(Span(*found.span()) for found in _QUOTED.finditer(paragraph))
    blanked = _QUOTED.sub(lambda found: QUOTE * len(found[0]), paragraph)
    unclosed = bool(places) and places[-1].end == len(paragraph) and paragraph[-1] not in "”“»」\"'’"
    return Quotations(blanked, places, unclosed)
