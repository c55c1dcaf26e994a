"""Exact search against a plain matrix product."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense import DenseIndex


def unit(count: int, dimension: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@settings(max_examples=50, deadline=None)
@given(n=st.integers(1, 80), k=st.integers(1, 100), seed=st.integers(0, 1000), limit=st.none() | st.integers(0, 80))
def test_equals_a_matrix_product(n, k, seed, limit):
    vectors, queries = unit(n, 8, seed), unit(3, 8, seed + 1)
    rowids = np.cumsum(np.random.default_rng(seed).integers(1, 9, n)).astype(np.int64)
    restrict = None if limit is None else np.append(rowids[:limit], 10_000_000)
    allowed = n if limit is None else min(limit, n)
    found, scores = DenseIndex.build(rowids, vectors).search(queries, k, restrict=restrict)
    expected = queries @ vectors[:allowed].T
    order = np.argsort(-expected, axis=1)[:, :k]
    assert found.shape == (3, min(k, allowed))
    assert np.array_equal(found, rowids[:allowed][order])
    assert np.allclose(scores, np.take_along_axis(expected, order, axis=1), atol=1e-6)


def test_a_batch_equals_single_searches_to_the_bit():
    index, queries = DenseIndex.build(np.arange(1, 501), unit(500, 64, 0)), unit(70, 64, 1)
    rowids, scores = index.search(queries, 20)
    for row, query in enumerate(queries):
        single_rowids, single_scores = index.search(query[None], 20)
        assert np.array_equal(single_rowids[0], rowids[row])
        assert np.array_equal(single_scores[0], scores[row])


def test_equal_vectors_come_in_the_order_of_their_rowids():
    vectors = np.repeat(unit(1, 8, 0), 5, axis=0)
    rowids, scores = DenseIndex.build(np.array([2, 3, 5, 7, 11]), vectors).search(vectors[:1], 5)
    assert rowids.tolist() == [[2, 3, 5, 7, 11]]
    assert len(set(scores[0].tolist())) == 1


def test_nothing_indexed_nothing_asked():
    empty = DenseIndex.build(np.empty(0, np.int64), np.empty((0, 0), np.float32))
    assert empty.search(unit(2, 8, 0), 5)[0].shape == (2, 0)
    assert np.isnan(empty.scores(unit(1, 8, 0)[0], np.array([1, 2]))).all()
    full = DenseIndex.build(np.array([1]), unit(1, 8, 0))
    assert full.search(np.empty((0, 8), np.float32), 5)[0].shape == (0, 0)
    assert full.search(unit(1, 8, 0), 0)[0].shape == (1, 0)
    assert full.search(unit(1, 8, 0), 5, restrict=np.empty(0, np.int64))[0].shape == (1, 0)


def test_scores_of_given_passages():
    vectors = unit(4, 8, 0)
    scores = DenseIndex.build(np.array([10, 20, 30, 40]), vectors).scores(vectors[1], np.array([40, 20, 25, 99]))
    assert scores[1] == pytest.approx(1.0)
    assert scores[0] == pytest.approx(float(vectors[3] @ vectors[1]))
    assert np.isnan(scores[2:]).all()


def test_what_does_not_match_is_refused():
    with pytest.raises(ValueError, match="as many vectors"):
        DenseIndex.build(np.array([1]), unit(2, 8, 0))
    with pytest.raises(ValueError, match="ascend"):
        DenseIndex.build(np.array([2, 1]), unit(2, 8, 0))
