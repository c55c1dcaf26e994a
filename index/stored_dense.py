"""The index by meaning of a large library: coded vectors in lists, stored beside it and mapped into memory.

A stored index is made of one state of the library and is never changed. Later states search it less what was removed,
together with what came since, until that is more than a tenth (``index/dense.py``). What the lists find is scored
again with the vectors in the database, so scores are those of the exact search and only a passage in a list that was
not looked into can be missed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.errors import LibraryError
from corpus.vectors import VectorTable
from index.dense_faiss import Lists, inner_products
from index.dense_rows import Found, Rowids, Vectors, best, within
from index.stored_dense_plan import (
    CHECKED,
    FEW,
    MIXED,
    SURE,
    Allowed,
    Truth,
    candidates,
    choose_lists,
    choose_probes,
    list_count,
    questions,
    recall,
    sample_size,
    spread,
)

__all__ = ["Base", "Standing"]

INDEX_FILE, ROWIDS_FILE, LISTS_FILE, FACTS_FILE = "lists.faiss", "rowids.npy", "lists.npy", "facts.json"
PIECE = 16_384  # vectors read at a time where very many are asked for


@dataclass(frozen=True, slots=True)
class Facts:
    """How an index is searched: so many lists each time, which found this share of the ten nearest when it was made."""

    probes: int
    recall: float


class Base:
    """The vectors of one state of a library in lists; ``rowids`` (n,) ascend, ``lists`` (n,) tell where each is."""

    def __init__(self, index: Lists, rowids: Rowids, lists: NDArray[np.int32], facts: Facts) -> None:
        self.index = index
        self.rowids = rowids
        self.lists = lists
        self.facts = facts
        self.centroids = index.centroids()
        self.everything = self.allowed(None)

    def __len__(self) -> int:
        return len(self.rowids)

    @classmethod
    def build(cls, table: VectorTable) -> Self:
        """Make the index of all vectors of ``table``, which are read in blocks; for use inside a snapshot."""
        rowids = table.rowids()
        sample = _read(table, rowids[spread(len(rowids), sample_size(list_count(len(rowids))))])
        index = Lists.train(sample, list_count(len(rowids)))
        truth = Truth(questions(sample[spread(len(sample), MIXED * CHECKED)]))
        del sample
        start = 0
        for block, vectors in table.blocks():
            index.add(np.arange(start, start + len(block)), vectors)
            truth.see(start, vectors)
            start += len(block)
        made = cls(index, rowids, index.numbers(), Facts(1, 0.0))
        probes, share = choose_probes(len(made.centroids), lambda probes: made.recall(truth, probes))
        made.facts = Facts(probes, share)
        return made

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open what ``write`` wrote; the caller has checked every byte. Raises LibraryError."""
        try:
            facts = Facts(**json.loads((folder / FACTS_FILE).read_bytes()))
            rowids = np.load(folder / ROWIDS_FILE, allow_pickle=False)
            lists = np.load(folder / LISTS_FILE, allow_pickle=False)
        except (OSError, ValueError, TypeError) as error:
            raise LibraryError(f"dense index {folder}: {error}; delete the folder, it will be made again") from error
        return cls(Lists.open(folder / INDEX_FILE), rowids, lists, facts)

    def write(self, folder: Path) -> None:
        """Write all of it into an empty folder; raises OSError."""
        self.index.write(folder / INDEX_FILE)
        np.save(folder / ROWIDS_FILE, self.rowids, allow_pickle=False)
        np.save(folder / LISTS_FILE, self.lists, allow_pickle=False)
        (folder / FACTS_FILE).write_text(json.dumps(asdict(self.facts)), encoding="utf-8")

    def recall(self, truth: Truth, probes: int) -> float:
        """The share of the ten nearest that are among the candidates with so many probes."""
        wanted = candidates(truth.nearest.shape[1])
        found = [self._look(query, wanted, self.everything, probes, SURE * wanted) for query in truth.asked]
        return recall(found, truth.nearest)

    def allowed(self, mask: NDArray[np.bool_] | None) -> Allowed:
        """What may be found: all passages, or those that ``mask`` (n,) marks."""
        lists = self.lists if mask is None else self.lists[mask]
        bits = None if mask is None else np.packbits(mask, bitorder="little")
        return Allowed(bits, np.bincount(lists, minlength=len(self.centroids)), len(lists))

    def nearest(self, query: Vectors, k: int, allowed: Allowed) -> Rowids:
        """The rowids of candidates for the best k to one query (d,), in no order; all of few."""
        wanted = candidates(k) if allowed.bits is None else 2 * candidates(k)  # what is far away is alike in its codes
        scanned = max(SURE * wanted, self.facts.probes * len(self) // len(self.centroids))
        if allowed.total <= FEW:
            scanned = allowed.total
        return self.rowids[self._look(query, wanted, allowed, self.facts.probes, scanned)]

    def _look(self, query: Vectors, wanted: int, allowed: Allowed, probes: int, scanned: int) -> NDArray[np.int64]:
        """The positions of the ``wanted`` nearest, as far as their codes tell, in the lists that pay."""
        closeness = inner_products(query, self.centroids)
        lists = choose_lists(closeness, allowed.sizes, probes, scanned)
        return self.index.search(query, wanted, lists, closeness[lists], allowed.bits)


def _read(table: VectorTable, rowids: Rowids) -> Vectors:
    """The vectors of these ascending rowids, in one matrix that is filled piece by piece."""
    pieces = (table.of(rowids[start : start + PIECE])[1] for start in range(0, len(rowids), PIECE))
    first = next(pieces)
    matrix = np.empty((len(rowids), first.shape[1]), dtype=np.float32)
    matrix[: len(first)] = first
    start = len(first)
    for piece in pieces:
        matrix[start : start + len(piece)] = piece
        start += len(piece)
    return matrix


@dataclass(frozen=True, slots=True)
class Standing:
    """What still stands of an index made of an earlier ``generation``: ``alive`` (n,) marks its passages that do."""

    base: Base
    generation: int
    table: VectorTable
    alive: NDArray[np.bool_] | None = None
    allowed: Allowed | None = None

    def __len__(self) -> int:
        return len(self.base) if self.alive is None else int(np.count_nonzero(self.alive))

    def without(self, ranges: NDArray[np.int64]) -> Self:
        """This less the passages in ``ranges`` (m, 2) of first and last rowids."""
        gone = within(self.base.rowids, ranges)
        return self.only(~gone) if gone.any() else self

    def only(self, mask: NDArray[np.bool_]) -> Self:
        """This less the passages that ``mask`` (n,) does not mark."""
        alive = mask if self.alive is None else self.alive & mask
        return replace(self, alive=alive, allowed=self.base.allowed(alive))

    def search(self, queries: Vectors, k: int, restrict: Rowids | None) -> list[Found]:
        """For each query (d,) the nearest k, or those of the passages in ``restrict`` alone."""
        mask, allowed = self.alive, self.allowed or self.base.everything
        if restrict is not None:
            asked = np.isin(self.base.rowids, restrict)
            mask = asked if self.alive is None else asked & self.alive
            allowed = self.base.allowed(mask)
        if allowed.total <= candidates(k):
            rowids = self.base.rowids if mask is None else self.base.rowids[mask]
            return [self._best(query, rowids, k) for query in queries]
        return [self._best(query, self.base.nearest(query, k, allowed), k) for query in queries]

    def scores(self, query: Vectors, rowids: Rowids) -> NDArray[np.float32]:
        """The inner products of one query (d,) with passages (m,); NaN for one that is not here."""
        result = np.full(len(rowids), np.nan, dtype=np.float32)
        places = np.minimum(np.searchsorted(self.base.rowids, rowids), len(self.base) - 1)
        known = self.base.rowids[places] == rowids
        if self.alive is not None:
            known &= self.alive[places]
        wanted = np.unique(rowids[known])
        stored, vectors = self.table.of(wanted)
        scores = inner_products(query, vectors)
        found = np.isin(rowids, stored)
        result[found] = scores[np.searchsorted(stored, rowids[found])]
        return result

    def _best(self, query: Vectors, rowids: Rowids, k: int) -> Found:
        """The best k of some passages by their vectors in the database; one that is gone from there is left out."""
        found: Found = rowids[:0], np.empty(0, dtype=np.float32)
        rowids = np.sort(rowids)
        for start in range(0, len(rowids), PIECE):
            stored, vectors = self.table.of(rowids[start : start + PIECE])
            scores = inner_products(query, vectors)
            found = best(np.append(found[0], stored), np.append(found[1], scores), k)
        return found
