"""A library copied while others use it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus import article_from_text, split_passages
from corpus.copies import copy_library, stored_bytes
from corpus.errors import LibraryError
from corpus.library import Library
from corpus.schema import FILE_NAME


def add(library: Library, text: str) -> str:
    article = article_from_text(text)
    passages = split_passages(article)
    library.add(article, passages, np.ones((len(passages), 4), np.float32), model_id="m", source=f"{text[:5]}.txt")
    return article.id


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    folder.mkdir()
    return folder


def test_a_copy_holds_the_same_and_then_goes_its_own_way(tmp_path: Path, copied: Path) -> None:
    with Library.open(tmp_path / "source", create=True) as source:
        first = add(source, "The mill of Torrin grinds again after forty years.")
        with copy_library(source, copied) as copy:
            assert copy.articles() == source.articles()
            assert copy.article(first) == source.article(first)
            (rowids, vectors), (same_rowids, same_vectors) = copy.vectors("m"), source.vectors("m")
            assert np.array_equal(rowids, same_rowids)
            assert np.array_equal(vectors, same_vectors)
            assert copy.check() == []
            second = add(copy, "The bridge of Ohlen was closed on Friday.")
            copy.remove(first)
            assert [article.id for article in copy.articles()] == [second]
            assert [article.id for article in source.articles()] == [first]
        assert stored_bytes(source) == (copied / FILE_NAME).stat().st_size


def test_what_another_is_writing_is_not_waited_for_and_not_seen(tmp_path: Path, copied: Path) -> None:
    with Library.open(tmp_path / "source", create=True) as source:
        add(source, "The mill of Torrin grinds again after forty years.")
        with source._connections.writing() as connection:
            connection.execute("DELETE FROM articles")
            with copy_library(source, copied) as copy:
                assert len(copy.articles()) == 1
        assert source.articles() == []


def test_a_copy_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with (
        Library.open(tmp_path / "source", create=True) as source,
        pytest.raises(LibraryError, match="cannot be opened"),
    ):
        copy_library(source, tmp_path / "nowhere")


def test_released_files_are_opened_again_when_they_are_needed(tmp_path: Path) -> None:
    with Library.open(tmp_path / "source", create=True) as library:
        add(library, "The mill of Torrin grinds again after forty years.")
        library.release()
        library.release()
        assert not library._connections._open
        assert len(library.articles()) == 1
        with library.snapshot():
            library.release()  # what reads one state goes on reading it
            assert len(library.articles()) == 1
    library.release()
    with pytest.raises(LibraryError, match="closed"):
        library.articles()
