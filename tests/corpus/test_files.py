from __future__ import annotations

from pathlib import Path

import pytest

from corpus.bundled import bundled_articles
from corpus.errors import ArticleError
from corpus.files import ReadFailure, article_files, read_articles
from corpus.types import Article

WORDS = "The ferry sailed again on Monday, and two hundred people waved from the pier."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "articles"
    (root / "b").mkdir(parents=True)
    (root / ".hidden").mkdir()
    outside = tmp_path / "outside.txt"
    for path in (
        root / "c.txt",
        root / "a.md",
        root / "b" / "z.txt",
        root / ".x.txt",
        root / ".hidden" / "y.txt",
        outside,
    ):
        path.write_text(f"{WORDS} {path.name}")
    (root / "c.meta.json").write_text("{}")
    (root / "picture.png").write_bytes(b"\x89PNG\r\n")
    (root / "leaves.txt").symlink_to(outside)
    (root / "loop.txt").symlink_to(root / "loop.txt")
    (root / "up").symlink_to(tmp_path)
    return root


def test_a_folder_is_walked_in_order_without_what_is_no_article(folder: Path) -> None:
    assert [path.relative_to(folder).as_posix() for path in article_files([folder])] == ["a.md", "c.txt", "b/z.txt"]


def test_each_file_comes_once(folder: Path) -> None:
    paths: list[Path | str] = [folder / "c.txt", folder, str(folder / "b")]
    assert [path.name for path in article_files(paths)] == ["c.txt", "a.md", "z.txt"]
    assert len([item for item in read_articles(paths) if isinstance(item, Article)]) == 3


def test_a_missing_path_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path, says in (
        (tmp_path / "none", "no such file"),
        (tmp_path / "empty", "no article files"),
        ("a\x00b", "no such file|cannot be read"),
    ):
        with pytest.raises(ArticleError, match=says):
            list(article_files([path]))


def test_one_bad_file_stops_no_other(folder: Path) -> None:
    (folder / "b" / "bad.txt").write_bytes(bytes(range(256)) * 9)
    (folder / "c.meta.json").write_text('{"title": 1}')
    items = list(read_articles([folder / "gone", folder]))
    failures = [item for item in items if isinstance(item, ReadFailure)]
    assert [failure.path.name for failure in failures] == ["gone", "c.txt", "bad.txt"]
    assert all(failure.message and "\n" not in failure.message for failure in failures)
    assert len([item for item in items if isinstance(item, Article)]) == 2


def test_the_bundled_articles_are_there() -> None:
    assert len(bundled_articles()) == 2
    assert all(isinstance(item, Article) for item in read_articles(bundled_articles()))
