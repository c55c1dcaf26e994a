"""What a search returns: passages with their scores and where each of the two searches ranked them."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.types import Passage

__all__ = ["Hit", "Ranks"]


@dataclass(frozen=True, slots=True)
class Ranks:
    """Where one passage stood in each search: ranks from 1, raw scores; ``None`` where that search missed it.

    ``dense_score`` is a cosine; ``lexical_score`` is BM25, comparable only within one question.
    """

    dense_rank: int | None = None
    dense_score: float | None = None
    lexical_rank: int | None = None
    lexical_score: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found; ``score`` is the fused score, which orders the hits of one question and is no probability."""

    passage: Passage
    score: float
    ranks: Ranks
