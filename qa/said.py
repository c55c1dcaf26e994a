"""Answers kept to the words of chosen speakers: a passage that quotes one of them may hold the words of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from corpus.speaker_names import parts_of, people_of, person_of
from corpus.types import Article, Turn
from qa.types import Candidate

__all__ = ["said_by"]


def said_by(
    speakers: Iterable[str], candidates: Sequence[Candidate], articles: Mapping[str, Article]
) -> list[Candidate]:
    """The candidates that one of the speakers says, or that are the name of one where it stands before the words."""
    wanted = {person_of(name) for name in speakers}
    turns = {
        key: _turns_of(wanted, articles[key]) for key in {candidate.passage.article_id for candidate in candidates}
    }
    return [candidate for candidate in candidates if _is_said(candidate, turns[candidate.passage.article_id])]


def _turns_of(wanted: set[tuple[str, ...]], article: Article) -> list[Turn]:
    people = people_of(turn.speaker for turn in article.turns)
    return [turn for turn in article.turns if parts_of(people[turn.speaker]) & wanted]


def _is_said(candidate: Candidate, turns: Iterable[Turn]) -> bool:
    return any(turn.span.contains(candidate.span) or turn.label.contains(candidate.span) for turn in turns)
