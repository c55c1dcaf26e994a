"""Answers kept to the words of chosen speakers: a passage that quotes one of them may hold the words of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from corpus.speaker_names import parts_of, people_of, person_of
from corpus.types import Article, Passage, Span, Turn
from qa.types import Candidate

__all__ = ["said_by", "words_of"]


def words_of(speakers: Iterable[str], passages: Sequence[Passage], articles: Mapping[str, Article]) -> list[Passage]:
    """Of each passage what the speakers say in it, one piece a turn, in order: all that the reader may see."""
    turns = _turns_of(speakers, {passage.article_id for passage in passages}, articles)
    return [
        _cut(passage, turn)
        for passage in passages
        for turn in turns[passage.article_id]
        if turn.span.overlaps(passage.span)
    ]


def said_by(
    speakers: Iterable[str], candidates: Sequence[Candidate], articles: Mapping[str, Article]
) -> list[Candidate]:
    """The candidates that one of the speakers says, or that are the name of one where it stands before the words."""
    turns = _turns_of(speakers, {candidate.passage.article_id for candidate in candidates}, articles)
    return [candidate for candidate in candidates if _is_said(candidate, turns[candidate.passage.article_id])]


def _turns_of(speakers: Iterable[str], ids: Iterable[str], articles: Mapping[str, Article]) -> dict[str, list[Turn]]:
    """The turns of the speakers in each of the articles."""
    wanted = {person_of(name) for name in speakers}
    found = {}
    for key in ids:
        people = people_of(turn.speaker for turn in articles[key].turns)
        found[key] = [turn for turn in articles[key].turns if parts_of(people[turn.speaker]) & wanted]
    return found


def _cut(passage: Passage, turn: Turn) -> Passage:
    """The part of the passage that lies in the turn; its id stays, which its nearness to the question is known by."""
    if turn.span.contains(passage.span):
        return passage
    sentences = (_common(sentence, turn.span) for sentence in passage.sentences if sentence.overlaps(turn.span))
    return replace(passage, span=_common(passage.span, turn.span), speaker=turn.label, sentences=tuple(sentences))


def _common(first: Span, second: Span) -> Span:
    return Span(max(first.start, second.start), min(first.end, second.end))


def _is_said(candidate: Candidate, turns: Iterable[Turn]) -> bool:
    return any(turn.span.contains(candidate.span) or turn.label.contains(candidate.span) for turn in turns)
