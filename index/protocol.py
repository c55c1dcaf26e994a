"""What the search layer needs of an embedder, and what it gives: the search of a store, whichever kind it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.filters import Filter
from index.types import Hit

__all__ = ["Embedder", "Searcher"]


class Embedder(Protocol):
    """Turns texts into vectors that compare by inner product; ``id`` names the model and its exact weights."""

    id: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, dimension) of n texts, in order."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of the model's tokens of each text, without special tokens."""


class Searcher(ABC):
    """Finds passages of one store; follows changes made by any process, and is safe to use from several threads."""

    def search(
        self, query: str, k: int = 10, *, articles: Iterable[str] | None = None, where: Filter | None = None
    ) -> list[Hit]:
        """The best k passages for ``query``, best first, of those that ``where`` lets through.

        ``articles`` names the only articles to look in, none of them where it is empty. Raises UnknownArticleError
        for one that the store does not hold, InputError for a name in ``where`` that it does not hold.
        """
        return self.search_many([query], k, articles=articles, where=where)[0]

    @abstractmethod
    def search_many(
        self,
        queries: Sequence[str],
        k: int = 10,
        *,
        articles: Iterable[str] | None = None,
        where: Filter | None = None,
    ) -> list[list[Hit]]:
        """``search`` for several queries: the same hits, embedded and looked up together."""

    @abstractmethod
    def refresh(self) -> None:
        """Make ready now what the first search would have to wait for."""

    @abstractmethod
    def store(self) -> None:
        """Make what is kept of the indexes of a large store now, as at the end of an add."""
