from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from corpus.errors import InputError
from qa.conversation import MOST_TURNS, next_turn
from qa.question import MAX_QUESTION_CHARACTERS, checked_question
from qa.ratings import Ratings
from qa.serving import named_library
from qa.web.terminal import Inert
from tests.app.conftest import ROOT


def test_every_test_that_the_threat_model_names_is_there() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:trust|app|qa|corpus)/[\w./*-]+|test_[\w.]+)`", text)
    assert len(named) > 12
    missing = [name for name in named if not list((ROOT / "tests").glob(name.rstrip("/")))]
    assert missing == []


def test_every_finding_that_was_mended_names_a_test_that_is_there() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    found = text.partition("\n## Found and mended\n")[2].partition("\n## ")[0]
    rows = [line for line in found.splitlines() if line.startswith("| ") and not line.startswith(("| what ", "| **"))]
    assert len(rows) > 40
    named = [re.findall(r"`([\w/]+\.py)::(test_\w+)`", row.rpartition(" | ")[2]) for row in rows]
    assert [row for row, tests in zip(rows, named, strict=True) if not tests] == []
    missing = [
        f"{file}::{name}"
        for file, name in (test for tests in named for test in tests)
        if not (ROOT / "tests" / file).is_file()
        or f"def {name}(" not in (ROOT / "tests" / file).read_text(encoding="utf-8")
    ]
    assert missing == []


@pytest.mark.parametrize(("host", "passwords"), [("0.0.0.0", False), ("192.0.2.1", True), ("127.0.0.1", True)])
def test_where_the_library_lies_is_told_on_this_machine_alone(host: str, passwords: bool) -> None:
    assert named_library(Path("/srv/articles"), host, has_passwords=passwords) == Path("DIR")
    assert named_library(Path("/srv/articles"), "127.0.0.1", has_passwords=False) == Path("/srv/articles")
    assert named_library(None, host, has_passwords=passwords) is None


def test_half_a_character_is_no_question() -> None:
    for question in ("Who is \ud800?", "\udcff"):
        with pytest.raises(InputError, match="half of a character"):
            checked_question(question)


def test_a_question_that_cannot_be_asked_is_not_kept_whole() -> None:
    class Anything:
        def articles(self) -> tuple[()]:
            return ()

    turn = next_turn(Anything(), "why " * 10_000, ())  # type: ignore[arg-type]
    assert turn.failed
    assert len(turn.question) <= MAX_QUESTION_CHARACTERS
    assert MOST_TURNS < 1_000


def test_ratings_do_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.ratings.LARGEST_FILE", 100)
    ratings = Ratings(tmp_path / "ratings.jsonl")
    ratings.path.write_text("{}\n" * 60)
    with pytest.raises(InputError, match="very many ratings"):
        ratings._append("{}\n")
    assert ratings.path.stat().st_size == 180


def test_what_is_logged_cannot_drive_the_terminal() -> None:
    into = io.StringIO()
    assert Inert(into).write("a\x1b[31m\x9b\u202e\r\nb\tc") == 13
    assert into.getvalue() == "a\\x1b[31m\\x9b\\u202e\\r\nb\tc"
