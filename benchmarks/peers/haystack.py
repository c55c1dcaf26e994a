"""Haystack as one of those measured: its splitter, in-memory store, hybrid retrieval and extractive reader.

Wired as its tutorials on extractive question answering and on hybrid retrieval do it, at the components' own
defaults; docs/benchmarks.md lists what was set.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import torch
from haystack import Document as Piece  # type: ignore[import-not-found]
from haystack import Pipeline
from haystack.components.joiners import DocumentJoiner  # type: ignore[import-not-found]
from haystack.components.preprocessors import DocumentSplitter  # type: ignore[import-not-found]
from haystack.components.retrievers.in_memory import (  # type: ignore[import-not-found]
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.components.writers import DocumentWriter  # type: ignore[import-not-found]
from haystack.document_stores.in_memory import InMemoryDocumentStore  # type: ignore[import-not-found]
from haystack_integrations.components.embedders.sentence_transformers import (  # type: ignore[import-not-found]
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.readers.transformers import (  # type: ignore[import-not-found]
    TransformersExtractiveReader,
)

from benchmarks.peers.protocol import Document, Reply, Setup

__all__ = ["HaystackPeer", "open_peer"]


class HaystackPeer:
    """An indexing and an asking pipeline over one in-memory store; the reader also works alone."""

    def __init__(self, setup: Setup) -> None:
        self.reader = TransformersExtractiveReader(model=setup.reader, model_kwargs=_arithmetic(setup))
        self.reader.warm_up()
        self._store = InMemoryDocumentStore()
        self._indexing = _indexing(setup, self._store)
        self._asking = _asking(setup, self._store, self.reader)
        packages = ("haystack-ai", "transformers-haystack", "transformers", "sentence-transformers", "torch")
        self.versions = {package: version(package) for package in packages}

    def index(self, documents: Sequence[Document]) -> None:
        """The store emptied and filled anew."""
        self._store.delete_all_documents()
        if documents:
            pieces = [Piece(content=document.text, meta={"article": document.id}) for document in documents]
            self._indexing.run({"splitter": {"documents": pieces}})

    def answer(self, question: str) -> Reply:
        """The reader's first answer over the retrieved pieces; its no-answer in first place is declining."""
        given = {"text": {"text": question}, "words": {"query": question}, "reader": {"query": question}}
        return _reply(self._asking.run(given)["reader"]["answers"])

    def read(self, question: str, context: str) -> Reply:
        """The reader's first answer over one text."""
        piece = Piece(content=context, meta={"article": "context", "split_idx_start": 0})
        return _reply(self.reader.run(query=question, documents=[piece])["answers"])


def open_peer(setup: Setup) -> HaystackPeer:
    """Haystack with its models loaded."""
    return HaystackPeer(setup)


def _arithmetic(setup: Setup) -> dict[str, Any]:
    return {"dtype": getattr(torch, setup.dtype)}  # else the reader's float16 would be computed in


def _indexing(setup: Setup, store: Any) -> Any:
    embedder = SentenceTransformersDocumentEmbedder(
        model=setup.embedder, progress_bar=False, model_kwargs=_arithmetic(setup)
    )
    pipeline = Pipeline()
    pipeline.add_component("splitter", DocumentSplitter())
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("writer", DocumentWriter(document_store=store))
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    pipeline.warm_up()
    return pipeline


def _asking(setup: Setup, store: Any, reader: Any) -> Any:
    embedder = SentenceTransformersTextEmbedder(
        model=setup.embedder, progress_bar=False, model_kwargs=_arithmetic(setup)
    )
    pipeline = Pipeline()
    pipeline.add_component("text", embedder)
    pipeline.add_component("near", InMemoryEmbeddingRetriever(document_store=store, top_k=setup.top_k))
    pipeline.add_component("words", InMemoryBM25Retriever(document_store=store, top_k=setup.top_k))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=setup.top_k))
    pipeline.add_component("reader", reader)
    pipeline.connect("text.embedding", "near.query_embedding")
    pipeline.connect("near", "joiner")
    pipeline.connect("words", "joiner")
    pipeline.connect("joiner", "reader.documents")
    pipeline.warm_up()
    return pipeline


def _reply(answers: Sequence[Any]) -> Reply:
    spans = [answer for answer in answers if answer.data is not None]
    best = spans[0].data if spans else None
    if not answers or answers[0].data is None:
        return Reply(answer=None, best=best)
    first = spans[0]
    shift = first.document.meta["split_idx_start"]
    span = first.document_offset
    return Reply(first.data, best, first.document.meta["article"], shift + span.start, shift + span.end)
