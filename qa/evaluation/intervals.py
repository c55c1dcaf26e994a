"""Bootstrap intervals: how far a mean over these questions may lie from the mean over all questions of their kind.

Percentile bootstrap (Efron 1979): the questions are drawn again with replacement, and the middle 95 % of the means so
found is the interval. It covers the chance choice of the questions and nothing else: not the labelling of the gold
file, not another library, not a reader trained anew. Questions about one article resemble each other, so for new
articles the true interval is wider; below some 20 questions a percentile interval is too narrow by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEVEL", "RESAMPLES", "SEED", "Estimate", "estimate", "estimates", "resampled_means"]

Vector = NDArray[np.float64]

RESAMPLES = 2000
LEVEL = 0.95
SEED = 0
_CELLS = 4_000_000  # draws held in memory at a time


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over ``questions`` of them with the ends of its interval.

    ``low`` and ``high`` are ``None`` where drawing again tells nothing: one question, or the same value for all.
    """

    mean: float
    low: float | None
    high: float | None
    questions: int

    @property
    def margin(self) -> float | None:
        """Half the width of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    def to_dict(self) -> dict[str, Any]:
        """``{"mean", "low", "high", "questions"}``, rounded to six digits."""
        ends = {name: None if end is None else round(end, 6) for name, end in (("low", self.low), ("high", self.high))}
        return {"mean": round(self.mean, 6), **ends, "questions": self.questions}


def estimate(values: Iterable[float | None]) -> Estimate | None:
    """The mean of the known values with its interval; ``None`` where none is known."""
    return estimates({"": list(values)})[""]


def estimates(columns: Mapping[str, Sequence[float | None]]) -> dict[str, Estimate | None]:
    """``estimate`` of several measures of the same questions, drawn together.

    >>> estimates({"exact": [1.0, 1.0], "cited": [None, None]})
    {'exact': Estimate(mean=1.0, low=None, high=None, questions=2), 'cited': None}
    """
    if not columns or not len(next(iter(columns.values()))):
        return dict.fromkeys(columns)
    table = np.array([[np.nan if v is None else float(v) for v in column] for column in columns.values()]).T
    spread = [bool(np.nanmax(c) > np.nanmin(c)) if not np.isnan(c).all() else False for c in table.T]
    means = resampled_means(table) if any(spread) else None
    found: dict[str, Estimate | None] = {}
    for place, name in enumerate(columns):
        known = table[~np.isnan(table[:, place]), place]
        low, high = _ends(means[:, place]) if spread[place] and means is not None else (None, None)
        found[name] = Estimate(float(known.mean()), low, high, len(known)) if known.size else None
    return found


def resampled_means(table: Vector, resamples: int = RESAMPLES, seed: int = SEED) -> Vector:
    """Means (resamples, m) of the columns of ``table`` (n, m), its rows drawn n at a time; nan stands for unknown."""
    draw, count = np.random.default_rng(seed), len(table)
    known = ~np.isnan(table)
    filled = np.where(known, table, 0.0)
    means = np.empty((resamples, table.shape[1]))
    rows = max(1, _CELLS // count)
    for begin in range(0, resamples, rows):
        some = min(rows, resamples - begin)
        picked = draw.integers(count, size=(some, count)) + np.arange(some)[:, None] * count
        times = np.bincount(picked.ravel(), minlength=some * count).reshape(some, count).astype(np.float64)
        with np.errstate(invalid="ignore"):  # a draw without a known value has no mean
            means[begin : begin + some] = (times @ filled) / (times @ known)
    return means


def _ends(means: Vector) -> tuple[float, float]:
    low, high = np.nanpercentile(means, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return float(low), float(high)
