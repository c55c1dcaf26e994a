"""The statements that change a library, each to be run inside one write transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from corpus.errors import LibraryError
from corpus.pages import are_tiled
from corpus.rows import (
    INSERT_ARTICLE,
    INSERT_PASSAGE,
    SELECT_ARTICLES,
    SELECT_PASSAGES,
    article_from_row,
    checksum_of_vector,
    passage_from_row,
    row_from_article,
    row_from_passage,
)
from corpus.types import Article, Passage, Span

__all__ = ["Addition", "delete_article", "release_source", "store_addition", "store_bands", "store_vectors"]

Vectors = NDArray[np.float32]

# The rows of an article follow one another: they are written in one transaction, and no row number is given twice.
LOG_REMOVED = """INSERT INTO removed
    SELECT (SELECT value FROM meta WHERE key = 'generation') + 1, min(rowid), max(rowid)
    FROM passages WHERE article_id = ? HAVING count(*) > 0"""


@dataclass(frozen=True, slots=True)
class Addition:
    """An article to add with its passages and their vectors (n, d).

    ``source`` is the file that it was read from, ``stamp`` what tells whether that file has changed since. ``bands``
    are those of its text (``near_duplicates.band_hashes``); without them it is given them later.
    """

    article: Article
    passages: Sequence[Passage]
    vectors: Vectors
    source: str | None = None
    stamp: str | None = None
    bands: Sequence[int] = ()

    def __post_init__(self) -> None:
        _check_vectors(self.vectors, len(self.passages))
        whole = Span(0, len(self.article.text))
        if not are_tiled(self.article.pages, len(whole)):
            raise LibraryError(f"the pages of article {self.article.id!r} do not cover its text; read its file again")
        for passage in self.passages:
            if passage.article_id != self.article.id:
                raise LibraryError(f"passage {passage.id!r} is not of article {self.article.id!r}; split this article")
            if not all(whole.contains(span) for span in _spans(passage)):
                raise LibraryError(f"passage {passage.id!r} reaches beyond its article; split the article again")


def _spans(passage: Passage) -> list[Span]:
    return [span for span in (passage.span, passage.speaker, passage.section, *passage.sentences) if span is not None]


def _check_vectors(vectors: Vectors, count: int) -> None:
    if vectors.ndim != 2 or len(vectors) != count:
        raise LibraryError(
            f"{count} passages need vectors of shape ({count}, d), not {vectors.shape}; embed them again"
        )
    if not np.isfinite(vectors).all():
        raise LibraryError("a vector holds NaN or infinity; embed the passages again")


def store_addition(connection: sqlite3.Connection, addition: Addition, model_id: str) -> bool:
    """Add one article with its passages and vectors; ``False`` where all of it is already there.

    An article that is stored otherwise (another splitting, other facts from the only file it came from) is replaced.
    When the source held another article before, that one goes, unless a second source holds it too.
    """
    article = addition.article
    stored = _read_article(connection, article.id)
    if stored is None:
        _insert(connection, addition, model_id)
        changed = True
    elif _is_outdated(connection, stored, addition):
        query = "SELECT path, article_id, stamp FROM sources WHERE article_id = ?"
        sources = connection.execute(query, (article.id,)).fetchall()
        delete_article(connection, article.id)
        _insert(connection, addition, model_id)
        connection.executemany("INSERT INTO sources (path, article_id, stamp) VALUES (?, ?, ?)", sources)
        changed = True
    else:
        rowids = _rowids_without_vector(connection, article.id, model_id)
        wanted = [position for position, rowid in enumerate(rowids) if rowid is not None]
        present = [rowid for rowid in rowids if rowid is not None]
        changed = store_vectors(connection, present, addition.vectors[wanted], model_id) > 0
    if addition.source is not None:
        changed |= _claim_source(connection, addition.source, addition.stamp, article.id)
    return changed


def delete_article(connection: sqlite3.Connection, article_id: str) -> bool:
    """Remove an article with its passages, vectors and sources, and log the rows that go; whether there was one."""
    connection.execute(LOG_REMOVED, (article_id,))
    return connection.execute("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount > 0


def release_source(connection: sqlite3.Connection, source: str) -> bool:
    """Forget that a file held an article; whether that removed the article, which no other file holds."""
    query = "DELETE FROM sources WHERE path = ? RETURNING article_id"
    rows = connection.execute(query, (source,)).fetchall()
    return any(
        not _sources(connection, article_id) and delete_article(connection, article_id) for (article_id,) in rows
    )


def store_bands(connection: sqlite3.Connection, article_id: str, bands: Iterable[int]) -> None:
    """Store what near-duplicates of an article share with it; nothing happens where the article is gone."""
    query = "INSERT OR IGNORE INTO bands SELECT ?, number FROM articles WHERE id = ?"
    connection.executemany(query, [(band, article_id) for band in bands])


def store_vectors(connection: sqlite3.Connection, rowids: Iterable[int], vectors: Vectors, model_id: str) -> int:
    """Store a vector for each passage that exists and has none of this model; how many were stored."""
    rowids = list(rowids)
    _check_vectors(vectors, len(rowids))
    if not rowids:
        return 0
    model = _number_of_model(connection, model_id, vectors.shape[1])
    blobs = [row.astype("<f4").tobytes() for row in vectors]
    # A passage may have been removed while its vector was being computed: SELECT skips it.
    return connection.executemany(
        "INSERT OR IGNORE INTO embeddings SELECT ?, rowid, ?, ? FROM passages WHERE rowid = ?",
        [
            (model, blob, checksum_of_vector(blob, int(rowid)), int(rowid))
            for rowid, blob in zip(rowids, blobs, strict=True)
        ],
    ).rowcount


def _number_of_model(connection: sqlite3.Connection, model_id: str, dimension: int) -> int:
    connection.execute("INSERT OR IGNORE INTO models (id, dimension) VALUES (?, ?)", (model_id, dimension))
    number, stored = connection.execute("SELECT number, dimension FROM models WHERE id = ?", (model_id,)).fetchone()
    if stored != dimension:
        raise LibraryError(
            f"model {model_id!r} has vectors of {stored} numbers here, not {dimension}; use its own name"
        )
    return int(number)


def _insert(connection: sqlite3.Connection, addition: Addition, model_id: str) -> None:
    row = (*row_from_article(addition.article), datetime.now(UTC).isoformat(timespec="seconds"))
    connection.execute(INSERT_ARTICLE, row)
    rowids = []
    for passage in addition.passages:
        try:
            cursor = connection.execute(INSERT_PASSAGE, row_from_passage(passage))
        except sqlite3.IntegrityError as error:
            raise LibraryError(f"passage id {passage.id!r} is used twice; give each passage its own id") from error
        rowids.append(int(cursor.lastrowid or 0))
    store_vectors(connection, rowids, addition.vectors, model_id)
    store_bands(connection, addition.article.id, addition.bands)


def _read_article(connection: sqlite3.Connection, article_id: str) -> Article | None:
    row = connection.execute(SELECT_ARTICLES + "WHERE id = ?", (article_id,)).fetchone()
    return None if row is None else article_from_row(row)


def _is_outdated(connection: sqlite3.Connection, stored: Article, addition: Addition) -> bool:
    query = SELECT_PASSAGES + "WHERE article_id = ? ORDER BY rowid"
    passages = [passage_from_row(row) for row in connection.execute(query, (stored.id,))]
    if passages != list(addition.passages):
        return True
    # Two files may hold one text with different facts: the first one's stay, or the two would replace each other
    # at every run.
    only_source = _sources(connection, stored.id) == [source for source in [addition.source] if source is not None]
    return only_source and stored != addition.article


def _rowids_without_vector(connection: sqlite3.Connection, article_id: str, model_id: str) -> list[int | None]:
    """The article's rowids in order, ``None`` in place of each that has a vector of this model."""
    query = """SELECT iif(e.passage IS NULL, p.rowid, NULL) FROM passages p
        LEFT JOIN embeddings e ON e.passage = p.rowid AND e.model = (SELECT number FROM models WHERE id = ?)
        WHERE p.article_id = ? ORDER BY p.rowid"""
    return [rowid for (rowid,) in connection.execute(query, (model_id, article_id))]


def _sources(connection: sqlite3.Connection, article_id: str) -> list[str]:
    query = "SELECT path FROM sources WHERE article_id = ? ORDER BY path"
    return [path for (path,) in connection.execute(query, (article_id,))]


def _claim_source(connection: sqlite3.Connection, source: str, stamp: str | None, article_id: str) -> bool:
    """Note that ``source`` now holds this article; whether that removed the article it held before."""
    row = connection.execute("SELECT article_id, stamp FROM sources WHERE path = ?", (source,)).fetchone()
    if row == (article_id, stamp):
        return False
    query = "INSERT OR REPLACE INTO sources (path, article_id, stamp) VALUES (?, ?, ?)"
    connection.execute(query, (source, article_id, stamp))
    if row is None or row[0] == article_id:
        return False
    return not _sources(connection, row[0]) and delete_article(connection, row[0])
