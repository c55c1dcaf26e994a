"""An earlier database beside indexes of later states: what was derived from those is gone before it can be used."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus import article_from_text, split_passages
from corpus.derived import drop_lost
from corpus.library import Library
from corpus.schema import FILE_NAME
from index.retriever import Retriever


class Words:
    """Every text lies in the same place: only words tell passages apart."""

    id = "same"
    dimension = 2

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full((len(texts), 2), 0.5**0.5, np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


def add(library: Library, text: str) -> None:
    article = article_from_text(text)
    passages = split_passages(article, count_tokens=Words().count_tokens)
    library.add(article, passages, Words().embed([""] * len(passages)), model_id=Words.id)


def best(library: Library, query: str) -> str:
    (hit,) = Retriever(library, Words()).search(query, 1)
    return hit.passage.span.of(library.article(hit.passage.article_id).text)


@pytest.mark.parametrize("more", [0, 1], ids=["as many changes", "more changes"])
def test_a_backup_that_was_put_back_is_not_searched_with_the_index_of_a_lost_state(
    tmp_path: Path, more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.stored_lexical.IN_MEMORY_PASSAGES", 0)
    with Library.open(tmp_path / "library", create=True) as library:
        add(library, "The quay of Marrow was closed.")
    shutil.copy(library.path / FILE_NAME, tmp_path / "backup")
    with Library.open(library.path) as library:
        add(library, "The mill at Sorn burned down.")
        assert "mill" in best(library, "mill")
    shutil.copy(tmp_path / "backup", library.path / FILE_NAME)
    with Library.open(library.path) as library:
        for text in ("The choir of Ulm sang in Tarn.", "Rain flooded the lower town.")[: 1 + more]:
            add(library, text)
        assert "choir" in best(library, "choir")
        assert "quay" in best(library, "quay of Marrow")


def test_only_folders_of_later_states_go(tmp_path: Path) -> None:
    kept = ["lexical-7-0123456789ab", "lexical-6-0123456789ab", ".part-8", "my-2024-notes", "lexical-9", "notes.txt"]
    for name in [*kept, "lexical-8-0123456789ab", "dense-minilm-90-0123456789ab"]:
        (tmp_path / "index" / name).mkdir(parents=True)
        (tmp_path / "index" / name / "file").touch()
    drop_lost(tmp_path, lambda: 7)
    assert {path.name for path in (tmp_path / "index").iterdir()} == set(kept)


def test_without_indexes_nothing_is_asked(tmp_path: Path) -> None:
    drop_lost(tmp_path, lambda: 1 // 0)
    (tmp_path / "index").mkdir()
    drop_lost(tmp_path, lambda: 1 // 0)
