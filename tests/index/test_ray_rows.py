"""What crosses between machines comes back as it was sent, and is refused where it was changed on the way."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import article_from_text
from corpus.errors import LibraryError
from corpus.files import ReadFailure
from index.prepared import embed_prepared, prepare_article
from index.ray_rows import (
    DONE,
    TASK,
    Embedded,
    Stored,
    Task,
    embedded_row,
    failed_row,
    opened,
    stored_row,
    troubled_row,
)
from index.reading import Passed, Unread
from index.storing import Outcome

UNREAD = Unread(Path("ferry.txt"), "/articles/ferry.txt", "1 99-7 -")
TEXT = "Ferry Aurinko is back\n\nIlse Brandt: It left Hanko at noon.\n\nJun Sato: With whom?\n\nIlse Brandt: With 41."


@pytest.fixture
def prepared(embedder):
    return prepare_article(article_from_text(TEXT), embedder.count_tokens, source=UNREAD.source, stamp=UNREAD.stamp)


@pytest.fixture
def row(prepared, embedder):
    (addition,) = embed_prepared([prepared], embedder)
    return embedded_row(3, prepared, addition, embedder.id)


def test_an_embedded_article_comes_back_whole(prepared, row, embedder):
    found = opened(row, UNREAD, embedder.dimension)
    assert isinstance(found, Embedded)
    assert found.read.prepared == prepared
    (addition,) = embed_prepared([prepared], embedder)
    assert np.array_equal(found.vectors, addition.vectors)
    assert list(row) == list(DONE)


@pytest.mark.parametrize("error", [None, LibraryError("the disk is full; free some space")])
def test_what_became_of_a_stored_article_comes_back(prepared, error):
    outcome = Outcome(known=True, near_duplicate_of="ab12", stored=True, changed=True, passages=3, error=error)
    found = opened(stored_row(3, prepared, outcome, "m"), UNREAD, 64)
    assert isinstance(found, Stored)
    assert (found.read.path, found.read.prepared.article) == (UNREAD.path, prepared.article)
    assert (str(found.outcome.error), found.outcome.near_duplicate_of) == (str(error), "ab12")
    assert (found.outcome.known, found.outcome.stored, found.outcome.changed, found.outcome.passages) == (
        *[True] * 3,
        3,
    )


def test_a_failure_comes_back_with_its_line():
    found = opened(failed_row(3, ReadFailure(UNREAD.path, "ferry.txt: it is empty; write something")), UNREAD, 64)
    assert found == Passed(UNREAD.path, failure=ReadFailure(UNREAD.path, "ferry.txt: it is empty; write something"))
    assert troubled_row(3, "why")["trouble"] == "why"


@pytest.mark.parametrize(
    "columns",
    [
        {"vectors": b"\0" * 7},
        {"vectors": b""},
        {"passages": "[]"},
        {"passages": "{"},
        {"passages": '{"rows": [[1, 2]], "bands": []}'},
        {"passages": '{"rows": [], "bands": ["x"]}'},
        {"passages": '{"rows": []}'},
        {"found": b"{}"},
        {"found": b"\xff"},
        {"outcome": "{}"},
        {"outcome": '{"error": null, "more": 1}'},
    ],
)
def test_a_row_that_makes_no_sense_is_a_failure_of_its_file(row, columns):
    found = opened({**row, **columns}, UNREAD, 64)
    assert isinstance(found, Passed)
    assert found.path == UNREAD.path
    assert found.failure is not None


@given(st.binary(min_size=1, max_size=40).filter(lambda name: b"\0" not in name), st.none() | st.binary())
def test_files_of_any_name_and_content_are_sent_whole(name, content):
    path = Path(os.fsdecode(name))
    sidecar = None if content is None else (path.name, content)
    task = Task(5, path, "/a", None, content, sidecar)
    assert list(task.row()) == list(TASK)
    assert Task.from_row(task.row()) == task
