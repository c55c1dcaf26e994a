"""This project as one of those measured: the engine over a library in a temporary folder."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.peers.protocol import Document, Reply, Setup
from corpus.article import article_from_text
from corpus.errors import QAError
from corpus.files import ReadFailure
from qa.engine import Engine
from qa.types import Answer

__all__ = ["Ours", "open_peer"]


class Ours:
    """The engine with its own choice of arithmetic and the files' sidecars, as a user runs it."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._engine: Engine | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.versions = {package: version(package) for package in ("torch", "faiss-cpu", "tantivy")}

    def index(self, documents: Sequence[Document]) -> None:
        """A new library; the models of the last one are kept, as a running program keeps them."""
        last = self._engine
        folder = tempfile.TemporaryDirectory(prefix="bench-")
        engine = Engine.open(Path(folder.name) / "library", create=True, reader=self._setup.reader)
        if last is not None:
            engine.embedder, engine.asker = last.embedder, last.asker
            last.close()
        for document in documents:
            _add(engine, document)
        engine.retriever.refresh()
        self._engine, self._folder = engine, folder

    def answer(self, question: str) -> Reply:
        """The engine's answer; ``QAError`` where nothing is indexed."""
        return _reply(self._opened().answer(question, top_k=self._setup.top_k))

    def read(self, question: str, context: str) -> Reply:
        """The reader's answer from one text."""
        return _reply(self._opened().answer_context(question, context))

    def _opened(self) -> Engine:
        if self._engine is None:
            raise QAError("nothing is indexed; index some documents, or none, first")
        return self._engine


def open_peer(setup: Setup) -> Ours:
    """This project, with its models loaded."""
    ours = Ours(setup)
    ours.index([])
    ours.read("Where is it?", "It is here.")
    return ours


def _add(engine: Engine, document: Document) -> None:
    if document.path is None:
        engine.add_article(article_from_text(document.text, clean=False))
        return
    for found in engine.add(document.path):
        if isinstance(found, ReadFailure):
            raise QAError(f"cannot index {document.path}: {found.message}")


def _reply(answer: Answer) -> Reply:
    best = answer.alternatives[0].text if answer.alternatives else None
    if not answer.citations:
        return Reply(answer=answer.text, best=best)
    first = answer.citations[0]
    return Reply(answer.text, best, first.article_id, first.start, first.end)
