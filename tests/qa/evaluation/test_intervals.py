from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from qa.evaluation.intervals import Estimate, estimate, estimates, resampled_means


def test_the_mean_of_coin_tosses_has_the_binomial_interval() -> None:
    right, count = 280, 400
    found = estimate([1.0] * right + [0.0] * (count - right))
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    # Drawing n of n again is n tosses of a coin of that chance: the ends are the binomial's quantiles.
    low, high = stats.binom.ppf([0.025, 0.975], count, right / count) / count
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.006)
    assert (found.mean, found.questions) == (0.7, count)
    assert found.margin == pytest.approx(1.96 * math.sqrt(0.7 * 0.3 / count), rel=0.08)


def test_the_means_drawn_scatter_as_theory_says() -> None:
    values = np.random.default_rng(5).normal(3.0, 2.0, size=250)
    means = resampled_means(values[:, None], resamples=4000)[:, 0]
    assert means.mean() == pytest.approx(values.mean(), abs=0.01)
    assert means.std() == pytest.approx(values.std() / math.sqrt(250), rel=0.05)


def test_the_interval_is_the_one_of_scipy() -> None:
    values = np.random.default_rng(7).beta(2, 1, size=120)
    ours = estimate(values.tolist())
    theirs = stats.bootstrap((values,), np.mean, n_resamples=2000, method="percentile", rng=3).confidence_interval
    assert ours is not None
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.008)


def test_ninety_five_of_a_hundred_intervals_hold_the_truth() -> None:
    draw = np.random.default_rng(11)
    samples = [estimate(draw.binomial(1, 0.6, size=80).astype(float).tolist()) for _ in range(200)]
    held = sum(one is not None and one.low is not None and one.low <= 0.6 <= (one.high or 0) for one in samples)
    assert 0.9 <= held / 200 <= 0.99


def test_values_that_are_not_known_count_nowhere() -> None:
    found = estimates({"all": [1.0, 0.0, 1.0, 0.0], "some": [None, 0.0, 1.0, None], "none": [None] * 4})
    assert found["none"] is None
    assert found["some"] is not None
    assert (found["some"].mean, found["some"].questions, found["some"].low) == (0.5, 2, 0.0)
    assert found["all"] is not None
    assert found["all"].margin == pytest.approx(0.5)


@pytest.mark.parametrize("values", [[1.0], [0.4] * 9, [0.25, None, 0.25]])
def test_no_interval_where_drawing_again_tells_nothing(values: list[float | None]) -> None:
    known = [value for value in values if value is not None]
    found = estimate(values)
    assert found is not None
    assert found.mean == pytest.approx(known[0])
    assert (found.low, found.high, found.margin, found.questions) == (None, None, None, len(known))


def test_nothing_to_estimate() -> None:
    assert estimate([]) is None
    assert estimates({}) == {}


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=30))
def test_an_interval_is_the_same_each_time_and_lies_within_the_values(values: list[float | None]) -> None:
    found = estimate(values)
    assert found == estimate(values)
    if found is not None and found.low is not None and found.high is not None:
        known = [value for value in values if value is not None]
        assert min(known) - 1e-9 <= found.low <= found.high <= max(known) + 1e-9
        assert min(known) - 1e-9 <= found.mean <= max(known) + 1e-9


def test_a_rounded_dict() -> None:
    assert Estimate(1 / 3, 0.1234567, None, 3).to_dict() == {
        "mean": 0.333333, "low": 0.123457, "high": None, "questions": 3
    }  # fmt: skip
