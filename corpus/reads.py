"""What is read from a library in other shapes than whole articles and passages."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from corpus.types import Article, Passage, Span

__all__ = ["ArticleSummary", "PassageFields", "Summaries", "fields_of", "read_summaries"]


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """What a list of articles shows; ``added_at`` is UTC in ISO 8601, ``sources`` the files it was read from."""

    id: str
    title: str | None
    author: str | None
    publisher: str | None
    published: str | None
    url: str | None
    format: str
    added_at: str
    sources: tuple[str, ...]
    passages: int


@dataclass(frozen=True, slots=True)
class PassageFields:
    """The words a passage is found by: its own text, and those that stand elsewhere in its article ("" if none)."""

    rowid: int
    article_id: str
    text: str
    title: str
    speaker: str
    section: str


def fields_of(rowid: int, passage: Passage, article: Article) -> PassageFields:
    """The words that one passage of ``article`` is found by."""
    return PassageFields(
        rowid,
        article.id,
        passage.span.of(article.text),
        article.title or "",
        _words(passage.speaker, article),
        _words(passage.section, article),
    )


def _words(span: Span | None, article: Article) -> str:
    return "" if span is None else span.of(article.text)


@dataclass(frozen=True, slots=True)
class Summaries:
    """All articles of one state of a library, in the order they were added."""

    generation: int
    articles: tuple[ArticleSummary, ...]


def read_summaries(connection: sqlite3.Connection, generation: int, previous: Summaries | None = None) -> Summaries:
    """The articles of the state that ``connection`` reads; ``previous``, those of any state, where it is the same."""
    if previous is not None and previous.generation == generation:
        return previous
    sources: dict[str, list[str]] = {}
    for path, article_id in connection.execute("SELECT path, article_id FROM sources ORDER BY path"):
        sources.setdefault(article_id, []).append(path)
    counts = dict(connection.execute("SELECT article_id, count(*) FROM passages GROUP BY article_id"))
    query = "SELECT id, title, author, publisher, published, url, format, added_at FROM articles ORDER BY number"
    found = [
        ArticleSummary(*(*facts, tuple(sources.get(facts[0], ())), counts.get(facts[0], 0)))
        for facts in connection.execute(query)
    ]
    return Summaries(generation, tuple(found))
