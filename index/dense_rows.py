"""Vectors in memory and the exact search over them: snapshots of one growing matrix.

A snapshot is never changed. What is added is written behind the rows that earlier snapshots see, what is removed is
marked in the new one: following a change costs as much as the change is large, and threads that still search an
earlier state are not disturbed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.dense_faiss import inner_products

__all__ = ["Found", "Rows", "best", "within"]

Rowids: TypeAlias = NDArray[np.int64]
Vectors: TypeAlias = NDArray[np.float32]
Found: TypeAlias = tuple[Rowids, NDArray[np.float32]]
"""Rowids and scores, best first."""

SPARE: Final = 1.25  # room for a quarter more: an article is then written behind the others, not copied with them
DEAD: Final = 0.25  # marked rows above this share are left out for good: they are searched past, and hold memory


def best(rowids: Rowids, scores: NDArray[np.float32], k: int) -> Found:
    """The k highest scores, highest first, of equal ones those with the lowest rowids.

    >>> best(np.array([7, 8, 9]), np.array([0.5, 0.9, 0.5], np.float32), 2)[0].tolist()
    [8, 7]
    """
    k = min(k, len(scores))
    if k <= 0:
        return rowids[:0], scores[:0]
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        enough = np.flatnonzero(scores >= least)  # every one that ties for the last place
        rowids, scores = rowids[enough], scores[enough]
    order = np.lexsort((rowids, -scores))[:k]
    return rowids[order], scores[order]


def within(rowids: Rowids, ranges: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the ascending rowids (n,) lie in one of the ranges (m, 2) of first and last rowids.

    >>> within(np.array([2, 4, 6]), np.array([[3, 4], [6, 9]])).tolist()
    [False, True, True]
    """
    inside = np.zeros(len(rowids), dtype=np.bool_)
    starts, stops = np.searchsorted(rowids, ranges[:, 0]), np.searchsorted(rowids, ranges[:, 1], side="right")
    for start, stop in zip(starts, stops, strict=True):
        inside[start:stop] = True
    return inside


class Store:
    """Room for vectors (capacity, d) that fills from the front; what is written is never written again."""

    def __init__(self, capacity: int, dimension: int) -> None:
        self.rowids = np.empty(capacity, dtype=np.int64)
        self.vectors = np.empty((capacity, dimension), dtype=np.float32)
        self._used = 0
        self._lock = threading.Lock()

    def write(self, start: int, rowids: Rowids, vectors: Vectors) -> bool:
        """Write behind the first ``start`` rows, if there is room and nobody has written there."""
        stop = start + len(rowids)
        with self._lock:
            if start != self._used or stop > len(self.rowids):
                return False
            self._used = stop
        self.rowids[start:stop], self.vectors[start:stop] = rowids, vectors
        return True


@dataclass(frozen=True, slots=True)
class Rows:
    """Some passages' unit vectors, searched exactly; ``alive`` (n,) marks those that are still there."""

    store: Store
    rowids: Rowids
    vectors: Vectors
    alive: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.rowids) if self.alive is None else int(np.count_nonzero(self.alive))

    @classmethod
    def of(cls, rowids: Rowids, vectors: Vectors) -> Self:
        """Rows of these vectors (n, d) under their ascending rowids (n,)."""
        return cls.read(len(rowids), [(rowids, vectors)])

    @classmethod
    def read(cls, count: int, blocks: Iterable[tuple[Rowids, Vectors]]) -> Self:
        """Rows of ``count`` vectors that come in blocks, in ascending order of their rowids."""
        store, start = Store(0, 0), 0
        for rowids, vectors in blocks:
            if start == 0:
                store = Store(int(count * SPARE), vectors.shape[1])
            store.write(start, rowids, vectors)
            start += len(rowids)
        return cls(store, store.rowids[:start], store.vectors[:start])

    def present(self) -> tuple[Rowids, Vectors]:
        """Rowids (n,) and vectors (n, d) of those that are still there."""
        if self.alive is None:
            return self.rowids, self.vectors
        return self.rowids[self.alive], self.vectors[self.alive]

    def without(self, ranges: NDArray[np.int64]) -> Self:
        """These rows less those in ``ranges`` (m, 2)."""
        gone = within(self.rowids, ranges)
        if not gone.any():
            return self
        alive = ~gone if self.alive is None else self.alive & ~gone
        left = type(self)(self.store, self.rowids, self.vectors, alive)
        dead = len(alive) - np.count_nonzero(alive)
        return left if dead <= DEAD * len(alive) else self.of(*left.present())

    def plus(self, rowids: Rowids, vectors: Vectors) -> Self:
        """These rows and others with higher rowids."""
        start, stop = len(self.rowids), len(self.rowids) + len(rowids)
        if len(rowids) == 0:
            return self
        if vectors.shape[1] == self.vectors.shape[1] and self.store.write(start, rowids, vectors):
            alive = None if self.alive is None else np.append(self.alive, np.ones(len(rowids), dtype=np.bool_))
            return type(self)(self.store, self.store.rowids[:stop], self.store.vectors[:stop], alive)
        held, ours = self.present()
        if len(held) == 0:
            return self.of(rowids, vectors)
        return self.of(np.append(held, rowids), np.concatenate([ours, vectors]))

    def search(self, queries: Vectors, k: int, restrict: Rowids | None) -> list[Found]:
        """For each query (d,) the nearest k, or those of the passages in ``restrict`` alone."""
        if restrict is None and self.alive is None:
            return [best(self.rowids, inner_products(query, self.vectors), k) for query in queries]
        allowed = self.allowed(restrict)
        rowids = self.rowids[allowed]
        return [best(rowids, inner_products(query, self.vectors, allowed), k) for query in queries]

    def allowed(self, restrict: Rowids | None) -> NDArray[np.int64]:
        """The ascending positions of the rows that are still there, or of those in ``restrict`` of them."""
        mask = np.ones(len(self.rowids), dtype=np.bool_) if self.alive is None else self.alive
        if restrict is not None:
            mask = mask & np.isin(self.rowids, restrict)
        return np.flatnonzero(mask).astype(np.int64)

    def scores(self, query: Vectors, rowids: Rowids) -> NDArray[np.float32]:
        """The inner products of one query (d,) with passages (m,); NaN for one that is not here."""
        result = np.full(len(rowids), np.nan, dtype=np.float32)
        if len(self.rowids) == 0:
            return result
        places = np.minimum(np.searchsorted(self.rowids, rowids), len(self.rowids) - 1)
        known = self.rowids[places] == rowids
        if self.alive is not None:
            known &= self.alive[places]
        result[known] = inner_products(query, self.vectors, places[known].astype(np.int64))
        return result
