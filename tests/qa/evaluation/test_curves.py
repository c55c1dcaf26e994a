from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.curves import Guesses, best_guesses, found_within, reliability_bins, risk_curve
from qa.evaluation.selective import calibration_error, coverage_at

if TYPE_CHECKING:
    from tests.qa.evaluation.conftest import MakeOutcome

STATED = st.lists(st.tuples(st.sampled_from([0.0, 0.05, 0.3, 0.31, 0.5, 0.9, 1.0]), st.booleans()), min_size=1)


def guesses(pairs: list[tuple[float, bool]]) -> Guesses:
    return Guesses(np.array([chance for chance, _ in pairs]), np.array([float(right) for _, right in pairs]))


def test_bins_by_hand() -> None:
    first, last = reliability_bins(np.array([0.05, 1.0, 0.95]), np.array([0.0, 1.0, 0.0]))
    assert (first.low, first.high, first.right) == (0.0, 0.1, (0.0,))
    assert last.stated == pytest.approx(0.975)
    assert last.observed == 0.5


@given(STATED)
def test_the_bins_make_up_the_calibration_error(pairs: list[tuple[float, bool]]) -> None:
    given = guesses(pairs)
    bins = reliability_bins(given.chances, given.right)
    error = sum(len(one.right) * abs(one.stated - one.observed) for one in bins) / len(pairs)
    assert error == pytest.approx(calibration_error(given.chances, given.right), abs=1e-9)


@given(STATED, st.sampled_from([0.5, 0.8, 0.9]))
def test_the_curve_passes_where_the_coverage_is_read_off(pairs: list[tuple[float, bool]], accuracy: float) -> None:
    given = guesses(pairs)
    curve = risk_curve(given)
    assert curve.coverage[-1] == pytest.approx(1.0)
    assert curve.risk[-1] == pytest.approx(1 - given.right.mean())
    reached = [cover for cover, risk in zip(curve.coverage, curve.risk, strict=True) if 1 - risk >= accuracy - 1e-9]
    assert max(reached, default=0.0) == pytest.approx(coverage_at(accuracy, given.chances, given.right))


def test_the_best_span_counts_whether_or_not_it_was_said(make_outcome: MakeOutcome) -> None:
    held_back = make_outcome(said=None, guess="forty bridges", confidence=0.4)
    found = best_guesses([held_back, make_outcome(said=None), make_outcome(accepted=(), confidence=0.9)])
    assert found.chances.tolist() == [0.4, 0.0, 0.9]
    assert found.right.tolist() == [1.0, 0.0, 0.0]


def test_found_within_a_depth() -> None:
    assert [found_within([(2, 9), ()], depth) for depth in (1, 2, 9)] == [[0.0, 0.0], [1.0, 0.0], [1.0, 0.0]]
