"""What a library can be filtered by, with how much there is of each: what a menu of choices shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["Facet", "Facets"]


@dataclass(frozen=True, slots=True)
class Facet:
    """One choice: a name as the articles most often write it, in how many articles and passages it holds."""

    name: str
    articles: int
    passages: int


@dataclass(frozen=True, slots=True)
class Facets:
    """All choices that a library offers, the most passages first.

    ``first`` and ``last`` are the earliest and the latest date of an article; ``undated`` counts the articles that
    have none, which no range of dates holds.
    """

    publishers: tuple[Facet, ...]
    speakers: tuple[Facet, ...]
    first: date | None
    last: date | None
    articles: int
    undated: int
