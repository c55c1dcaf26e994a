"""The points behind an evaluation's plots: reliability, risk against coverage, recall against depth, times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.outcome import Outcome
from qa.evaluation.selective import BINS

__all__ = ["Bin", "Guesses", "RiskCurve", "best_guesses", "found_within", "reliability_bins", "risk_curve"]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bin:
    """What was said with a confidence in ``[low, high)``: how sure it was on average, and of each whether it held."""

    low: float
    high: float
    stated: float
    right: tuple[float, ...]

    @property
    def observed(self) -> float:
        """The share that was right."""
        return sum(self.right) / len(self.right)


@dataclass(frozen=True, slots=True)
class Guesses:
    """The best span of each question (n): its probability, and whether it was right, said or not."""

    chances: Vector
    right: Vector


@dataclass(frozen=True, slots=True)
class RiskCurve:
    """The share of questions answered (m), rising to 1, and the share of errors among them (m)."""

    coverage: Vector
    risk: Vector


def reliability_bins(chances: Vector, right: Vector, bins: int = BINS) -> list[Bin]:
    """The bins of equal width that hold anything, as ``calibration_error`` parts them.

    >>> [(found.low, found.observed) for found in reliability_bins(np.array([0.31, 0.39]), np.array([1.0, 0.0]))]
    [(0.3, 0.5)]
    """
    place = np.minimum((chances * bins).astype(int), bins - 1)
    return [
        Bin(number / bins, (number + 1) / bins, float(chances[place == number].mean()), tuple(right[place == number]))
        for number in range(bins)
        if np.any(place == number)
    ]


def risk_curve(guesses: Guesses) -> RiskCurve:
    """Risk against coverage (El-Yaniv and Wiener 2010), one point for each distinct probability.

    Guesses of one and the same probability come together, as no threshold can part them.

    >>> risk_curve(Guesses(np.array([0.2, 0.9, 0.2]), np.array([0.0, 1.0, 1.0]))).risk.round(2).tolist()
    [0.0, 0.33]
    """
    _, place = np.unique(-guesses.chances, return_inverse=True)
    asked = np.cumsum(np.bincount(place))
    right = np.cumsum(np.bincount(place, weights=guesses.right))
    return RiskCurve(asked / len(place), 1.0 - right / asked)


def best_guesses(outcomes: Sequence[Outcome]) -> Guesses:
    """Each question's best span, also where it was not given as the answer; without any, a chance of 0."""
    return Guesses(
        np.array([one.answer.alternatives[0].confidence if one.answer.alternatives else 0.0 for one in outcomes]),
        np.array([one.forced_exact or 0.0 for one in outcomes]),
    )


def found_within(ranks: Sequence[tuple[int, ...]], depth: int) -> list[float]:
    """For each question 1.0 where a right passage is among the first ``depth``, else 0.0.

    >>> found_within([(3, 7), (), (1,)], 2)
    [0.0, 0.0, 1.0]
    """
    return [float(any(rank <= depth for rank in found)) for found in ranks]
