"""Exact match and F1 over gold answers (by qa/evaluation/metrics.py), and how well a score tells two groups apart.

Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250; without an answer, Rajpurkar et al. 2018,
https://arxiv.org/abs/1806.03822.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.evaluation import metrics

__all__ = ["auroc", "best_threshold", "exact_match", "f1"]


def exact_match(found: str, gold: Sequence[str]) -> float:
    """1 if ``found`` equals one of the gold answers after normalisation, else 0; 0 where there is none."""
    return max((metrics.exact(found, answer) for answer in gold), default=0.0)


def f1(found: str, gold: Sequence[str]) -> float:
    """The best overlap of words with a gold answer, 0 to 1; 0 where there is none.

    >>> f1("the city of Lugo", ["Lugo"])
    0.5
    """
    return max((metrics.f1(found, answer) for answer in gold), default=0.0)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative, ties counted half; 0.5 where a group is empty."""
    if not positive or not negative:
        return 0.5
    low, high = np.asarray(negative), np.asarray(positive)
    order = np.sort(low)
    wins = np.searchsorted(order, high, "left") + np.searchsorted(order, high, "right")
    return float(wins.sum() / (2 * len(low) * len(high)))


def best_threshold(scores: Sequence[float], gains: Sequence[float], impossible: Sequence[bool]) -> tuple[float, float]:
    """The mean gain (0 to 1) at the best threshold, and the threshold: at or above it a question is answered.

    ``gains`` holds what answering earns; declining an impossible question earns 1.
    """
    order = np.argsort(-np.asarray(scores), kind="stable")
    gained = _before(np.asarray(gains, dtype=float)[order])
    declined = _before(np.asarray(impossible, dtype=float)[order])
    total = gained + (declined[-1] - declined)
    best = int(np.argmax(total))
    threshold = float(np.asarray(scores)[order[best - 1]]) if best else float("inf")
    return float(total[best] / len(scores)), threshold


def _before(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(values)])
