"""Whether an answer was given where there is one, and how far the stated probabilities can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.intervals import Estimate, estimate
from qa.evaluation.outcome import Outcome
from qa.evaluation.selective import aurc, calibration_error, coverage_at

__all__ = ["Calibration", "Confusion", "calibration_of_answers", "calibration_of_spans", "confusion_of"]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Confusion:
    """Numbers of questions: answerable ones that were answered or missed, others that were answered or declined."""

    answered: int
    missed: int
    invented: int
    declined: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far a probability of being right holds; "right" is an exact match.

    ``error`` is the expected calibration error in ten bins, ``coverage_80`` and ``coverage_90`` the largest share of
    the questions, the surest first, of which 80 and 90 % are right, ``aurc`` the area under the risk-coverage curve.
    """

    questions: int
    error: float
    brier: Estimate
    aurc: float
    coverage_80: float
    coverage_90: float


def confusion_of(outcomes: Sequence[Outcome]) -> Confusion:
    """Answerable or not against answered or not."""
    cells = [(outcome.gold.answerable, outcome.answer.answered) for outcome in outcomes]
    return Confusion(
        answered=cells.count((True, True)),
        missed=cells.count((True, False)),
        invented=cells.count((False, True)),
        declined=cells.count((False, False)),
    )


def calibration_of_answers(outcomes: Sequence[Outcome]) -> Calibration:
    """Of what was said with the confidence it was said with; saying "no answer" is right where there is none."""
    return _calibration([one.answer.confidence for one in outcomes], [one.exact for one in outcomes])


def calibration_of_spans(outcomes: Sequence[Outcome]) -> Calibration:
    """Of the best span of each question, said or not: what another threshold would have answered, how rightly.

    Where no answer exists every span is wrong, as in the selective question answering of Kamath et al. 2020
    (https://aclanthology.org/2020.acl-main.503).
    """
    best = [one.answer.alternatives[0].confidence if one.answer.alternatives else 0.0 for one in outcomes]
    return _calibration(best, [one.forced_exact or 0.0 for one in outcomes])


def _calibration(stated: Sequence[float], rated: Sequence[float]) -> Calibration:
    chances, right = np.array(stated, dtype=np.float64), np.array(rated, dtype=np.float64)
    brier = estimate(((chances - right) ** 2).tolist())
    if brier is None:
        raise ValueError("no outcomes")
    return Calibration(
        len(chances),
        calibration_error(chances, right),
        brier,
        aurc(chances, right),
        coverage_at(0.8, chances, right),
        coverage_at(0.9, chances, right),
    )
