"""Search in a library: by meaning and by words at once, with the two rankings fused into one."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.filters import Filter
from corpus.library import Library
from index.dense import DenseIndex
from index.fusion import union
from index.lexical import LexicalIndex
from index.protocol import Embedder, Searcher
from index.ranking import DENSE_WEIGHT, DEPTH, fused
from index.stored_lexical import lexical_index
from index.types import Hit

__all__ = ["Retriever"]


@dataclass(frozen=True, slots=True)
class View:
    """Both indexes over one generation of a library."""

    generation: int
    dense: DenseIndex
    lexical: LexicalIndex


class Retriever(Searcher):
    """Finds passages of one library; follows changes made by any process, and is safe to use from several threads."""

    def __init__(self, library: Library, embedder: Embedder, *, weight: float = DENSE_WEIGHT) -> None:
        self.library = library
        self.embedder = embedder
        self.weight = weight
        self._view: View | None = None
        self._lock = threading.Lock()
        self._beside = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="words")

    def search_many(
        self,
        queries: Sequence[str],
        k: int = 10,
        *,
        articles: Iterable[str] | None = None,
        where: Filter | None = None,
    ) -> list[list[Hit]]:
        """``search`` for several queries: the same hits, embedded and looked up together."""
        vectors = self.embedder.embed(queries) if queries else np.empty((0, self.embedder.dimension), np.float32)
        chosen = None if articles is None else list(articles)
        for last_try in (False, False, True):
            with self.library.snapshot():
                # Inside a snapshot of the caller's no newer state can be seen: serve that one from indexes of its own.
                view = self._make_view() if last_try else self._current_view()
                if view is not None:
                    return self._search_view(view, queries, vectors, k, self._allowed(chosen, where))
        raise AssertionError("the last try always has a view")

    def store(self) -> None:
        """Make what is kept of the indexes beside a large library now, as at the end of an add."""
        DenseIndex.store(self.library, self.embedder.id)
        self.refresh()

    def refresh(self) -> None:
        """Build or load the indexes now rather than at the next search."""
        with self.library.snapshot():
            self._current_view()

    def _allowed(self, articles: Sequence[str] | None, where: Filter | None) -> NDArray[np.int64] | None:
        """The ascending rowids that may be found; ``None`` for all."""
        chosen = None if articles is None else self.library.rowids(articles)
        if where is None or where.is_empty:
            return chosen
        left = self.library.catalogue().rowids(where)
        return left if chosen is None else np.intersect1d(chosen, left, assume_unique=True)

    def _search_view(
        self,
        view: View,
        queries: Sequence[str],
        vectors: NDArray[np.float32],
        k: int,
        restrict: NDArray[np.int64] | None,
    ) -> list[list[Hit]]:
        depth = max(k, DEPTH)
        # The search by words needs neither the database nor much of Python: it goes on beside the other.
        by_words = [self._beside.submit(view.lexical.search, query, depth, restrict=restrict) for query in queries]
        dense_rowids, dense_scores = view.dense.search(vectors, depth, restrict=restrict)
        results: list[list[Hit]] = []
        for query, words, vector, *dense in zip(queries, by_words, vectors, dense_rowids, dense_scores, strict=True):
            lexical = words.result()
            hits = self._fuse(view.dense, vector, (dense[0], dense[1]), lexical, k) if query.strip() and k > 0 else []
            results.append(hits)
        return results

    def _fuse(
        self,
        index: DenseIndex,
        vector: NDArray[np.float32],
        dense: tuple[NDArray[np.int64], NDArray[np.float32]],
        lexical: tuple[NDArray[np.int64], NDArray[np.float32]],
        k: int,
    ) -> list[Hit]:
        rowids, (near, words) = union(dense, lexical)
        listed = near.copy()
        # A passage that only its words brought in still has a similarity: compute it rather than guess it.
        unknown = np.isnan(near)
        near[unknown] = index.scores(vector, rowids[unknown])
        best = list(fused(listed, near, words, self.weight, k))
        passages = self.library.passages(rowids[[place for place, _, _ in best]])
        return [Hit(passage, score, stood) for passage, (_, score, stood) in zip(passages, best, strict=True)]

    def _current_view(self) -> View | None:
        """The indexes of the snapshot's generation; ``None`` where another thread has a newer one: take that."""
        generation = self.library.generation
        with self._lock:
            if self._view is None or self._view.generation < generation:
                self._view = self._make_view(self._view)
            return self._view if self._view.generation == generation else None

    def _make_view(self, earlier: View | None = None) -> View:
        """The indexes of the snapshot's generation, made out of those of an earlier one."""
        dense = DenseIndex.follow(self.library, self.embedder.id, None if earlier is None else earlier.dense)
        return View(self.library.generation, dense, lexical_index(self.library))
