"""Pages in the library: kept, sealed, checked; libraries made before there were pages open as they are."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus import schema
from corpus.article import article_from_text
from corpus.errors import LibraryError
from corpus.library import Library
from corpus.pages import pages_from_ends
from corpus.types import Article, Span
from corpus.writes import Addition

TEXT = "The harbour of Leixões reopened on Monday.\n\nThe first ship came from Ílhavo."
PAGED = article_from_text(TEXT, clean=False, pages=pages_from_ends([0, 44, len(TEXT)]))
PLAIN = article_from_text(TEXT + " Again.", clean=False)

FORMAT_1 = """DROP TABLE articles; CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, title TEXT, author TEXT,
    publisher TEXT, published TEXT, url TEXT, format TEXT NOT NULL, sha256 TEXT NOT NULL, turns TEXT NOT NULL,
    crc INTEGER NOT NULL, added_at TEXT NOT NULL); PRAGMA user_version = 1;"""


def add(library: Library, article: Article) -> bool:
    return library.add(article, [], np.empty((0, 4), np.float32), model_id="toy", source="a.pdf")


@pytest.fixture
def old_folder(tmp_path: Path) -> Path:
    """A library as format 1 had it, with one article."""
    with Library.open(tmp_path, create=True) as library:
        add(library, PLAIN)
    connection = sqlite3.connect(tmp_path / schema.FILE_NAME)
    columns = "number, id, text, title, author, publisher, published, url, format, sha256, turns, crc, added_at"
    (row,) = connection.execute(f"SELECT {columns} FROM articles").fetchall()
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.executescript(FORMAT_1)
    connection.execute(f"INSERT INTO articles VALUES ({', '.join('?' * len(row))})", row)
    connection.commit()
    connection.close()
    return tmp_path


def version_of(folder: Path) -> int:
    connection = sqlite3.connect(folder / schema.FILE_NAME)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(version)


def test_pages_come_back_as_they_went_in(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        assert add(library, PAGED)
        assert not add(library, PAGED)
    with Library.open(tmp_path) as library:
        assert library.article(PAGED.id) == PAGED
        assert library.check() == []


def test_the_same_text_on_other_pages_replaces_them(tmp_path: Path) -> None:
    other = replace(PAGED, pages=pages_from_ends([10, len(TEXT)]))
    with Library.open(tmp_path, create=True) as library:
        add(library, PAGED)
        assert add(library, other)
        assert library.article(PAGED.id).pages == other.pages


def test_pages_that_do_not_cover_their_text_are_refused() -> None:
    with pytest.raises(LibraryError, match="pages of article"):
        Addition(replace(PAGED, pages=(Span(0, 5),)), [], np.empty((0, 4), np.float32))


@pytest.mark.parametrize("ends", ["'[3, 5]'", "NULL", "'[44]'"])
def test_altered_pages_are_never_served(tmp_path: Path, ends: str) -> None:
    with Library.open(tmp_path, create=True) as library:
        add(library, PAGED)
    connection = sqlite3.connect(tmp_path / schema.FILE_NAME)
    connection.execute(f"UPDATE articles SET pages = {ends}")
    connection.commit()
    connection.close()
    with Library.open(tmp_path) as library:
        assert "damaged" in library.check()[0]
        with pytest.raises(LibraryError, match="damaged"):
            library.article(PAGED.id)


def test_a_library_of_format_1_is_brought_up_and_takes_pages(old_folder: Path) -> None:
    with Library.open(old_folder) as library:
        assert library.article(PLAIN.id) == PLAIN
        assert version_of(old_folder) == schema.VERSION
        assert add(library, PAGED)
        assert library.article(PAGED.id) == PAGED
        assert library.check() == []


def test_a_library_of_format_1_that_may_only_be_read_opens_as_it_is(
    old_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.opening.os.access", lambda path, mode: False)
    before = (old_folder / schema.FILE_NAME).read_bytes()
    with Library.open(old_folder) as library:
        assert library.read_only
        assert library.article(PLAIN.id) == PLAIN
        assert [summary.id for summary in library.articles()] == [PLAIN.id]
        assert library.check() == []
    assert (old_folder / schema.FILE_NAME).read_bytes() == before
    assert version_of(old_folder) == 1


def test_an_older_library_gets_all_that_is_new(old_folder):
    connection = sqlite3.connect(old_folder / schema.FILE_NAME)
    connection.executescript(
        "DROP TABLE removed; DROP TABLE bands; ALTER TABLE sources DROP COLUMN stamp; PRAGMA user_version = 1"
    )
    connection.close()
    with Library.open(old_folder) as library:
        assert library.removed_since(0).tolist() == []
        assert library.stamps(["a.pdf"]) == {}
        assert library.check() == []
        library.remove(PLAIN.id)
        assert add(library, PAGED)
    assert version_of(old_folder) == schema.VERSION
