"""Fusion against values computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import convex, min_max, ranks, reciprocal_rank, theoretical_min_max, union, z_score

NAN = float("nan")
SCORES = st.lists(st.just(NAN) | st.floats(-50, 50), min_size=1, max_size=12).map(np.array)


def test_union_aligns_both_lists():
    first = np.array([9, 4, 1]), np.array([0.9, 0.5, 0.1], np.float32)
    second = np.array([4, 7]), np.array([12.0, 3.0], np.float32)
    rowids, (near, words) = union(first, second)
    assert rowids.tolist() == [1, 4, 7, 9]
    assert np.allclose(near, [0.1, 0.5, NAN, 0.9], equal_nan=True)
    assert np.allclose(words, [NAN, 12.0, 3.0, NAN], equal_nan=True)


def test_ranks_by_hand():
    assert np.allclose(ranks(np.array([3.0, NAN, 7.0, 3.0])), [2, NAN, 1, 3], equal_nan=True)


def test_min_max_by_hand():
    assert min_max(np.array([10.0, 30.0, 15.0, NAN])).tolist() == [0.0, 1.0, 0.25, 0.0]
    assert min_max(np.array([4.0, 4.0, NAN])).tolist() == [1.0, 1.0, 0.0]


def test_theoretical_min_max_by_hand():
    assert theoretical_min_max(np.array([10.0, 40.0, NAN])).tolist() == [0.25, 1.0, 0.0]
    assert theoretical_min_max(np.array([-0.5, 0.5]), floor=-1.0).tolist() == pytest.approx([1 / 3, 1.0])
    assert theoretical_min_max(np.array([-2.0, -1.0])).tolist() == [1.0, 1.0]


def test_z_score_by_hand():
    # the mean of 1, 5 and 6 is 4, the deviation the root of (9 + 1 + 4) / 3
    deviation = (14 / 3) ** 0.5
    assert z_score(np.array([1.0, 5.0, 6.0, NAN])) == pytest.approx(
        [-3 / deviation, 1 / deviation, 2 / deviation, -3 / deviation]
    )
    assert z_score(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]


def test_convex_by_hand():
    near, words = np.array([0.2, 0.6, 0.4]), np.array([8.0, NAN, 4.0])
    assert convex(near, words, 0.3) == pytest.approx([0.7, 0.3, 0.15])
    assert convex(near, words, 0.3, theoretical_min_max) == pytest.approx([0.1 + 0.7, 0.3, 0.2 + 0.35])


def test_reciprocal_rank_by_hand():
    first, second = np.array([0.9, 0.8, NAN]), np.array([NAN, 5.0, 9.0])
    assert reciprocal_rank(first, second) == pytest.approx([1 / 61, 1 / 62 + 1 / 62, 1 / 61])


@given(SCORES)
def test_normalised_scores_are_finite_and_keep_the_order(scores):
    for normalise in (min_max, theoretical_min_max, z_score):
        result = normalise(scores)
        assert np.isfinite(result).all()
        known = ~np.isnan(scores)
        order = np.argsort(scores[known], kind="stable")
        assert (np.diff(result[known][order]) >= -1e-9).all()
        if known.any():
            assert (result[~known] <= result[known].min() + 1e-9).all()


@given(SCORES, st.floats(0, 1))
def test_the_weight_is_a_mixture(scores, weight):
    assert convex(scores, scores, weight) == pytest.approx(min_max(scores))
