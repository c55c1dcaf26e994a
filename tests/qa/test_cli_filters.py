"""``qa ask`` and ``qa search`` kept to some articles, publishers, dates and speakers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.cli import main


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str], library_folder: Path):
    """Runs a command on the shared library and gives what it prints as JSON."""

    def run(*line: str) -> Any:
        code = main([*line, "--library", str(library_folder), "--json"])
        said = capsys.readouterr()
        assert (code, said.err) == (0, "")
        return json.loads(said.out)

    return run


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("options", "title"),
    [
        ("--since 2022-06-14 --until 2022-06-14", "Tram line 4 returns to Oravec"),
        ("--speaker weil --speaker", "Tram line 4 returns to Oravec"),
        ("--publisher", "A new telescope above Quillan Bay"),
        ("--article", "A new telescope above Quillan Bay"),
    ],
)
def test_a_question_is_kept_to_what_is_chosen(printed, command: str, options: str, title: str) -> None:
    chosen = next(article for article in printed("list") if article["title"] == title)
    value = {"--speaker": "Tomas  WEIL", "--publisher": "quillan bay herald", "--article": chosen["id"]}
    words = options.split()
    found = printed(command, "What returns?", *words, *([value[words[-1]]] if words[-1] in value else []))
    held = found["alternatives"] if command == "ask" else found
    assert {place["article_id"] for place in held} == {chosen["id"]}


def test_where_nothing_is_left_there_is_no_answer(printed) -> None:
    nothing = ("--publisher", "Quillan Bay Herald", "--speaker", "Tomas Weil")
    assert printed("search", "tram", *nothing) == []
    found = printed("ask", "What returns?", *nothing)
    assert (found["answer"], found["alternatives"]) == (None, [])


def test_the_closest_passages_are_those_that_are_left(capsys, library_folder: Path) -> None:
    line = ["ask", "Who won the regatta of 1911?", "--library", str(library_folder), "--since", "2023-01-01"]
    assert main(line) == 0
    out = capsys.readouterr().out
    assert out.startswith("Not in these articles.")
    assert "Quillan Bay" in out
    assert "Oravec" not in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--publisher", "Quilan Bay Herald"], "the nearest is “Quillan Bay Herald”"),
        (["--speaker", "Tomas Wiel"], "“Tomas Weil”"),
        (["--article", "0"], "no article “0” in this library"),
        (["--since", "2022-02-30"], "is not a day; write it as 2021-05-31"),
        (["--since", "2022-02-02", "--until", "2022-02-01"], "ends before it begins"),
        (["--speaker", " "], "is empty"),
    ],
)
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_filter_that_cannot_be_used_is_refused_in_one_line(
    capsys, library_folder: Path, command: str, options: list[str], said: str
) -> None:
    assert main([command, "tram", "--library", str(library_folder), *options]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err.splitlines()[-1]
