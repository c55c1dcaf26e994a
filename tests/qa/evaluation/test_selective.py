import numpy as np
import pytest

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
