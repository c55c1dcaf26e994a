"""How far stated probabilities can be trusted: calibration error, Brier score, coverage at a target accuracy, AURC."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["aurc", "brier", "calibration_error", "coverage_at"]

Vector = NDArray[np.float64]
BINS = 10


def calibration_error(chances: Vector, right: Vector, bins: int = BINS) -> float:
    """Expected calibration error (Guo et al. 2017, https://arxiv.org/abs/1706.04599), in ``bins`` of equal width.

    >>> calibration_error(np.array([0.9, 0.9, 0.1, 0.1]), np.array([1.0, 1.0, 0.0, 0.0]))
    0.1
    """
    place = np.minimum((chances * bins).astype(int), bins - 1)
    gaps = [
        float(np.mean(place == number)) * abs(float(chances[place == number].mean() - right[place == number].mean()))
        for number in range(bins)
        if np.any(place == number)
    ]
    return round(float(sum(gaps)), 12)


def brier(chances: Vector, right: Vector) -> float:
    """The mean squared difference of probability and outcome (Brier 1950)."""
    return float(np.mean((chances - right) ** 2))


def coverage_at(accuracy: float, chances: Vector, right: Vector) -> float:
    """The largest share of questions, the surest first, of which at least ``accuracy`` are right.

    Questions with one and the same probability are taken together, as no threshold can part them.
    """
    running, ends = _running_accuracy(chances, right)
    enough = np.flatnonzero((running >= accuracy) & ends)
    return float((enough[-1] + 1) / len(running)) if enough.size else 0.0


def aurc(chances: Vector, right: Vector) -> float:
    """The area under the risk-coverage curve: the mean error over all coverages, the surest questions first.

    Geifman and El-Yaniv 2017 (https://arxiv.org/abs/1705.08500). Equal probabilities count as in the mean over all
    their orders, so the figure does not hang on the order of the file.
    """
    return float(np.mean(1 - _running_accuracy(chances, right)[0]))


def _running_accuracy(chances: Vector, right: Vector) -> tuple[Vector, NDArray[np.bool_]]:
    """The accuracy of the first 1, 2, ... n questions, the surest first, and which of them end a run of equals."""
    order = np.argsort(-chances, kind="stable")
    _, run, sizes = np.unique(-chances[order], return_inverse=True, return_counts=True)
    shared = np.bincount(run, weights=right[order])[run] / sizes[run]
    running: Vector = np.cumsum(shared) / np.arange(1, len(order) + 1)
    return np.round(running, 12), np.append(np.diff(run) > 0, True)
