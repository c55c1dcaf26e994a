"""txtai as one of those measured: its hybrid embeddings index and its extractor on its own questions pipeline.

Its documents call the extractor RAG now. It joins the best passages to one text, reads that once and cuts what the
model cannot take; it says no place, so no citation of it can be checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import torch
from txtai import RAG, Embeddings  # type: ignore[import-not-found]
from txtai.pipeline import Questions, Segmentation  # type: ignore[import-not-found]

from benchmarks.peers.protocol import Document, Reply, Setup

__all__ = ["TxtaiPeer", "open_peer"]


class TxtaiPeer:
    """A hybrid index of paragraphs with their texts, and a questions pipeline over its best three."""

    def __init__(self, setup: Setup) -> None:
        dtype = getattr(torch, setup.dtype)  # else the reader's float16 would be computed in
        self._questions = Questions(setup.reader, gpu=False, dtype=dtype)
        self._embeddings = Embeddings(path=setup.embedder, content=True, hybrid=True, gpu=False)
        self._split = Segmentation(paragraphs=True)
        self._rag = RAG(self._embeddings, self._questions, output="flatten")
        packages = ("txtai", "transformers", "faiss-cpu", "torch")
        self.versions = {package: version(package) for package in packages}

    def index(self, documents: Sequence[Document]) -> None:
        """A new index in the place of the last."""
        paragraphs = [paragraph for document in documents for paragraph in self._split(document.text)]
        if paragraphs:
            self._embeddings.index(paragraphs)

    def answer(self, question: str) -> Reply:
        """Its answer; below its own cut-off of 0.05 it gives none, and no best span either."""
        return _reply(self._rag([question])[0])

    def read(self, question: str, context: str) -> Reply:
        """The questions pipeline's answer from one text."""
        return _reply(self._questions([question], [context])[0])


def open_peer(setup: Setup) -> TxtaiPeer:
    """txtai with its models loaded."""
    return TxtaiPeer(setup)


def _reply(answer: str | None) -> Reply:
    return Reply(answer=answer or None)
