"""Articles on Milvus: the same store as a library in a folder, on a server that many machines use.

What differs from the embedded library, as Milvus has no transactions: ``add_many`` makes each article be there as a
whole, but not all of them at one moment; a snapshot keeps the articles that were found in it, not the whole state. See
docs/milvus.md.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from corpus.closing import Closing
from corpus.errors import LibraryError, UnknownArticleError
from corpus.reads import ArticleSummary
from corpus.types import Article, Passage
from corpus.writes import Addition
from index.milvus_address import MilvusAddress
from index.milvus_catalogue import MilvusCatalogue, read_catalogue
from index.milvus_check import find_problems
from index.milvus_client import Connection
from index.milvus_layout import key_of, records_layout
from index.milvus_recognition import MilvusRecognition
from index.milvus_records import Head, Records
from index.milvus_rows import passage_from
from index.milvus_writes import Writer

__all__ = ["MilvusStore"]

FORMAT = 1
TRIES = 3


class MilvusStore(MilvusRecognition, Closing):
    """The articles of one collection; safe to use from several threads, processes and machines.

    ``passages`` and ``records`` are what a search looks at.
    """

    def __init__(self, connection: Connection) -> None:
        collection = connection.address.collection
        self.connection = connection
        self.passages = f"{collection}_passages"
        self.records = Records(connection, f"{collection}_records")
        self.uuid = ""
        self.writer = Writer(self.records, self.passages)
        self._pinned = threading.local()
        self._catalogue: tuple[int, MilvusCatalogue] | None = None
        self._model: tuple[str, int] | None = None

    @classmethod
    def open(cls, address: str | MilvusAddress, *, create: bool = False) -> Self:
        """Open the collection at an address; ``create`` makes a missing one.

        Raises LibraryError where there is none or the server does not answer, InputError for what is no address, and
        MissingExtraError where pymilvus is not installed.
        """
        place = MilvusAddress.parse(address) if isinstance(address, str) else address
        store = cls(Connection(place))
        try:
            store._identify(create=create)
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Close the connection; later use raises LibraryError."""
        self.connection.close()

    def release(self) -> None:
        """Nothing: threads share one connection."""

    @property
    def place(self) -> str:
        """The address, without a password."""
        return str(self.connection.address)

    @property
    def read_only(self) -> bool:
        """Never known beforehand: a server that refuses a change says so then."""
        return False

    @property
    def generation(self) -> int:
        """A number that every change raises: the time of the last, in ns; 0 where there was none."""
        return int(self.records.fact("generation") or 0)

    @property
    def model(self) -> tuple[str, int] | None:
        """The model of the vectors and how many numbers they have; ``None`` as long as there are none."""
        if self._model is None and (stored := self.records.fact("model")) is not None:
            self._model = str(stored[0]), int(stored[1])
        return self._model

    @contextmanager
    def snapshot(self) -> Iterator[Self]:
        """Inside the block this thread finds the articles of the passages it found, whoever removes them meanwhile."""
        outer = getattr(self._pinned, "articles", None)
        self._pinned.articles = {} if outer is None else outer
        try:
            yield self
        finally:
            self._pinned.articles = outer

    def pin(self, revisions: Mapping[str, str]) -> bool:
        """Keep these articles, revisions by key, until this thread's snapshot ends; whether all are still there.

        Outside a snapshot nothing is read or kept.
        """
        pinned: dict[str, Article] | None = getattr(self._pinned, "articles", None)
        if pinned is None:
            return True
        heads = self.records.heads(revisions)
        articles = self.records.articles(head for key, head in heads.items() if head.revision == revisions[key])
        pinned.update(articles)
        return articles.keys() >= revisions.keys()

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

        A ``source`` that held another article before has it replaced: for a moment both are there, never neither.
        """
        return self.add_many([Addition(article, passages, vectors, source)], model_id=model_id)[0]

    def add_many(self, additions: Iterable[Addition], *, model_id: str) -> list[bool]:
        """``add`` for several articles: each is there as a whole or not at all, all of them when this returns.

        After an error, adding the same again completes it. Raises LibraryError before the first change where an
        article cannot be stored or the vectors here are of another model.
        """
        return self.writer.add_many(list(additions), model_id)

    def remove(self, article_id: str) -> None:
        """Remove an article with its passages and vectors; raises UnknownArticleError."""
        if not self.writer.remove([key_of(article_id)]):
            raise _unknown(article_id)

    def repair(self) -> int:
        """Delete what interrupted changes have left, also of the last hour; to be run while nobody else writes."""
        return self.writer.finish_interrupted(0.0)

    def article(self, article_id: str) -> Article:
        """One article with its text and turns; raises UnknownArticleError."""
        key = key_of(article_id)
        pinned: dict[str, Article] = getattr(self._pinned, "articles", None) or {}
        if key in pinned:
            return pinned[key]
        for _ in range(TRIES):  # it may be replaced between the two reads
            heads = self.records.heads([key])
            if key not in heads:
                raise _unknown(article_id)
            found = self.records.articles(heads.values())
            if key in found:
                return found[key]
        raise LibraryError(f"the stored article {article_id!r} is damaged; remove it and add it again")

    def articles(self) -> list[ArticleSummary]:
        """All articles in the order they were added, by the clocks of those who added them."""
        sources = self.records.all_sources()
        return [_summary(head, sources.get(head.article, [])) for head in self.records.all_heads()]

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of one article in the order they were added; raises UnknownArticleError."""
        heads = self.records.heads([key_of(article_id)])
        if not heads:
            raise _unknown(article_id)
        (head,) = heads.values()
        if not head.facts["passages"]:
            return []
        rows = self.connection.scan(self.passages, f'revision == "{head.revision}"', ["id", "record"])
        return [passage_from(row["record"]) for row in rows]

    def count_passages(self) -> int:
        """The number of passages of the articles that are there; takes time in proportion to their number."""
        return sum(head.facts["passages"] for head in self.records.all_heads())

    def catalogue(self) -> MilvusCatalogue:
        """What the articles can be chosen by; read again after each change."""
        generation, made = self.generation, self._catalogue
        if made is None or made[0] != generation:
            self._catalogue = made = generation, read_catalogue(self.records)
        return made[1]

    def check(self) -> list[str]:
        """What is damaged, one line a problem; an empty list where all is well."""
        return list(find_problems(self.records, self.passages if self.model is not None else None))

    def _identify(self, *, create: bool) -> None:
        identity = self._stored_identity(create)
        if identity is None and create:
            self.connection.create(self.records.collection, records_layout())
            self.records.store_fact("identity", {"format": FORMAT, "uuid": uuid.uuid4().hex})
            identity = self.records.fact("identity")  # another process may have been a moment later
        if identity is None:
            raise LibraryError(f"library {self.place}: there is none; add an article to create it, or name another")
        if identity["format"] > FORMAT:
            kept = identity["format"]
            raise LibraryError(f"library {self.place}: it has format {kept}, not {FORMAT}; install a newer release")
        self.uuid = str(identity["uuid"])

    def _stored_identity(self, create: bool) -> dict[str, Any] | None:
        """What the store says of itself; ``None`` where there is none, or one whose making was interrupted."""
        if not self.connection.has(self.records.collection):
            return None
        try:
            found: dict[str, Any] | None = self.records.fact("identity")
        except LibraryError:
            if not create:  # else the collection may lack its index, which is made up for
                raise
            return None
        return found


def _summary(head: Head, sources: Sequence[str]) -> ArticleSummary:
    facts = head.facts
    return ArticleSummary(
        facts["id"],
        facts["title"],
        facts["author"],
        facts["publisher"],
        facts["published"],
        facts["url"],
        facts["format"],
        datetime.fromtimestamp(head.added // 1_000_000_000, UTC).isoformat(timespec="seconds"),
        tuple(sources),
        int(facts["passages"]),
    )


def _unknown(article_id: str) -> UnknownArticleError:
    return UnknownArticleError(f"no article {article_id!r} in this library; list the articles to see their ids")
