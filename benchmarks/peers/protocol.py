"""What a question answering project must do to be measured, in plain types that travel as JSON between processes.

Nothing here or in ``child`` imports anything of this project or outside the standard library: each peer runs in an
environment of its own, and what is measured there must be the peer alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["Document", "Peer", "Reply", "Setup"]


@dataclass(frozen=True, slots=True)
class Document:
    """An article: its text, and the file it was read from, where there is one."""

    id: str
    text: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What every project gets: the folders of the two models, how much to read for a question, how many threads.

    ``dtype`` ("float32", "bfloat16") is the peers' arithmetic; ours chooses its own.
    """

    reader: str
    embedder: str
    top_k: int = 8
    threads: int = 1
    dtype: str = "float32"

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Setup:
        """Read back what ``dataclasses.asdict`` wrote."""
        return cls(**raw)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a project says to one question.

    ``answer`` is ``None`` where it declines; ``best`` is its best span all the same, ``None`` where it tells none.
    ``document``, ``start`` and ``end`` say where the answer stands, ``None`` where the project does not say so.
    ``failure`` is the error that the project raised instead of answering; it counts as declining.
    """

    answer: str | None = None
    best: str | None = None
    document: str | None = None
    start: int | None = None
    end: int | None = None
    failure: str | None = None

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Reply:
        """Read back what ``dataclasses.asdict`` wrote."""
        return cls(**raw)

    @property
    def located(self) -> bool:
        """Whether it says where the answer stands."""
        return None not in (self.document, self.start, self.end)


class Peer(Protocol):
    """One project. A module of this package that has one defines ``open_peer(setup: Setup) -> Peer``."""

    versions: Mapping[str, str]
    """The packages that do the work, by name."""

    def index(self, documents: Sequence[Document]) -> None:
        """Make a new index of the documents; an earlier one is forgotten."""

    def answer(self, question: str) -> Reply:
        """Answer from the indexed documents."""

    def read(self, question: str, context: str) -> Reply:
        """Answer from one given text alone; ``start`` and ``end`` then index that text."""
