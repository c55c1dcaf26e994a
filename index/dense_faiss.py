"""What FAISS does for the search by meaning: exact inner products, and lists of vectors in 4 bits for two numbers.

The one file that touches FAISS. It reads only files whose bytes the caller has checked.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

from corpus.errors import LibraryError

__all__ = ["ENGINE", "Lists", "inner_products"]

Rowids: TypeAlias = NDArray[np.int64]
Vectors: TypeAlias = NDArray[np.float32]

ENGINE: Final = f"faiss {faiss.__version__}; codes 2"  # raise the number when vectors are coded in another way
KMEANS_ROUNDS: Final = 8
SEED: Final = 20_200_508
CODES: Final = 16  # what two numbers of a vector are coded as: product quantisation, 4 bits each

api: Any = faiss  # its type stubs know neither all of its functions nor how the others are called from Python


def inner_products(query: Vectors, vectors: Vectors, positions: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
    """The inner products (n,) of a query (d,) with vectors (n, d), or with those at ``positions``.

    A product depends on its two vectors alone, to the bit: not on how many there are, nor on threads, as with a
    matrix product.
    """
    query = np.ascontiguousarray(query, dtype=np.float32)
    # Always by positions: for some sizes of vectors FAISS sums a run of them in another order than single ones.
    positions = np.arange(len(vectors)) if positions is None else np.ascontiguousarray(positions)
    scores = np.empty(len(positions), dtype=np.float32)
    if len(positions):
        _use(1)
        pointers = map(api.swig_ptr, (scores, query, vectors, positions))
        api.fvec_inner_products_by_idx(*pointers, vectors.shape[1], 1, len(positions))
    return scores


class Lists:
    """Vectors in 4 bits for two numbers, in lists around centroids; FAISS calls it an inverted file.

    Such codes are compared by table look-ups inside the processor's registers (André, Kermarrec and Le Scouarnec 2015,
    https://www.vldb.org/pvldb/vol9/p288-andre.pdf), five times as fast as vectors in 8 bits a number.
    """

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def train(cls, sample: Vectors, count: int) -> Self:
        """Empty lists around ``count`` centroids of a sample (m, d)."""
        pairs, odd = divmod(sample.shape[1], 2)
        coding = "SQ8" if odd or len(sample) < CODES else f"PQ{pairs}x4fs"
        index = api.index_factory(sample.shape[1], f"IVF{count},{coding}", api.METRIC_INNER_PRODUCT)
        if coding != "SQ8":
            index.pq.cp.seed, index.pq.cp.min_points_per_centroid = SEED, 1
        index.cp.niter, index.cp.seed = KMEANS_ROUNDS, SEED
        index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = 1, len(sample)
        _use(os.cpu_count() or 1)
        index.train(np.ascontiguousarray(sample))
        return cls(index)

    @classmethod
    def open(cls, file: Path) -> Self:
        """Map what ``write`` wrote into memory; only the lists that a search looks into are read from the disk.

        The caller has checked every byte. Raises LibraryError.
        """
        flags = 0 if os.name == "nt" else api.IO_FLAG_MMAP | api.IO_FLAG_READ_ONLY  # FAISS cannot map on Windows
        try:
            index = api.read_index(str(file), flags)
        except RuntimeError as error:
            raise LibraryError(f"dense index {file}: {error}; delete its folder, it will be made again") from error
        held = api.downcast_InvertedLists(index.invlists)
        held.prefetch_nthread = 0  # or each search starts threads of its own to touch the lists first
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def write(self, file: Path) -> None:
        """Write all of it to a new file; raises OSError."""
        try:
            api.write_index(self._index, str(file))
        except RuntimeError as error:  # FAISS has no other kind for a full disk
            raise OSError(f"{file}: {error}") from error

    def add(self, positions: Rowids, vectors: Vectors) -> None:
        """Put vectors (n, d) into the lists, under their positions (n,) among all."""
        _use(os.cpu_count() or 1)
        self._index.add_with_ids(np.ascontiguousarray(vectors), np.ascontiguousarray(positions))

    def numbers(self) -> NDArray[np.int32]:
        """The number of the list that each vector lies in, by position."""
        found = np.empty(len(self), dtype=np.int32)
        held = self._index.invlists
        for number in range(self._index.nlist):
            size = held.list_size(number)
            if size:
                found[api.rev_swig_ptr(held.get_ids(number), size)] = number
        return found

    def centroids(self) -> Vectors:
        """The centroids (lists, d)."""
        found: Vectors = self._index.quantizer.reconstruct_n(0, self._index.nlist)
        return found

    def search(
        self,
        query: Vectors,
        k: int,
        lists: NDArray[np.int64],
        closeness: NDArray[np.float32],
        allowed: NDArray[np.uint8] | None,
    ) -> Rowids:
        """The rowids of the at most k nearest to one query (d,) in some of the lists, nearly best first.

        ``closeness`` are the inner products of the query with the centroids of these lists; ``allowed`` has a bit for
        each rowid (the lowest bit of a byte first).
        """
        _use(1)
        scores, rowids = np.empty(k, dtype=np.float32), np.empty(k, dtype=np.int64)
        selector = None if allowed is None else api.IDSelectorBitmap(allowed)
        parameters = api.SearchParametersIVF(nprobe=len(lists), sel=selector)
        arrays = (query, lists, closeness, scores, rowids)
        asked, probes, near, *results = map(api.swig_ptr, arrays)
        self._index.search_preassigned_c(1, asked, k, probes, near, *results, False, parameters)
        return rowids[rowids >= 0]


def _use(threads: int) -> None:
    """Let what this thread asks of FAISS next take so many threads.

    For one question one is best: its threads and PyTorch's wait for each other in busy loops. Over 1,000,000 passages
    two took 34 ms a search, one 29.
    """
    api.omp_set_num_threads(threads)
