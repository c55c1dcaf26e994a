"""What a reader may choose to look in, what was chosen, and the filter that this makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from corpus.errors import InputError
from corpus.facets import Facet
from corpus.filters import Filter
from qa.engine import Engine
from qa.inert import shortened

__all__ = ["Choices", "Offers", "chosen", "filter_of", "offers"]

OFFERED = 1_000
"""Names in one menu; a longer list is of no use in a page."""

Offers = list[tuple[str, str]]
"""What a menu shows and what it stands for, in the order shown."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader chose to look in, as the page sends it."""

    articles: Sequence[str] = ()
    publishers: Sequence[str] = ()
    speakers: Sequence[str] = ()
    since: str | None = None
    until: str | None = None


def filter_of(choices: Choices) -> Filter | None:
    """The filter of the choices, ``None`` where nothing was chosen; ``InputError`` for a date that is none."""
    where = Filter(
        articles=frozenset(choices.articles or ()),
        publishers=frozenset(choices.publishers or ()),
        speakers=frozenset(choices.speakers or ()),
        since=_day("From", choices.since),
        until=_day("To", choices.until),
    )
    return None if where.is_empty else where


def chosen(choices: Choices) -> str:
    """The choices in words, "" for none.

    >>> chosen(Choices(articles=["a"], since="2020-05-01"))
    '1 article, from 2020-05-01'
    """
    counts = ((choices.articles, "article"), (choices.publishers, "publisher"), (choices.speakers, "speaker"))
    parts = [f"{len(some)} {noun}{'s'[: len(some) != 1]}" for some, noun in counts if some]
    parts += [f"{name} {day}" for name, day in (("from", choices.since), ("to", choices.until)) if day and day.strip()]
    return ", ".join(parts)


def offers(engine: Engine) -> tuple[Offers, Offers, Offers]:
    """The articles (by title, for their ids), publishers and speakers that a library can be narrowed to."""
    facets = engine.facets()
    articles = [(_named(article.title, article.publisher), article.id) for article in engine.articles()[-OFFERED:]]
    return articles, _offers(facets.publishers), _offers(facets.speakers)


def _offers(facets: Iterable[Facet]) -> Offers:
    return [(f"{facet.name} ({facet.articles})", facet.name) for facet in list(facets)[:OFFERED]]


def _named(title: str | None, publisher: str | None) -> str:
    name = shortened(title or "Without a title", 90)
    return f"{name} ({shortened(publisher, 60)})" if publisher else name


def _day(name: str, value: str | None) -> date | None:
    if value is None or not value.strip():
        return None
    try:
        return datetime.fromisoformat(value.strip()).date()
    except ValueError:
        raise InputError(f"“{name}” is not a date: {shortened(value, 40)}; write it as in 2021-05-31") from None
