"""Search by meaning: the inner product of unit vectors, exact in memory up to a size, in stored lists above it.

An index stands for one state of a library and is never changed; ``DenseIndex.follow`` makes that of the next state out
of it. ``docs/retrieval.md`` has the measurements behind the sizes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.library import Library
from index.dense_following import State, follow, store
from index.dense_rows import Found, Rowids, Rows, Vectors, best

__all__ = ["EXACT_LIMIT", "DenseIndex"]

# Up to here a search of all vectors takes 10 ms and reading them 0.6 s, and nothing has to be kept on the disk.
EXACT_LIMIT: Final = 100_000


class DenseIndex:
    """All vectors of a library by one model; safe to search from several threads."""

    def __init__(self, state: State) -> None:
        self.state = state

    def __len__(self) -> int:
        return len(self.state)

    @classmethod
    def build(cls, rowids: Rowids, vectors: Vectors) -> DenseIndex:
        """Index unit vectors (n, d) under their ascending rowids (n,); raises ValueError where they do not match."""
        if vectors.ndim != 2 or len(rowids) != len(vectors):
            raise ValueError(f"{len(rowids)} rowids need as many vectors, not an array of shape {vectors.shape}")
        if (np.diff(rowids) <= 0).any():
            raise ValueError("rowids must ascend")
        return cls(State("", -1, Rows.of(rowids, vectors)))

    @classmethod
    def follow(
        cls, library: Library, model_id: str, previous: DenseIndex | None = None, *, limit: int = EXACT_LIMIT
    ) -> DenseIndex:
        """The index of the library's present generation, made out of ``previous`` where that is possible.

        It never changes ``previous``, which other threads may still search, and takes one of any earlier generation of
        the same library and model. Up to ``limit`` passages the result searches
        exactly in memory; above, in the stored index of this or an earlier generation plus what has changed since.
        Search it inside a snapshot of its own generation: the best are scored with the vectors in the database.
        """
        with library.snapshot():
            return cls(follow(library, model_id, None if previous is None else previous.state, limit))

    @staticmethod
    def store(library: Library, model_id: str, *, limit: int = EXACT_LIMIT) -> bool:
        """Publish a stored index where the library is large and has none that is less than a tenth out of date.

        For the end of an add (it opens its own snapshot, takes seconds to minutes, needs no lock of the caller's):
        ``follow`` goes on with an outdated one rather than wait. Whether one was made.
        """
        return store(library, model_id, limit)

    def search(
        self, queries: Vectors, k: int, *, restrict: Rowids | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rowids and scores (q, min(k, n)) of the nearest passages to queries (q, d), best first, ties by rowid.

        ``restrict`` names the only rowids to look at; those that are not indexed are ignored.
        """
        k = max(0, min(k, len(self)))
        if k == 0 or len(queries) == 0:
            return np.empty((len(queries), 0), dtype=np.int64), np.empty((len(queries), 0), dtype=np.float32)
        rows, standing = self.state.rows, self.state.standing
        found = rows.search(queries, k, restrict)
        if standing is not None:
            found = [_merged(pair, k) for pair in zip(found, standing.search(queries, k, restrict), strict=True)]
        width = min(len(rowids) for rowids, _ in found)  # one for all, but where passages went while they were scored
        return np.stack([rowids[:width] for rowids, _ in found]), np.stack([scores[:width] for _, scores in found])

    def scores(self, query: Vectors, rowids: Rowids) -> NDArray[np.float32]:
        """The inner products of one query (d,) with given passages (m,); NaN for one that is not indexed."""
        result = self.state.rows.scores(query, rowids)
        if self.state.standing is not None:
            unknown = np.isnan(result)
            result[unknown] = self.state.standing.scores(query, rowids[unknown])
        return result


def _merged(parts: tuple[Found, Found], k: int) -> Found:
    (some, of_some), (others, of_others) = parts
    return best(np.append(some, others), np.append(of_some, of_others), k)
