from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import InputError
from corpus.types import Article
from qa import Engine
from qa.batch import Answerer, Asked
from qa.evaluation.show import BUNDLED_GOLD, evaluation_page

LINES: list[dict[str, Any]] = [
    {
        "id": "a",
        "question": "Where was the mirror polished?",
        "answers": [{"article": "observatory", "text": "Leiden"}],
    },
    {"id": "b", "question": "Who won the chess championship in 1972?", "answers": []},
    {"id": "c", "question": "Who sang in Oslo?", "answers": [{"article": "opera", "text": "<b>nobody</b>"}]},
    {"id": "d", "question": "How long is it?", "answers": [], "draft": "find out"},
]


@pytest.fixture(scope="module")
def engine(library_folder: Path) -> Iterator[Engine]:
    with Engine.open(library_folder) as opened:
        yield opened


def write(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_questions_are_counted_as_they_are_asked_and_a_page_comes_last(engine: Engine, tmp_path: Path) -> None:
    *steps, page = evaluation_page(engine, write(tmp_path / "8f3a", *LINES, "{"), "my <own>.jsonl")
    assert steps == [(0, 2), (1, 2), (2, 2)]
    assert isinstance(page, str)
    assert page.casefold().startswith("<!doctype html>")
    assert "Evaluation on my &lt;own&gt;.jsonl" in page
    assert "Where was the mirror polished?" in page
    assert "opera" in page  # what could not be asked is told in the report
    assert "<b>nobody" not in page
    assert "8f3a" not in page


def test_an_engine_that_is_lent_stays_open(engine: Engine) -> None:
    with Answerer.over(engine) as answerer:
        (found,) = answerer.answer([Asked("Where was the mirror polished?")])
    assert answerer.engine is engine
    assert getattr(found, "text", None) == "Leiden"
    assert len(engine.articles()) == 2


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (LINES[2:3], r"none of the questions in own\.jsonl is about these articles; choose a file that is"),
        (LINES[:3], r"none of the questions in own\.jsonl is about these articles"),
        (LINES[3:], r"no question in own\.jsonl can be used; finish its drafts first"),
        (["{", "[]"], r"no question in own\.jsonl can be used; line 1: "),
        ([""], r"own\.jsonl: no questions in it"),
    ],
    ids=["another article", "only questions without answers fit", "drafts", "no JSON", "empty"],
)
def test_a_file_without_a_question_for_these_articles_is_refused(
    unread: Engine, tmp_path: Path, lines: list[object], reason: str
) -> None:
    gold = write(tmp_path / "upload-7", *lines)
    with pytest.raises(InputError, match=reason) as caught:
        next(evaluation_page(unread, gold, "own.jsonl"))
    assert str(tmp_path) not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["missing", "not UTF-8"])
def test_a_file_that_cannot_be_read_is_told_by_its_own_name(
    unread: Engine, tmp_path: Path, content: bytes | None
) -> None:
    gold = tmp_path / "upload-7"
    if content is not None:
        gold.write_bytes(content)
    with pytest.raises(InputError, match=r"cannot read own\.jsonl") as caught:
        next(evaluation_page(unread, gold, "own.jsonl"))
    assert str(tmp_path) not in str(caught.value)


def test_the_bundled_questions_are_refused_where_their_articles_are_not(unread: Engine, speech: Article) -> None:
    assert BUNDLED_GOLD.is_file()
    with pytest.raises(InputError, match="choose a file that is"):
        next(evaluation_page(unread, BUNDLED_GOLD, BUNDLED_GOLD.name))


def test_an_empty_library_has_nothing_to_be_asked(tmp_path: Path) -> None:
    with (
        Engine.open(tmp_path / "empty", create=True) as empty,
        pytest.raises(InputError, match="choose a file that is"),
    ):
        next(evaluation_page(empty, BUNDLED_GOLD, BUNDLED_GOLD.name))
