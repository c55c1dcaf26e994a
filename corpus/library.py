"""A library: a folder whose database holds articles, their passages and the passages' vectors.

``library.db`` is the only truth; every index beside it can be made again from it. Each change is one transaction,
so a process killed at any moment leaves the state before it or the state after it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus import schema
from corpus.catalogue import Catalogue, Entry, Heard, read_catalogue, read_heard
from corpus.closing import Closing
from corpus.connections import Connections
from corpus.derived import drop_lost
from corpus.errors import LibraryError, UnknownArticleError
from corpus.integrity import find_problems
from corpus.opening import prepare, refuse_unfit
from corpus.reads import ArticleSummary, PassageFields, Summaries, fields_of, read_summaries
from corpus.recognition import Held, Recognition
from corpus.rows import SELECT_ARTICLES, SELECT_PASSAGES, Row, article_from_row, passage_from_row
from corpus.types import Article, Passage
from corpus.vectors import VectorTable, read_vectors
from corpus.writes import Addition, delete_article, store_addition, store_vectors

__all__ = ["Addition", "ArticleSummary", "Held", "Library", "PassageFields"]

Value = TypeVar("Value", int, str)

OF_ROWIDS = "WHERE rowid IN (SELECT value FROM json_each(?))"
PAGE = 500  # rows read at a time


class Library(Recognition, Closing):
    """The articles in one folder; safe to use from several threads and processes.

    >>> with Library.open(folder, create=True) as library:  # doctest: +SKIP
    ...     library.add(article, passages, vectors, model_id="all-MiniLM-L6-v2")
    True
    """

    def __init__(self, folder: Path, connections: Connections) -> None:
        self.path = folder
        self._connections = connections
        self._catalogue: Catalogue | None = None
        self._summaries: Summaries | None = None
        self.uuid = self._meta("uuid", str)

    @classmethod
    def open(cls, path: str | Path, *, create: bool = False) -> Self:
        """Open the library in folder ``path``; ``create`` makes a missing one.

        One of an older format that may be written is brought up to this one first.
        Raises LibraryError where the folder is missing or not a folder, the file is not a library, of a newer
        format, damaged, or may not be read.
        """
        folder = Path(path)
        file = folder / schema.FILE_NAME
        try:
            read_only = prepare(folder, file, create=create)
            if not read_only:
                with schema.explaining(file):
                    schema.upgrade(file)
        except OSError as error:
            raise LibraryError(f"library {folder}: {error.strerror or error}; name a folder you may use") from error
        connections = Connections(file, read_only=read_only)
        try:
            refuse_unfit(connections)
            library = cls(folder, connections)
            if not read_only:
                drop_lost(folder, lambda: library.generation)
        except BaseException:
            connections.close()
            raise
        return library

    def close(self) -> None:
        """Close the files; later use raises LibraryError."""
        self._connections.close()

    def release(self) -> None:
        """Close the files that this thread has open until it uses the library again: for who holds many libraries."""
        self._connections.release()

    @property
    def place(self) -> str:
        """The folder, in words for messages."""
        return str(self.path)

    @property
    def read_only(self) -> bool:
        """Whether the folder or its database may only be read."""
        return self._connections.read_only

    @property
    def generation(self) -> int:
        """A number that every change raises, by any process."""
        return self._meta("generation", int)

    @contextmanager
    def snapshot(self) -> Iterator[Self]:
        """Inside the block this thread reads one state of the library, whatever others write meanwhile."""
        with self._connections.reading():
            self._meta("generation", int)  # the first read, not BEGIN, chooses the state
            yield self

    def add(
        self,
        article: Article,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
        *,
        model_id: str,
        source: str | None = None,
    ) -> bool:
        """Add an article with the vectors (n, d) of its n passages; ``False`` where all of it is already there.

        The same article with a new ``model_id`` gains only vectors. A ``source`` that held another article before
        has it replaced, in the same transaction.
        """
        return self.add_many([Addition(article, passages, vectors, source)], model_id=model_id)[0]

    def add_many(self, additions: Iterable[Addition], *, model_id: str) -> list[bool]:
        """``add`` for several articles in one transaction: all of them or, on an error, none."""
        ready = list(additions)  # whatever computes them runs before the write lock is taken
        with self._connections.writing() as connection:
            return [store_addition(connection, addition, model_id) for addition in ready]

    def add_vectors(self, rowids: Sequence[int], vectors: NDArray[np.float32], *, model_id: str) -> int:
        """Store vectors (n, d) for passages that lack them; how many were stored (a passage removed since is not)."""
        with self._connections.writing() as connection:
            return store_vectors(connection, rowids, vectors, model_id)

    def remove(self, article_id: str) -> None:
        """Remove an article with its passages and vectors; raises UnknownArticleError."""
        with self._connections.writing() as connection:
            if not delete_article(connection, article_id):
                raise _unknown(article_id)

    def article(self, article_id: str) -> Article:
        """One article with its text and turns; raises UnknownArticleError."""
        rows = self._select(SELECT_ARTICLES + "WHERE id = ?", article_id)
        if not rows:
            raise _unknown(article_id)
        return article_from_row(rows[0])

    def articles(self) -> list[ArticleSummary]:
        """All articles in the order they were added."""
        with self._connections.reading() as connection:
            made = read_summaries(connection, self.generation, self._summaries)
            self._summaries = made  # two threads may both make them: no harm is done
            return list(made.articles)

    def rowids(self, article_ids: Iterable[str] | None = None) -> NDArray[np.int64]:
        """The ascending rowids of all passages, or of those of some articles; raises UnknownArticleError."""
        if article_ids is None:
            found = [rowid for (rowid,) in self._select("SELECT rowid FROM passages ORDER BY rowid")]
            return np.array(found, dtype=np.int64)
        found = []
        with self.snapshot():
            for article_id in set(article_ids):
                if not self._select("SELECT 1 FROM articles WHERE id = ?", article_id):
                    raise _unknown(article_id)
                query = "SELECT rowid FROM passages WHERE article_id = ?"
                found += [rowid for (rowid,) in self._select(query, article_id)]
        return np.array(sorted(found), dtype=np.int64)

    def count_passages(self) -> int:
        """The number of passages."""
        return int(self._select("SELECT count(*) FROM passages")[0][0])

    def removed_since(self, generation: int) -> NDArray[np.int64]:
        """The first and last rowids (m, 2) of the passages that went after this generation, each row one article.

        With the rows above its last one, this brings what was made from an earlier state up to date.
        """
        query = "SELECT first, last FROM removed WHERE generation > ? ORDER BY first"
        return np.array(self._select(query, generation), dtype=np.int64).reshape(-1, 2)

    def catalogue(self) -> Catalogue:
        """What the articles can be chosen by; made once for each state of the library."""
        with self._connections.reading() as connection:
            made = read_catalogue(connection, self.generation, self._listen, self._catalogue)
            self._catalogue = made  # two threads may both make it: no harm is done
            return made

    def _listen(self, entries: Sequence[Entry]) -> dict[str, Heard]:
        with self._connections.reading() as connection:
            return read_heard(connection, entries)

    def passages(self, rowids: Sequence[int] | NDArray[np.int64]) -> list[Passage]:
        """The passages of these rowids, in this order; raises LibraryError where one is gone."""
        wanted = [int(rowid) for rowid in rowids]
        rows = self._select(SELECT_PASSAGES + OF_ROWIDS, json.dumps(wanted))
        found = {row[-1]: passage_from_row(row) for row in rows}
        missing = next((rowid for rowid in wanted if rowid not in found), None)
        if missing is not None:
            raise LibraryError(f"library {self.path}: passage {missing} was removed; search again")
        return [found[rowid] for rowid in wanted]

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of one article in the order they were added; raises UnknownArticleError."""
        with self.snapshot():
            return self.passages(self.rowids([article_id]))

    def iter_passages(self, batch: int = PAGE, *, after: int = 0) -> Iterator[tuple[int, Passage]]:
        """All passages with rowids above ``after``, ascending, read ``batch`` at a time.

        They are of one state only inside ``snapshot``.
        """
        last = after
        while rows := self._select(SELECT_PASSAGES + "WHERE rowid > ? ORDER BY rowid LIMIT ?", last, batch):
            yield from ((row[-1], passage_from_row(row)) for row in rows)
            last = rows[-1][-1]

    def passage_fields(
        self, rowids: Sequence[int] | NDArray[np.int64] | None = None, *, after: int = 0
    ) -> Iterator[PassageFields]:
        """What each passage is found by, for all with rowids above ``after`` or for some in the order given."""
        pairs = (
            self.iter_passages(after=after)
            if rowids is None
            else zip(map(int, rowids), self.passages(rowids), strict=True)
        )
        article: Article | None = None
        for rowid, passage in pairs:
            if article is None or article.id != passage.article_id:
                article = self.article(passage.article_id)
            yield fields_of(rowid, passage, article)

    def passage_texts(self, rowids: Sequence[int] | NDArray[np.int64] | None = None) -> Iterator[tuple[int, str]]:
        """Rowid and text of all passages ascending, or of some in the order given."""
        return ((fields.rowid, fields.text) for fields in self.passage_fields(rowids))

    def vectors(self, model_id: str, *, after: int = 0) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Ascending rowids (n,) above ``after`` and vectors (n, d) of one model; (0,) and (0, 0) where it has none."""
        with self._connections.reading() as connection:
            return read_vectors(connection, model_id, after)

    def vector_table(self, model_id: str) -> VectorTable:
        """Reads the vectors of one model where all of them at once are too many: some, in blocks, or their number."""
        return VectorTable(self._connections, model_id)

    def missing_embeddings(self, model_id: str) -> list[int]:
        """The ascending rowids of passages without a vector of this model."""
        query = """SELECT p.rowid FROM passages p LEFT JOIN embeddings e
            ON e.passage = p.rowid AND e.model = (SELECT number FROM models WHERE id = ?)
            WHERE e.passage IS NULL ORDER BY p.rowid"""
        return [rowid for (rowid,) in self._select(query, model_id)]

    def check(self) -> list[str]:
        """What is damaged in the database, one line a problem; an empty list where all is well."""
        with self._connections.reading() as connection:
            return find_problems(connection)

    def _select(self, query: str, *values: object) -> list[Row]:
        with self._connections.reading() as connection:
            return connection.execute(query, values).fetchall()

    def _meta(self, key: str, kind: type[Value]) -> Value:
        rows = self._select("SELECT value FROM meta WHERE key = ?", key)
        value: object = rows[0][0] if rows else None
        if not isinstance(value, kind):
            raise LibraryError(f"library {self.path}: its {key} is damaged; move it away and add the articles again")
        return value


def _unknown(article_id: str) -> UnknownArticleError:
    return UnknownArticleError(f"no article {article_id!r} in this library; list the articles to see their ids")
