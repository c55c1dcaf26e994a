"""Following a library: after any changes the same results, to the bit, as from an index made anew."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.library import Addition, Library
from corpus.types import Article, Passage, Span
from index.dense import DenseIndex

MODEL = "model"
DIMENSION = 8
LARGE = 10**9


def vectors_of(count: int, seed: int) -> np.ndarray:
    """Unit vectors, a few of them equal, as texts that are printed twice have."""
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(count, DIMENSION)).astype(np.float32)
    vectors[random.random(count) < 0.2] = 1.0
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


QUERIES = vectors_of(4, 99)


def addition(name: str, count: int, seed: int) -> Addition:
    passages = [Passage(f"{name}:{n}", name, Span(6 * n, 6 * n + 5)) for n in range(count)]
    return Addition(Article(name, "Rain. " * count), passages, vectors_of(count, seed), f"{name}.txt")


def put(library: Library, name: str, count: int, seed: int, model: str = MODEL) -> None:
    library.add_many([addition(name, count, seed)], model_id=model)


def drop(library: Library, name: str) -> None:
    if any(article.id == name for article in library.articles()):
        library.remove(name)


def fill_in(library: Library, count: int, seed: int) -> None:
    """Vectors for passages, old ones among them, that have none of this model."""
    rowids = library.missing_embeddings(MODEL)[:count]
    library.add_vectors(rowids, vectors_of(len(rowids), seed), model_id=MODEL)


def assert_equal(index: DenseIndex, library: Library, restrict: np.ndarray | None = None) -> None:
    rowids, vectors = library.vectors(MODEL)
    fresh = DenseIndex.build(rowids, vectors)
    assert len(index) == len(fresh)
    for k in (0, 1, 3, 1000):
        for some in (None, restrict, rowids[::2], rowids[:0], np.array([0, 10**6])):
            found, expected = (one.search(QUERIES, k, restrict=some) for one in (index, fresh))
            assert np.array_equal(found[0], expected[0])
            assert np.array_equal(found[1], expected[1])
    asked = np.append(rowids, [0, 10**6])
    assert np.array_equal(index.scores(QUERIES[0], asked), fresh.scores(QUERIES[0], asked), equal_nan=True)


names = st.sampled_from("abcdef")
changes = st.lists(
    st.one_of(
        st.tuples(st.just(put), names, st.integers(0, 5), st.integers(0, 50)),
        st.tuples(st.just(drop), names),
        st.tuples(st.just(fill_in), st.integers(0, 4), st.integers(0, 50)),
        st.tuples(st.just(put), names, st.integers(0, 5), st.integers(0, 50), st.just("other")),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(steps=changes, skip=st.sets(st.integers(0, 11)))
def test_any_changes(tmp_path_factory, steps, skip):
    with Library.open(tmp_path_factory.mktemp("follow") / "library", create=True) as library:
        index = None
        for number, (change, *arguments) in enumerate(steps):
            change(library, *arguments)
            if number not in skip:  # several changes at once
                index = DenseIndex.follow(library, MODEL, index)
        assert_equal(DenseIndex.follow(library, MODEL, index), library)
        assert_equal(DenseIndex.follow(library, MODEL), library)


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", create=True) as opened:
        for number in range(30):
            put(opened, f"article-{number}", 20, number)
        yield opened


def results(index: DenseIndex) -> list[list[int]]:
    return index.search(QUERIES, 50)[0].tolist()


def test_an_earlier_index_stays_what_it_was(library):
    first = DenseIndex.follow(library, MODEL)
    before, kept = results(first), library.vectors(MODEL)
    put(library, "new", 40, 77)
    second = DenseIndex.follow(library, MODEL, first)
    library.remove("article-3")
    third = DenseIndex.follow(library, MODEL, second)
    assert results(first) == before
    assert (len(first), len(second), len(third)) == (600, 640, 620)
    assert np.array_equal(first.search(kept[1], 1)[1], DenseIndex.build(*kept).search(kept[1], 1)[1])
    assert_equal(third, library)


def test_two_followers_of_one_index_do_not_write_over_each_other(library):
    first = DenseIndex.follow(library, MODEL)
    put(library, "left", 3, 7)
    left = DenseIndex.follow(library, MODEL, first)
    expected = results(left)
    library.remove("left")
    put(library, "right", 3, 8)
    right = DenseIndex.follow(library, MODEL, first)
    assert results(left) == expected
    assert_equal(right, library)


def test_what_was_there_is_shared_and_not_read_again(library, monkeypatch):
    index = DenseIndex.follow(library, MODEL)
    put(library, "new", 3, 7)
    read: list[int] = []
    vectors = Library.vectors

    def spy(self, *arguments, **named):
        found = vectors(self, *arguments, **named)
        read.append(len(found[0]))
        return found

    monkeypatch.setattr(Library, "vectors", spy)
    grown = DenseIndex.follow(library, MODEL, index)
    assert read == [3]
    assert np.shares_memory(grown.state.rows.vectors, index.state.rows.vectors)
    assert DenseIndex.follow(library, MODEL, grown).state is grown.state


def test_removed_passages_are_left_out_for_good_once_they_are_many(library):
    index = DenseIndex.follow(library, MODEL)
    for number in range(20):
        library.remove(f"article-{number}")
        index = DenseIndex.follow(library, MODEL, index)
        assert_equal(index, library)
    assert len(index.state.rows.rowids) < 300


def test_all_removed_and_begun_again(library):
    index = DenseIndex.follow(library, MODEL)
    for article in library.articles():
        library.remove(article.id)
    index = DenseIndex.follow(library, MODEL, index)
    assert_equal(index, library)
    put(library, "again", 5, 1)
    assert_equal(DenseIndex.follow(library, MODEL, index), library)


def test_an_index_of_another_model_is_no_start(library):
    index = DenseIndex.follow(library, MODEL)
    assert len(DenseIndex.follow(library, "other", index)) == 0


def test_threads_that_search_while_it_grows(library):
    index, stop, wrong = DenseIndex.follow(library, MODEL), threading.Event(), []

    def search(held: DenseIndex, expected: list[list[int]]) -> Callable[[], None]:
        def run() -> None:
            while not stop.is_set():
                if results(held) != expected:
                    wrong.append(held)

        return run

    threads = []
    for number in range(4):
        threads.append(threading.Thread(target=search(index, results(index))))
        threads[-1].start()
        put(library, f"more-{number}", 30, 200 + number)
        index = DenseIndex.follow(library, MODEL, index)
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert_equal(index, library)
