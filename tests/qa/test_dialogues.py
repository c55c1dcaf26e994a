"""Whole talks on eight articles written for them: what each follow-up becomes, and what is answered in the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.dialogue_data import is_right, keeps_words, read_dialogues
from benchmarks.dialogues import DEVELOPED_ON, HELD_BACK, Played, main, opened, play, rewritings, share
from corpus.errors import InputError
from qa import Engine

REWRITTEN = 0.95
"""Turns whose question has what it needs after right answers; 36 of 36 in either set when this was set."""
RIGHT = {DEVELOPED_ON: 0.75, HELD_BACK: 0.80}
"""Turns answered right; 28 and 29 of 36 when this was set, where the reader alone reaches 28 and 31."""
LOST = 0.10
"""Turns that the reader answers when they are asked by themselves but not in the talk: at most so many more."""

SETS = [DEVELOPED_ON, HELD_BACK]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with opened(DEVELOPED_ON.parent / "articles") as engine:
        yield engine


@pytest.fixture(scope="module", params=SETS, ids=lambda path: path.stem)
def played(request: pytest.FixtureRequest, engine: Engine) -> tuple[Path, list[Played]]:
    return request.param, play(engine, read_dialogues(request.param))


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_a_set_has_its_ten_dialogues_of_three_turns(path: Path) -> None:
    dialogues = read_dialogues(path)
    assert len(dialogues) >= 10
    assert {len(dialogue.turns) for dialogue in dialogues} == {3}


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_follow_ups_keep_what_they_need(path: Path) -> None:
    turns = rewritings(read_dialogues(path))
    wrong = [(turn.ask, asked) for turn, asked in turns if not keeps_words(turn, asked)]
    assert 1 - len(wrong) / len(turns) >= REWRITTEN, wrong


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_a_change_of_topic_is_not_dragged_back(path: Path) -> None:
    turns = [(turn, asked) for turn, asked in rewritings(read_dialogues(path)) if turn.kind == "topic"]
    assert turns
    assert [asked for _, asked in turns] == [turn.ask for turn, _ in turns]


def test_talks_are_answered(played: tuple[Path, list[Played]]) -> None:
    path, turns = played
    wrong = [(turn.typed, turn.asked, turn.said, turn.cause) for turn in turns if not turn.right]
    assert share(turns, "right") >= RIGHT[path], wrong


def test_a_talk_loses_little_against_questions_that_stand_alone(played: tuple[Path, list[Played]]) -> None:
    _, turns = played
    assert share(turns, "alone_right") - share(turns, "right") <= LOST


@pytest.mark.parametrize(
    ("said", "answers", "right"),
    [
        (None, None, True),
        ("40", None, False),
        (None, ["40"], False),
        ("forty boats of the harbour", ["forty boats"], True),
        ("boats", ["forty boats"], True),
        ("forty", ["fourteen"], False),
        ("a very long answer that speaks of boats among ten other things as well", ["boats"], False),
    ],
)
def test_what_counts_as_right(said: str | None, answers: list[str] | None, right: bool) -> None:
    assert is_right(said, answers) is right


def test_a_broken_file_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "talks.json"
    path.write_text('[{"name": "x"}]', encoding="utf-8")
    with pytest.raises(InputError, match="not a list of dialogues"):
        read_dialogues(path)
    assert main([str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
