"""Ways to make one ranking of two: arithmetic over the scores of the same m candidates by two searches.

A score that a search did not give is NaN. Every function says what NaN counts for, and returns an array without NaN
in which a higher value is better. The union of two result lists comes from ``union``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "RRF_CONSTANT",
    "Scores",
    "convex",
    "min_max",
    "ranks",
    "reciprocal_rank",
    "theoretical_min_max",
    "union",
    "z_score",
]

Scores: TypeAlias = NDArray[np.float64]
Normalisation: TypeAlias = Callable[[Scores], Scores]

RRF_CONSTANT: Final = 60  # Cormack, Clarke and Buettcher 2009


def union(*lists: tuple[NDArray[np.int64], NDArray[np.float32]]) -> tuple[NDArray[np.int64], list[Scores]]:
    """The ascending rowids found by any of the lists, and each list's scores over them, NaN where it has none.

    >>> union((np.array([7, 3]), np.array([0.9, 0.5])), (np.array([3]), np.array([4.0])))
    (array([3, 7]), [array([0.5, 0.9]), array([ 4., nan])])
    """
    rowids = np.unique(np.concatenate([found for found, _ in lists]))
    aligned = []
    for found, scores in lists:
        column = np.full(len(rowids), np.nan)
        column[np.searchsorted(rowids, found)] = scores
        aligned.append(column)
    return rowids, aligned


def ranks(scores: Scores) -> Scores:
    """Ranks from 1, best first; equal scores in the order given; NaN where the score is missing.

    >>> ranks(np.array([0.2, np.nan, 0.9]))
    array([ 2., nan,  1.])
    """
    result = np.full(len(scores), np.nan)
    order = np.argsort(-scores, kind="stable")  # NaN sorts last
    known = int(np.count_nonzero(~np.isnan(scores)))
    result[order[:known]] = np.arange(1, known + 1)
    return result


def min_max(scores: Scores) -> Scores:
    """Scores spread over 0..1 by the least and the greatest of them; missing ones are 0, equal ones all 1.

    >>> min_max(np.array([2.0, 4.0, 3.0, np.nan]))
    array([0. , 1. , 0.5, 0. ])
    """
    return theoretical_min_max(scores, _least(scores))


def theoretical_min_max(scores: Scores, floor: float = 0.0) -> Scores:
    """Scores over 0..1 where ``floor`` is 0 and the greatest is 1; missing ones are 0.

    With the least score that a search can give as ``floor`` (0 for BM25), a weak second hit of a question keeps its
    distance instead of being pushed to 0. After Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions for
    Hybrid Retrieval". Where no score is above the floor, all known ones are 1.

    >>> theoretical_min_max(np.array([5.0, 10.0, np.nan]))
    array([0.5, 1. , 0. ])
    """
    known = ~np.isnan(scores)
    result = np.zeros(len(scores))
    if known.any():
        width = scores[known].max() - floor
        result[known] = np.clip((scores[known] - floor) / width, 0.0, 1.0) if width > 0 else 1.0
    return result


def z_score(scores: Scores) -> Scores:
    """Scores as standard deviations from their mean; missing ones count as the least known one, equal ones are 0.

    >>> z_score(np.array([1.0, 3.0, np.nan]))
    array([-1.,  1., -1.])
    """
    known = ~np.isnan(scores)
    if not known.any():
        return np.zeros(len(scores))
    deviation = scores[known].std()
    filled = np.where(known, scores, _least(scores))
    return (filled - scores[known].mean()) / deviation if deviation > 0 else np.zeros(len(scores))


def convex(first: Scores, second: Scores, weight: float, normalise: Normalisation = min_max) -> Scores:
    """``weight`` parts of the first search's normalised scores and ``1 - weight`` of the second's.

    >>> convex(np.array([0.0, 1.0]), np.array([8.0, 4.0]), 0.75)
    array([0.25, 0.75])
    """
    return weight * normalise(first) + (1.0 - weight) * normalise(second)


def reciprocal_rank(*lists: Scores, constant: float = RRF_CONSTANT) -> Scores:
    """The sum of 1 / (constant + rank) over the lists; a missing score adds nothing.

    >>> reciprocal_rank(np.array([0.9, 0.1]), np.array([np.nan, 3.0]), constant=1)
    array([0.5       , 0.83333333])
    """
    total: Scores = np.sum([np.nan_to_num(1.0 / (constant + ranks(scores))) for scores in lists], axis=0)
    return total


def _least(scores: Scores) -> float:
    return float(np.nanmin(scores)) if not np.isnan(scores).all() else 0.0
