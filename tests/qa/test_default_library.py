from pathlib import Path

import pytest

import qa
from corpus.bundled import bundled_articles
from qa.default_library import default_folder


def test_the_default_library_is_built_once_and_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "library"
    monkeypatch.setenv("QA_LIBRARY", str(folder))
    monkeypatch.setattr(qa, "_engines", {})
    assert default_folder() == folder
    found = qa.answer("How many major projects were launched?")
    assert found.text is not None
    assert "40" in found.text
    with qa.Engine.open() as engine:
        assert len(engine.articles()) == len(bundled_articles()) == 2
        generation = engine.library.generation
    with qa.Engine.open() as engine:
        assert engine.library.generation == generation


def test_what_was_removed_from_the_default_library_stays_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_LIBRARY", str(tmp_path / "library"))
    with qa.Engine.open() as engine:
        for article in engine.articles():
            engine.remove(article.id)
    with qa.Engine.open() as engine:
        assert engine.articles() == []


def test_the_public_names_are_these() -> None:
    assert sorted(qa.__all__) == ["Alternative", "Answer", "Citation", "Engine", "Filter", "QAError", "answer"]
