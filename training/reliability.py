"""How far stated probabilities can be trusted: calibration error, Brier score, coverage at a target accuracy, AURC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["aurc", "brier", "calibration_error", "coverage_at", "reliability"]

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
    """The largest share of questions, the surest first, of which at least ``accuracy`` are right."""
    order = np.argsort(-chances, kind="stable")
    running = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(running >= accuracy)
    return float((enough[-1] + 1) / len(order)) if enough.size else 0.0


def aurc(chances: Vector, right: Vector) -> float:
    """The area under the risk-coverage curve: the mean error over all coverages, the surest questions first."""
    order = np.argsort(-chances, kind="stable")
    return float(np.mean(1 - np.cumsum(right[order]) / np.arange(1, len(order) + 1)))


def reliability(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The report over rows of ``kind``, ``right`` and ``none`` (chances), ``exact``, ``f1`` and ``answerable``."""
    right = np.array([row["right"] for row in rows])
    exact = np.array([row["exact"] for row in rows])
    none = np.array([row["none"] for row in rows])
    answerable = np.array([row["answerable"] for row in rows], dtype=bool)
    f1 = np.array([row["f1"] for row in rows])
    kinds = np.array([row["kind"] for row in rows])
    return {
        "forced": {"exact": _mean(exact[answerable]), "f1": _mean(f1[answerable]), "questions": int(answerable.sum())},
        "by_kind": {
            str(kind): {
                "questions": int(np.sum(kinds == kind)),
                "exact": _mean(exact[kinds == kind]),
                "f1": _mean(f1[kinds == kind]),
                "none": _mean(none[kinds == kind]),
            }
            for kind in sorted(set(kinds.tolist()))
        },
        "ece": round(calibration_error(right, exact), 4),
        "ece_none": round(calibration_error(none, 1.0 - answerable), 4),
        "brier": round(brier(right, exact), 4),
        "aurc": round(aurc(right, exact), 4),
        "coverage_at_80": round(coverage_at(0.8, right, exact), 4),
        "coverage_at_90": round(coverage_at(0.9, right, exact), 4),
        "thresholds": [_at(threshold / 10, none, f1, answerable) for threshold in range(2, 9)],
    }


def _mean(values: Vector) -> float | None:
    return round(float(values.mean()), 4) if values.size else None


def _at(threshold: float, none: Vector, f1: Vector, answerable: NDArray[np.bool_]) -> dict[str, float]:
    answered = none <= threshold
    return {
        "threshold": threshold,
        "answered": round(float(answered[answerable].mean()), 4),
        "f1": round(float((f1 * answered)[answerable].mean()), 4),
        "declined": round(float((~answered)[~answerable].mean()), 4),
    }
