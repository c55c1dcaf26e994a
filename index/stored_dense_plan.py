"""The arithmetic of an index in lists: how many lists, what to train them on, how many to look into."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.dense_rows import Rowids, Vectors

__all__ = [
    "CHECKED",
    "FEW",
    "MIXED",
    "SURE",
    "Allowed",
    "Truth",
    "candidates",
    "choose_lists",
    "choose_probes",
    "list_count",
    "questions",
    "recall",
    "sample_size",
    "spread",
]

LISTS: Final = 2  # times the square root of the number of passages: twice as many take four times as long to train
PER_LIST: Final = 40  # vectors of the sample for each centroid: k-means wants 39
CHECKED: Final = 256  # questions, made of passages, that the number of probes is chosen with
MIXED: Final = 4  # passages mixed into one such question: with 3 written questions needed more probes than these
AT: Final = 10
ENOUGH: Final = 0.985  # of the ten nearest, where written questions found 0.991; 0.98 is promised
CANDIDATES: Final = 250  # passages scored exactly at least; of their codes alone the ten best are often in wrong order
HALVINGS: Final = 2  # of the last step, since what is looked into without need is paid for at each search
SURE: Final = 4  # times the candidates: the lists looked into hold at least so many passages that may be found
FEW: Final = 20_000  # passages that a filter leaves, up to which all their lists are looked into


def list_count(passages: int) -> int:
    """How many lists pay for so many passages, and never so many that k-means lacks passages to learn them from.

    >>> list_count(1_000_000)
    2000
    """
    return max(1, min(passages // PER_LIST, round(LISTS * math.sqrt(passages))))


def spread(count: int, wanted: int) -> NDArray[np.int64]:
    """At most ``wanted`` of the positions below ``count``, evenly spaced.

    >>> spread(10, 4).tolist()
    [0, 2, 5, 7]
    """
    wanted = min(count, wanted)
    return np.arange(wanted, dtype=np.int64) * count // max(1, wanted)


def sample_size(lists: int) -> int:
    """How many vectors to train so many lists on."""
    return PER_LIST * lists


def candidates(k: int) -> int:
    """How many passages to score exactly for the best k, so that coding costs nothing that is seen."""
    return max(CANDIDATES, 2 * k)


def questions(vectors: Vectors) -> Vectors:
    """Unit vectors (m // 4, d) about as near to passages as questions are: each the middle of four of (m, d)."""
    whole = len(vectors) // MIXED * MIXED
    # Those mixed lie a quarter of the sample apart, so that they are of different articles.
    middles = vectors[:whole].reshape(MIXED, whole // MIXED, vectors.shape[1]).mean(axis=0)
    return np.asarray(middles / np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-9), dtype=np.float32)


class Truth:
    """The positions (q, 10) of the exact nearest to some questions, gathered while vectors stream by."""

    def __init__(self, asked: Vectors) -> None:
        self.asked = asked
        self._scores = np.empty((len(asked), 0), dtype=np.float32)
        self._places = np.empty((len(asked), 0), dtype=np.int64)

    def see(self, start: int, vectors: Vectors) -> None:
        """Take the next block (n, d), the first of which has position ``start``."""
        places = np.broadcast_to(np.arange(start, start + len(vectors)), (len(self.asked), len(vectors)))
        scores = np.hstack([self._scores, self.asked @ vectors.T])
        places = np.hstack([self._places, places])
        order = np.argpartition(-scores, min(AT, scores.shape[1]) - 1, axis=1)[:, :AT]
        self._scores = np.take_along_axis(scores, order, axis=1)
        self._places = np.take_along_axis(places, order, axis=1)

    @property
    def nearest(self) -> NDArray[np.int64]:
        """What has been found so far."""
        return self._places


def recall(found: list[Rowids], truth: NDArray[np.int64]) -> float:
    """The share of the true ones (q, n) that are among those found for each question.

    >>> recall([np.array([1, 2, 3])], np.array([[1, 9]]))
    0.5
    """
    hits = [np.isin(row, some).mean() for row, some in zip(truth, found, strict=True)]
    return float(np.mean(hits)) if hits else 1.0


def choose_probes(lists: int, measure: Callable[[int], float]) -> tuple[int, float]:
    """The fewest probes of a growing series with which ``measure`` finds enough, and what it finds with them."""
    too_few, probes = 0, min(8, lists)
    while (found := measure(probes)) < ENOUGH and probes < lists:
        too_few, probes = probes, min(lists, probes + max(1, probes // 3))
    for _ in range(HALVINGS):
        middle = (too_few + probes) // 2
        share = measure(middle) if middle > too_few else 0.0
        too_few, probes, found = (too_few, middle, share) if share >= ENOUGH else (middle, probes, found)
    return probes, found


@dataclass(frozen=True, slots=True)
class Allowed:
    """The passages that may be found: a bit for each position (``None``: all), how many in each list and in all."""

    bits: NDArray[np.uint8] | None
    sizes: NDArray[np.int64]
    total: int


def choose_lists(
    closeness: NDArray[np.float32], sizes: NDArray[np.int64], probes: int, wanted: int
) -> NDArray[np.int64]:
    """The lists to look into, nearest first, given how near (lists,) they are and how many may be found in each.

    As many as ``probes``, and more until they hold ``wanted`` passages that may be found; empty ones do not count. A
    filter so leads past the lists that it empties, to the nearest that hold something.
    """
    order = np.argsort(-closeness, kind="stable")
    order = order[sizes[order] > 0]
    enough = int(np.searchsorted(np.cumsum(sizes[order]), wanted)) + 1
    return order[: max(probes, enough)].astype(np.int64)
