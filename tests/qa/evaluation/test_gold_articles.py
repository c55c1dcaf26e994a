from __future__ import annotations

from pathlib import Path

import pytest

from corpus.bundled import bundled_articles
from corpus.errors import LibraryError
from corpus.library import Library
from corpus.types import Article
from qa.evaluation.gold_articles import Shelf, library_texts, open_shelf


def shelf(*named: tuple[str, tuple[str, ...]]) -> Shelf:
    return Shelf(named, lambda article_id: Article(article_id, f"text of {article_id}"))


def test_an_article_goes_by_its_id_and_by_the_name_of_its_file() -> None:
    found = shelf(("a1", ("/somewhere/ferry.html",)), ("b2", ()))
    assert [found[name] for name in ("a1", "ferry", "ferry.html", "b2")] == ["text of a1"] * 3 + ["text of b2"]
    assert list(found) == ["a1", "b2"]
    assert len(found) == 2
    assert "somewhere" not in found
    assert (found.id_of("ferry"), found.id_of("mill")) == ("a1", None)
    with pytest.raises(KeyError):
        found["mill"]


def test_a_file_name_that_two_articles_share_names_neither() -> None:
    found = shelf(("a1", ("/one/index.html",)), ("b2", ("/two/index.html",)), ("c3", ("/three/a1.txt",)))
    assert "index" not in found
    assert "index.html" not in found
    assert found["a1"] == "text of a1"


def test_a_library_is_read_as_it_stands(library_folder: Path) -> None:
    with open_shelf(library_folder) as found:
        assert "left the harbour at 5:40" in found["tramway"]
        assert found["observatory.md"] == found[str(found.id_of("observatory"))]
        assert found.article("tramway").author == "Ilka Moreau"
    with Library.open(library_folder) as library:
        assert set(library_texts(library)) == {summary.id for summary in library.articles()}


def test_the_bundled_articles_stand_for_a_default_library_that_is_not_made_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_LIBRARY", str(tmp_path / "none"))
    with open_shelf() as found:
        assert {path.stem for path in bundled_articles()} <= set(found.names)
    assert not (tmp_path / "none").exists()
    with pytest.raises(LibraryError, match="there is none"), open_shelf(tmp_path / "none"):
        pass
