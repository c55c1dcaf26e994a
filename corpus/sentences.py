"""Sentences as spans of one text; the one place that uses the library ``sentencex``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from corpus.paragraphs import paragraph_spans
from corpus.types import Span

__all__ = ["sentence_spans"]

LONG_QUOTE = 300
"""Characters from which a sentence that holds quotation marks is read again without them.

The library keeps a whole quotation in one sentence. That is right for a short one; a speech of ten sentences
inside one pair of marks, or a mark that was never closed, would make one "sentence" of a page.
"""
MAX_CHUNK = 8_000
"""Characters handed over at once: the library's time grows with the square of the unclosed quotation marks."""
MAX_MARKS = 100
"""Opening marks in one chunk above which quotation marks are not worth pairing (1.5 s for 25,000 of them)."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_SURE_END = re.compile(r"[^\W\d_]{5}[.!?][\"”’)]?(?=\s)|[。！？](?=.)")
# Abbreviations before a name or number that the library takes for the end of a sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“])(?:Eng|Engr|Cllr|Hon|Arch|Amb|Adm|Supt|Insp|Cmdr|Brig|Msgr|Mme|Mlle|approx|Approx|ca|Sqn|Ven)\.$"
)
_MARKS = str.maketrans(dict.fromkeys('"“”„«»‟', " "))


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """The sentences of ``text[start:end]`` in order, trimmed, as spans into ``text``.

    They are disjoint, cover every character that is not white space, and never cross from one paragraph into
    the next.

    >>> [span.of("Mr. Li paid 3.5 yuan. He left.") for span in sentence_spans("Mr. Li paid 3.5 yuan. He left.")]
    ['Mr. Li paid 3.5 yuan.', 'He left.']
    """
    start = max(0, start)
    window = _SURROGATE.sub("?", text[start : len(text) if end is None else end])
    return tuple(
        Span(start + sentence.start, start + sentence.end)
        for paragraph in paragraph_spans(window)
        for chunk in _chunks(window, paragraph)
        for sentence in _split(window, chunk)
    )


def _chunks(text: str, paragraph: Span) -> Iterator[Span]:
    """The paragraph in pieces of at most ``MAX_CHUNK`` characters, cut after a sentence or at a space if it can."""
    start = paragraph.start
    while paragraph.end - start > MAX_CHUNK:
        limit = start + MAX_CHUNK
        ends = [end.end() for end in _SURE_END.finditer(text, limit - MAX_CHUNK // 4, limit)]
        space = text.rfind(" ", start + 1, limit)
        cut = ends[-1] if ends else space if space > start else limit
        yield Span(start, cut)
        start = cut
    yield Span(start, paragraph.end)


def _split(text: str, span: Span) -> Iterator[Span]:
    whole = span.of(text)
    if whole.count("“") + whole.count('"') > MAX_MARKS:
        yield from _with_marks(text, span)
        return
    for sentence in _boundaries(whole, span.start):
        if len(sentence) > LONG_QUOTE:
            yield from _with_marks(text, sentence)
        else:
            yield sentence


def _with_marks(text: str, whole: Span) -> Iterator[Span]:
    """The parts found without quotation marks, each given back the marks that stand beside it."""
    parts = list(_boundaries(whole.of(text).translate(_MARKS), whole.start))
    starts = [whole.start]
    for before, after in pairwise(parts):
        gap = text[before.end : after.start]
        closing = len(gap) - len(gap.lstrip()) if gap[:1].isspace() else len(gap.split(maxsplit=1)[0]) if gap else 0
        starts.append(before.end + closing)
    for start, end in zip(starts, [*starts[1:], whole.end], strict=True):
        piece = text[start:end]
        if piece.strip():
            yield Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def _boundaries(piece: str, offset: int) -> Iterator[Span]:
    """The library's boundaries as trimmed spans; what it leaves out between two goes with the first."""
    found = sentencex.get_sentence_boundaries("en", piece)
    edges = [0]
    for edge in sorted({boundary["start_index"] for boundary in found} - {0}):
        if not _ends_in_abbreviation(piece, edges[-1], edge):
            edges.append(edge)
    for start, end in zip(edges, [*edges[1:], len(piece)], strict=True):
        part = piece[start:end]
        if part.strip():
            yield Span(offset + start + len(part) - len(part.lstrip()), offset + start + len(part.rstrip()))


def _ends_in_abbreviation(piece: str, start: int, edge: int) -> bool:
    return _ABBREVIATION.search(piece[max(start, edge - 12) : edge].rstrip()) is not None
