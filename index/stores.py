"""Opens what a library is named by, a folder or the address of a server, with the search that belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from corpus.filters import Filter
from corpus.library import Library
from corpus.store import Store, is_address
from index.protocol import Embedder
from index.types import Hit

__all__ = ["Searcher", "open_store", "searcher_of"]


class Searcher(Protocol):
    """Finds passages of one store; follows changes made by any process, and is safe to use from several threads."""

    def search(
        self, query: str, k: int = 10, *, articles: Iterable[str] | None = None, where: Filter | None = None
    ) -> list[Hit]:
        """The best k passages for ``query``, best first, of those that ``where`` lets through.

        ``articles`` names the only articles to look in, none of them where it is empty. Raises UnknownArticleError
        for one that the store does not hold, InputError for a name in ``where`` that it does not hold.
        """

    def search_many(
        self,
        queries: Sequence[str],
        k: int = 10,
        *,
        articles: Iterable[str] | None = None,
        where: Filter | None = None,
    ) -> list[list[Hit]]:
        """``search`` for several queries."""

    def refresh(self) -> None:
        """Make ready now what the first search would have to wait for."""

    def store(self) -> None:
        """Make what is kept of the indexes of a large store now, as at the end of an add."""


def open_store(library: str | Path, *, create: bool = False) -> Store:
    """Open the library in a folder or at an address such as ``milvus://HOST:PORT/COLLECTION``.

    ``create`` makes a missing one. Raises LibraryError, InputError for what is no address, and MissingExtraError.
    """
    if not is_address(library):
        return Library.open(library, create=create)
    from index.milvus_store import MilvusStore

    return MilvusStore.open(str(library), create=create)


def searcher_of(store: Store, embedder: Embedder) -> Searcher:
    """The search over what ``open_store`` opened."""
    if isinstance(store, Library):
        from index.retriever import Retriever

        return Retriever(store, embedder)
    from index.milvus_retriever import MilvusRetriever
    from index.milvus_store import MilvusStore

    if not isinstance(store, MilvusStore):
        raise TypeError(f"no search is known over a {type(store).__name__}")
    return MilvusRetriever(store, embedder)
