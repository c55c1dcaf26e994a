"""The report on a fitted confidence: how right it is, how far it can be trusted, what each threshold gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.selective import aurc, brier, calibration_error, coverage_at

__all__ = ["reliability"]

Vector = NDArray[np.float64]


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


def _at(threshold: float, none: Vector, f1: Vector, answerable: NDArray[np.bool_]) -> dict[str, float | None]:
    answered = (none <= threshold).astype(np.float64)
    return {
        "threshold": threshold,
        "answered": _mean(answered[answerable]),
        "f1": _mean((f1 * answered)[answerable]),
        "declined": _mean(1.0 - answered[~answerable]),
    }
