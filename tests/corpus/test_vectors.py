"""Vectors read in parts: the same as all at once, and checked like them."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest

from corpus.errors import LibraryError
from corpus.library import Library
from corpus.types import Article, Passage, Span


def add(library, name, count, seed):
    text = "Rain. " * count
    passages = [Passage(f"{name}:{n}", name, Span(6 * n, 6 * n + 5)) for n in range(count)]
    vectors = np.random.default_rng(seed).normal(size=(count, 6)).astype(np.float32)
    library.add(Article(name, text), passages, vectors, model_id="m")


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", create=True) as opened:
        for seed, (name, count) in enumerate([("a", 4), ("b", 7), ("c", 2)]):
            add(opened, name, count, seed)
        opened.remove("a")
        yield opened


def test_blocks_and_choices_are_parts_of_all(library):
    rowids, vectors = library.vectors("m")
    table = library.vector_table("m")
    assert table.rowids().tolist() == rowids.tolist() == list(range(5, 14))
    for size in (1, 4, 9, 100):
        blocks = list(table.blocks(size))
        assert np.array_equal(np.concatenate([block[0] for block in blocks]), rowids)
        assert np.array_equal(np.concatenate([block[1] for block in blocks]), vectors)
    assert [block[0].tolist() for block in table.blocks(3, after=9)] == [[10, 11, 12], [13]]
    some, of_some = table.of(np.array([12, 3, 5, 99, 6]))
    assert some.tolist() == [5, 6, 12]
    assert np.array_equal(of_some, vectors[[0, 1, 7]])


def test_counts(library):
    table = library.vector_table("m")
    assert table.count() == 9
    assert table.count(after=5) == 8
    assert [table.count(up_to=last) for last in (0, 4, 5, 12, 13, 99)] == [0, 0, 1, 8, 9, 9]


def test_a_model_without_vectors_has_none(library):
    table = library.vector_table("another")
    assert table.count() == 0
    assert len(table.rowids()) == 0
    assert list(table.blocks()) == []
    assert table.of(np.array([5]))[1].shape == (0, 0)


def test_a_damaged_vector_is_never_handed_out(library):
    with sqlite3.connect(library.path / "library.db") as connection:
        connection.execute("UPDATE embeddings SET vector = zeroblob(24) WHERE passage = 7")
    connection.close()
    table = library.vector_table("m")
    for read in (lambda: table.of(np.array([7])), lambda: list(table.blocks(2))):
        with pytest.raises(LibraryError, match="passage 7 is damaged"):
            read()
    assert table.of(np.array([6, 8]))[0].tolist() == [6, 8]
