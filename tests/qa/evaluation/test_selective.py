from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluation.selective import aurc, brier, calibration_error, coverage_at

CHANCES = np.array([0.95, 0.85, 0.75, 0.25])
RIGHT = np.array([1.0, 1.0, 0.0, 0.0])


def test_calibration_error_by_hand() -> None:
    assert calibration_error(CHANCES, RIGHT) == pytest.approx((0.05 + 0.15 + 0.75 + 0.25) / 4)


def test_brier_by_hand() -> None:
    assert brier(CHANCES, RIGHT) == pytest.approx((0.05**2 + 0.15**2 + 0.75**2 + 0.25**2) / 4)


def test_coverage_is_the_largest_share_that_is_right_often_enough() -> None:
    assert coverage_at(0.9, CHANCES, RIGHT) == 0.5
    assert coverage_at(0.6, CHANCES, RIGHT) == 0.75
    assert coverage_at(0.9, CHANCES, 1 - RIGHT) == 0.0


def test_area_under_the_risk_coverage_curve_by_hand() -> None:
    assert aurc(CHANCES, RIGHT) == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)


def test_equal_probabilities_are_taken_together() -> None:
    chances = np.array([0.9, 0.5, 0.5, 0.5])
    right = np.array([1.0, 1.0, 0.0, 0.0])
    assert coverage_at(0.9, chances, right) == 0.25  # the second is right, but no threshold parts it from the others
    assert coverage_at(0.5, chances, right) == 1.0
    # The three equals in any order: on average 1 + 1/3, 1 + 2/3 and 2 of the first 2, 3 and 4 are right.
    assert aurc(chances, right) == pytest.approx((0 + 1 / 3 + 4 / 9 + 1 / 2) / 4)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.1, 0.5, 0.9]), st.sampled_from([0.0, 1.0])), min_size=1), st.randoms())
def test_the_order_of_the_questions_does_not_matter(pairs: list[tuple[float, float]], shuffling: Random) -> None:
    found = []
    for _ in range(2):
        chances, right = np.array(pairs).T
        found.append((aurc(chances, right), coverage_at(0.8, chances, right)))
        shuffling.shuffle(pairs)
    assert found[0] == pytest.approx(found[1])
