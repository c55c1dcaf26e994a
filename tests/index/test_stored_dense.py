"""Stored lists of vectors: found again, brought up to date, right at any filter."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.library import Addition, Library
from corpus.types import Article, Passage, Span
from index import stored_dense_files as files
from index.dense import DenseIndex

MODEL = "model"
DIMENSION = 24
LIMIT = 1000
PASSAGES = 2400


def vectors_of(count: int, seed: int) -> np.ndarray:
    """Unit vectors in a few dozen heaps, as subjects make them, some of them equal."""
    heaps = np.random.default_rng(5).normal(size=(40, DIMENSION))
    random = np.random.default_rng(seed)
    vectors = heaps[random.integers(0, 40, count)] + 0.7 * random.normal(size=(count, DIMENSION))
    vectors[random.random(count) < 0.02] = heaps[0]
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


QUERIES = vectors_of(40, 99)


def put(library: Library, name: str, count: int, seed: int, *, model: str = MODEL) -> None:
    passages = [Passage(f"{name}:{n}", name, Span(6 * n, 6 * n + 5)) for n in range(count)]
    addition = Addition(Article(name, "Rain. " * count), passages, vectors_of(count, seed), f"{name}.txt")
    library.add_many([addition], model_id=model)


def follow(library: Library, previous: DenseIndex | None = None, limit: int = LIMIT) -> DenseIndex:
    return DenseIndex.follow(library, MODEL, previous, limit=limit)


def store(library: Library) -> bool:
    return DenseIndex.store(library, MODEL, limit=LIMIT)


def exact(library: Library) -> DenseIndex:
    return DenseIndex.build(*library.vectors(MODEL))


def folders(library: Library) -> list[Path]:
    return sorted(path for path in (library.path / "index").iterdir() if path.is_dir())


def recall(index: DenseIndex, library: Library, k: int = 10, restrict: np.ndarray | None = None) -> float:
    """The share of the exact k nearest that are found; all that is found must have its exact score."""
    fresh = exact(library)
    truth, _ = fresh.search(QUERIES, k, restrict=restrict)
    found, of_found = index.search(QUERIES, k, restrict=restrict)
    assert found.shape == truth.shape
    assert (np.diff(of_found, axis=1) <= 0).all()
    for query, rowids, given_scores in zip(QUERIES, found, of_found, strict=True):
        assert np.array_equal(fresh.scores(query, rowids), given_scores)
    if restrict is not None:
        assert np.isin(found, restrict).all()
    return float(np.mean([np.isin(row, some).mean() for row, some in zip(truth, found, strict=True)]))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A library with its stored index; tests that change it copy it."""
    path = tmp_path_factory.mktemp("stored") / "library"
    with Library.open(path, create=True) as library:
        for number in range(PASSAGES // 20):
            put(library, f"article-{number}", 20, number)
        assert store(library)
    return path


@pytest.fixture
def library(made, tmp_path):
    shutil.copytree(made, tmp_path / "library")
    with Library.open(tmp_path / "library") as opened:
        yield opened


def test_it_is_made_once_and_found_again(library):
    assert not store(library)
    assert len(folders(library)) == 1
    index = follow(library)
    assert index.state.standing is not None
    assert len(index) == PASSAGES
    assert recall(index, library) >= 0.98
    assert recall(index, library, 100) >= 0.95


def test_small_libraries_store_nothing(library):
    assert not DenseIndex.store(library, MODEL, limit=PASSAGES)
    assert follow(library, limit=PASSAGES).state.standing is None


def test_without_a_stored_one_the_first_to_need_it_makes_it(library):
    for folder in folders(library):
        for file in folder.iterdir():
            file.unlink()
    assert follow(library, limit=PASSAGES - 1).state.standing is None, "a little more is searched exactly"
    assert follow(library).state.standing is not None
    assert files.latest_generation(library, MODEL) == library.generation


@pytest.mark.parametrize("allowed", [1, 3, 30, 300, 1500, 2399])
def test_filters_are_inside_the_search(library, allowed):
    index, rowids = follow(library), library.rowids()
    for chosen in (np.random.default_rng(allowed).choice(rowids, allowed, replace=False), rowids[:allowed]):
        assert recall(index, library, restrict=np.sort(chosen)) >= 0.98


def test_a_filter_that_leaves_only_what_is_far_away(library):
    rowids, vectors = library.vectors(MODEL)
    index = follow(library)
    for query in QUERIES[:5]:
        far = np.sort(rowids[np.argsort(vectors @ query)[:1500]])
        found = index.search(query[None], 10, restrict=far)[0]
        assert np.isin(exact(library).search(query[None], 10, restrict=far)[0], found).mean() >= 0.9


def test_edges(library):
    index, rowids = follow(library), library.rowids()
    assert index.search(QUERIES, 0)[0].shape == (40, 0)
    assert index.search(QUERIES[:0], 5)[0].shape == (0, 0)
    assert index.search(QUERIES, 5, restrict=rowids[:0])[0].shape == (40, 0)
    assert index.search(QUERIES, 5, restrict=np.array([0, 10**7]))[0].shape == (40, 0)
    assert index.search(QUERIES[:2], 10**6, restrict=rowids[5:8])[0].shape == (2, 3)
    everything, expected = index.search(QUERIES[:2], 10**6), exact(library).search(QUERIES[:2], 10**6)
    assert np.array_equal(everything[0], expected[0])
    assert np.array_equal(everything[1], expected[1])
    scores = index.scores(QUERIES[0], np.array([10**7, 9, 3, 9]))
    assert np.isnan(scores[0])
    assert np.array_equal(scores[1:], exact(library).scores(QUERIES[0], np.array([9, 3, 9])))


def test_a_batch_equals_single_searches_and_every_process_agrees(library):
    index, again = follow(library), follow(library)
    rowids, scores = index.search(QUERIES, 20)
    for row, query in enumerate(QUERIES):
        single = again.search(query[None], 20)
        assert np.array_equal(single[0][0], rowids[row])
        assert np.array_equal(single[1][0], scores[row])


def test_changes_are_seen_without_making_it_anew(library):
    index = follow(library)
    base = index.state.standing.base
    put(library, "new", 50, 1000)
    grown = follow(library, index)
    assert len(index.search(QUERIES, 5000)[0][0]) == PASSAGES
    library.remove("article-7")
    library.remove("new")
    put(library, "newer", 20, 1001)
    last = follow(library, grown)
    assert last.state.standing.base is base
    for following in (last, follow(library)):
        assert len(following) == PASSAGES
        assert recall(following, library) >= 0.98
    assert not np.isin(follow(library).search(QUERIES[:1], 5000)[0], np.arange(141, 161)).any()
    assert not store(library), "little has changed"


def test_made_anew_after_a_tenth_has_changed(library):
    index = follow(library)
    for number in range(16):
        put(library, f"new-{number}", 20, 500 + number)
    assert follow(library, index).state.standing.generation == index.state.standing.generation
    assert store(library)
    assert len(folders(library)) == 1, "the older one is gone"
    for following in (follow(library, index), follow(library)):
        assert following.state.standing.generation == library.generation
        assert len(following.state.rows) == 0
        assert recall(following, library) >= 0.98
    assert recall(index, library, 5) > 0, "its files are gone, and it goes on"


def test_removing_counts_as_change(library):
    for number in range(16):
        library.remove(f"article-{number}")
    assert store(library)


def test_below_the_limit_again_it_is_exact_again(library):
    index = follow(library)
    for number in range(75):
        library.remove(f"article-{number}")
        if number % 25 == 0:
            index = follow(library, index)
            assert recall(index, library) >= 0.98
    assert follow(library, index).state.standing is None
    assert recall(follow(library, index), library, 50) == 1


def test_vectors_that_come_late_are_found(library):
    put(library, "other-model", 40, 900, model="other")
    put(library, "later", 10, 901)
    assert store(library) is False
    index = follow(library)
    missing = library.missing_embeddings(MODEL)
    assert len(missing) == 40
    library.add_vectors(missing, vectors_of(40, 902), model_id=MODEL)
    for following in (follow(library, index), follow(library)):
        assert len(following) == PASSAGES + 50
        assert recall(following, library) >= 0.98
        assert recall(following, library, restrict=np.array(missing)) == 1


@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_any_changes(made, tmp_path_factory, data):
    path = tmp_path_factory.mktemp("changes") / "library"
    shutil.copytree(made, path)
    with Library.open(path) as library:
        index = None
        for step in range(data.draw(st.integers(1, 6))):
            if data.draw(st.booleans()):
                put(library, f"new-{data.draw(st.integers(0, 3))}", data.draw(st.integers(1, 30)), 600 + step)
            elif data.draw(st.booleans()):
                library.remove(data.draw(st.sampled_from([article.id for article in library.articles()])))
            else:
                store(library)
            if data.draw(st.booleans()):
                index = follow(library, index)
        rowids = library.vectors(MODEL)[0]
        for following in (follow(library, index), follow(library)):
            assert len(following) == len(rowids)
            assert np.array_equal(np.sort(following.search(QUERIES[:1], 10**5)[0][0]), rowids)
            assert recall(following, library) >= 0.97
