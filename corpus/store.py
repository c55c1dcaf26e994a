"""What every place for articles can do: the embedded library in a folder, or one kept by a server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.facets import Facets
from corpus.reads import ArticleSummary
from corpus.recognition import Held
from corpus.types import Article, Passage
from corpus.writes import Addition

__all__ = ["Choices", "Store", "is_address"]

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.ASCII)


def is_address(library: object) -> bool:
    """Whether a library is named by an address and not by a folder.

    >>> is_address("milvus://db.example.org/news"), is_address("my-library"), is_address("C:/news")
    (True, False, False)
    """
    return isinstance(library, str) and _SCHEME.match(library) is not None


class Choices(Protocol):
    """What the articles of one state of a store can be chosen by."""

    def facets(self) -> Facets:
        """The publishers, speakers and dates, with how much there is of each."""


class Store(Protocol):
    """Articles with their passages and vectors; safe to use from several threads and processes.

    ``Library`` is the one in a folder, ``MilvusStore`` the one on a Milvus server. What a store promises beyond this
    (one state inside a snapshot, all of ``add_many`` or nothing) its own documentation says.
    """

    uuid: str

    @property
    def place(self) -> str:
        """Where it is, in words for messages: a folder or an address."""

    @property
    def read_only(self) -> bool:
        """Whether it may only be read."""

    @property
    def generation(self) -> int:
        """A number that every change raises, by any process; 0 where nothing was ever added."""

    def snapshot(self) -> AbstractContextManager[object]:
        """Inside the block this thread finds the articles of what it found, whatever others remove meanwhile."""

    def add(
        self,
        article: Article,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
        *,
        model_id: str,
        source: str | None = None,
    ) -> bool:
        """Add an article with the vectors (n, d) of its n passages; ``False`` where all of it is already there."""

    def add_many(self, additions: Iterable[Addition], *, model_id: str) -> list[bool]:
        """``add`` for several articles."""

    def remove(self, article_id: str) -> None:
        """Remove an article with its passages and vectors; raises UnknownArticleError."""

    def article(self, article_id: str) -> Article:
        """One article with its text and turns; raises UnknownArticleError."""

    def articles(self) -> list[ArticleSummary]:
        """All articles in the order they were added."""

    def passages_of(self, article_id: str) -> list[Passage]:
        """The passages of one article in the order they were added; raises UnknownArticleError."""

    def count_passages(self) -> int:
        """The number of passages."""

    def stamps(self, sources: Sequence[str]) -> dict[str, str]:
        """The stamp that each of these files had when it was added; those that are unknown are left out."""

    def held(self, sources: Sequence[str]) -> dict[str, Held]:
        """The article that each of these files held when it was added; those that are unknown are left out."""

    def prune(self, folder: Path) -> list[Held]:
        """Forget the files below ``folder`` that are gone; the articles that went with them."""

    def catalogue(self) -> Choices:
        """What the articles can be chosen by."""

    def check(self) -> list[str]:
        """What is damaged, one line a problem; an empty list where all is well."""

    def release(self) -> None:
        """Give back what this thread holds until it uses the store again."""

    def close(self) -> None:
        """Close it; later use raises LibraryError."""
