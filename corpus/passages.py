"""An article cut into passages: whole sentences, one speaker, one section, about as much as a reader takes at once.

Rules. The lines above the body (title, byline, date) are one passage of their own, so that questions about the author
and the date find them. A section heading belongs to the first passage below it, whoever speaks there. Paragraphs of
one speaker (or of none) in one section are merged up to the budget; a paragraph above it is cut between sentences,
each piece beginning with the last sentences of the piece before. No character other than white space is left out.
The section of a short reply is the interviewer's question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.asked import questions_answered
from corpus.paragraphs import body_start, heading_spans, paragraph_spans
from corpus.sentences import sentence_spans
from corpus.turns import speaker_at
from corpus.types import Article, Passage, Span, Turn

__all__ = ["BUDGET", "CEILING", "estimate_tokens", "split_passages"]

BUDGET = 160
"""Tokens of one passage: a reader's window of 256 then also holds the question, the speaker and the title."""
CEILING = 400
"""Tokens above which even one sentence is cut, at a space if it has one."""
OVERLAP = 1
"""Sentences repeated at the head of the next piece of a long paragraph, so that no answer straddles a cut."""

CountTokens = Callable[[Sequence[str]], Sequence[int]]

_TOKEN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\\W\\d_]{1,7}|\\d{1,3}|[^\\w\\s]|_")


@dataclass(frozen=True, slots=True)
class _Line:
    """One sentence with what decides which passage it may join; ``group`` is equal for lines that may be merged."""

    span: Span
    tokens: int
    paragraph: int
    group: tuple[str, int]
    speaker: Span | None
    section: Span | None
    heading: bool


def estimate_tokens(texts: Sequence[str]) -> list[int]:
    """About how many word pieces each text has, without a model: pieces of seven letters, three digits, single marks.

    >>> estimate_tokens(["The bridge cost 4,500 euros."])
    [8]
    """
    return [len(_TOKEN.findall(text)) for text in texts]


def split_passages(
    article: Article, *, budget: int = BUDGET, overlap: int = OVERLAP, count_tokens: CountTokens = estimate_tokens
) -> tuple[Passage, ...]:
    """The passages of ``article`` in order; together they cover every character that is not white space.

    ``budget`` counts tokens as ``count_tokens`` does, which is called once for all sentences. A passage's ``speaker``
    is the label of its ``label`` or ``reported`` turn; a ``quoted`` turn breaks no passage. One sentence above the
    budget is a passage by itself, and is cut only above ``CEILING`` tokens.
    """
    lines = _lines(article, max(1, budget), count_tokens)
    passages: list[Passage] = []
    pending: list[_Line] = []
    for _, run in groupby(lines, key=lambda line: line.group):
        group = list(run)
        if group[0].heading:
            pending.extend(group)
            continue
        chunks = list(_pack(group, max(1, budget), max(0, overlap)))
        chunks[0] = [*pending, *chunks[0]]
        pending = []
        passages.extend(_passage(article.id, chunk) for chunk in chunks)
    passages.extend(_passage(article.id, chunk) for chunk in _pack(pending, max(1, budget), 0))
    return tuple(passages)


def _lines(article: Article, budget: int, count_tokens: CountTokens) -> list[_Line]:
    text = article.text
    paragraphs = paragraph_spans(text)
    turns = [turn for turn in article.turns if turn.kind != "quoted"]
    cut = _cut_long(text, _cut_at(sentence_spans(text), turns), max(CEILING, budget), count_tokens)
    return list(_place(text, paragraphs, turns, cut))


def _cut_at(sentences: Sequence[Span], turns: Sequence[Turn]) -> Iterator[Span]:
    """The sentences, cut where a turn begins or ends inside one (after a semicolon)."""
    edges = sorted({edge for turn in turns for edge in (turn.span.start, turn.span.end)})
    at = 0
    for sentence in sentences:
        while at < len(edges) and edges[at] <= sentence.start:
            at += 1
        start = sentence.start
        while at < len(edges) and edges[at] < sentence.end:
            yield Span(start, edges[at])
            start = edges[at]
            at += 1
        yield Span(start, sentence.end)


def _cut_long(text: str, sentences: Iterator[Span], ceiling: int, count_tokens: CountTokens) -> list[tuple[Span, int]]:
    """Each sentence with its tokens, one above ``ceiling`` in pieces of about that many."""
    spans = [trimmed for span in sentences if (trimmed := _trim(text, span))]
    counts = count_tokens([span.of(text) for span in spans])
    cut: list[tuple[Span, int]] = []
    for span, count in zip(spans, counts, strict=True):
        if count <= ceiling:
            cut.append((span, int(count)))
            continue
        pieces = list(_pieces(text, span, max(1, len(span) * ceiling // int(count) * 3 // 4)))
        cut.extend(zip(pieces, map(int, count_tokens([piece.of(text) for piece in pieces])), strict=True))
    return cut


def _pieces(text: str, span: Span, width: int) -> Iterator[Span]:
    start = span.start
    while span.end - start > width:
        space = text.rfind(" ", start + width // 2, start + width)
        end = space if space > start else start + width
        if piece := _trim(text, Span(start, end)):
            yield piece
        start = end
    if piece := _trim(text, Span(start, span.end)):
        yield piece


def _trim(text: str, span: Span) -> Span | None:
    piece = span.of(text)
    start, end = span.start + len(piece) - len(piece.lstrip()), span.start + len(piece.rstrip())
    return Span(start, end) if start < end else None


def _place(
    text: str, paragraphs: Sequence[Span], turns: Sequence[Turn], cut: Sequence[tuple[Span, int]]
) -> Iterator[_Line]:
    """Each sentence with its paragraph, section and speaker."""
    headings = {span: number for number, span in enumerate(heading_spans(text, paragraphs))}
    questions = questions_answered(text, turns)
    first = body_start(text, paragraphs)
    paragraph, section = 0, None
    for span, tokens in cut:
        while paragraph + 1 < len(paragraphs) and paragraphs[paragraph + 1].start <= span.start:
            paragraph += 1
        turn = speaker_at(turns, span)
        is_heading = turn is None and paragraphs[paragraph] in headings
        if is_heading:
            section = paragraphs[paragraph]
        speaker = turn.label if turn else None
        who = turn.speaker.casefold() if turn else ""
        kind = "header" if paragraph < first and turn is None else "heading" if is_heading else f"body:{who}"
        number = headings.get(section, -1) if section else -1
        topic = section if turn is None else questions.get(turn, section)
        yield _Line(span, tokens, paragraph, (kind, number), speaker, topic, is_heading)


def _pack(lines: Sequence[_Line], budget: int, overlap: int) -> Iterator[list[_Line]]:
    """Whole paragraphs together while they fit; a paragraph that does not fit by itself is cut by sentences."""
    chunk: list[_Line] = []
    size = 0
    for _, run in groupby(lines, key=lambda line: line.paragraph):
        paragraph = list(run)
        tokens = sum(line.tokens for line in paragraph)
        if chunk and size + tokens > budget:
            yield chunk
            chunk, size = [], 0
        if tokens <= budget:
            chunk, size = chunk + paragraph, size + tokens
        else:
            yield from _by_sentence(paragraph, budget, overlap)
    if chunk:
        yield chunk


def _by_sentence(lines: Sequence[_Line], budget: int, overlap: int) -> Iterator[list[_Line]]:
    chunk: list[_Line] = []
    size = 0
    for line in lines:
        if chunk and size + line.tokens > budget:
            yield chunk
            chunk = _tail(chunk, overlap, budget - line.tokens)
            size = sum(kept.tokens for kept in chunk)
        chunk, size = [*chunk, line], size + line.tokens
    if chunk:
        yield chunk


def _tail(chunk: Sequence[_Line], overlap: int, room: int) -> list[_Line]:
    """The last ``overlap`` sentences that fit in ``room`` tokens, never the whole chunk."""
    kept = list(chunk[max(1, len(chunk) - overlap) :]) if overlap else []
    while kept and sum(line.tokens for line in kept) > room:
        kept.pop(0)
    return kept


def _passage(article_id: str, lines: Sequence[_Line]) -> Passage:
    span = Span(lines[0].span.start, lines[-1].span.end)
    body = next((line for line in lines if not line.heading), lines[-1])
    sentences = tuple(line.span for line in lines)
    return Passage(f"{article_id}:{span.start}-{span.end}", article_id, span, body.speaker, body.section, sentences)
