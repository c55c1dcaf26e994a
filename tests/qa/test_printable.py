from __future__ import annotations

import io
import json
import sys

import pytest

from qa.commands.printable import one_line, print_json, shortened, source_line
from qa.wording import in_words, percent


def test_nothing_in_a_text_reaches_the_terminal_as_a_command() -> None:
    assert one_line("a\x1b[31mb\x9b2Jc\u202ed\r\n e") == "a [31mb 2Jc d e"
    assert source_line(speaker="A\x1b", title="T\nU", publisher=None, published="2020-13-01") == "A , “T U”, 2020-13-01"


def test_json_holds_no_raw_control_character(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": "a\x9bb\x1bc é 日"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"text": "a\x9bb\x1bc é 日"}
    assert not {"\x9b", "\x1b"} & set(out)
    assert "é 日" in out


def test_json_turns_no_direction_of_writing(capsys: pytest.CaptureFixture[str]) -> None:
    turning = "\u202eevil\u2066\u200f\u061c"
    print_json({turning: turning})
    out = capsys.readouterr().out
    assert json.loads(out) == {turning: turning}
    assert out.isascii()


def test_json_stays_json_in_an_encoding_that_lacks_its_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="latin-1", errors="backslashreplace"))
    print_json({"text": "é 日 😀"})
    sys.stdout.flush()
    assert json.loads(raw.getvalue()) == {"text": "é 日 😀"}


def test_long_passages_are_cut_between_words() -> None:
    assert shortened("one two three four", limit=11) == "one two …"
    assert shortened("one  two", limit=11) == "one two"


@pytest.mark.parametrize(
    ("probability", "words", "figure"),
    [(1.0, "very sure", "> 99 %"), (0.87, "sure", "87 %"), (0.5, "unsure", "50 %"), (0.0, "very unsure", "< 1 %")],
)
def test_confidence_in_words_and_percent(probability: float, words: str, figure: str) -> None:
    assert (in_words(probability), percent(probability)) == (words, figure)
