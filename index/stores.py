"""Opens what a library is named by, a folder or the address of a server, with the search that belongs to it."""

from __future__ import annotations

from pathlib import Path

from corpus.library import Library
from corpus.store import Store, is_address
from index.protocol import Embedder, Searcher

__all__ = ["open_store", "searcher_of"]


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
