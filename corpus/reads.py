"""What is read from a library in other shapes than whole articles and passages."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.errors import LibraryError
from corpus.rows import Row, checksum_of_vector
from corpus.types import Article, Passage, Span

__all__ = ["ArticleSummary", "PassageFields", "fields_of", "is_vector", "read_summaries", "read_vectors"]

PAGE = 1000
MAX_DIMENSION = 65_536


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


def read_summaries(connection: sqlite3.Connection) -> list[ArticleSummary]:
    """All articles in the order they were added."""
    sources: dict[str, list[str]] = {}
    for path, article_id in connection.execute("SELECT path, article_id FROM sources ORDER BY path"):
        sources.setdefault(article_id, []).append(path)
    query = """SELECT id, title, author, publisher, published, url, format, added_at,
        (SELECT count(*) FROM passages WHERE article_id = articles.id) FROM articles ORDER BY number"""
    return [
        ArticleSummary(*(*facts, tuple(sources.get(facts[0], ())), count))
        for *facts, count in connection.execute(query)
    ]


def read_vectors(
    connection: sqlite3.Connection, model_id: str, after: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Ascending rowids (n,) above ``after`` and vectors (n, d) of one model, read straight into one matrix."""
    query = "SELECT number, dimension FROM models WHERE id = ?"
    number, dimension = connection.execute(query, (model_id,)).fetchone() or (None, 0)
    if not isinstance(dimension, int) or not 0 <= dimension <= MAX_DIMENSION:
        raise LibraryError(
            f"the entry of model {model_id!r} is damaged; move the library away and add the articles again"
        )
    query = "SELECT count(*) FROM embeddings WHERE model = ? AND passage > ?"
    (count,) = connection.execute(query, (number, after)).fetchone()
    rowids = np.empty(count, dtype=np.int64)
    vectors = np.empty((count, dimension), dtype=np.float32)
    query = "SELECT passage, vector, crc FROM embeddings WHERE model = ? AND passage > ? ORDER BY passage"
    cursor, start = connection.execute(query, (number, after)), 0
    while rows := cursor.fetchmany(PAGE):
        stop = start + len(rows)
        rowids[start:stop] = [row[0] for row in rows]
        vectors[start:stop] = _matrix(rows, dimension)
        start = stop
    return rowids, vectors


def is_vector(blob: object, rowid: int, dimension: int, checksum: int) -> bool:
    """Whether a stored vector is what was written for this passage."""
    return isinstance(blob, bytes) and len(blob) == 4 * dimension and checksum_of_vector(blob, rowid) == checksum


def _matrix(rows: list[Row], dimension: int) -> NDArray[np.float32]:
    for rowid, blob, crc in rows:
        if not is_vector(blob, rowid, dimension, crc):
            raise LibraryError(f"the vector of passage {rowid} is damaged; remove its article and add it again")
    return np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").reshape(-1, dimension)
