"""Dialogues on invented subjects, each question with the form in which it stands alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.followup import MAX_STANDALONE_CHARACTERS, Message, standalone

Turn = tuple[str, str | None, str | None]
"""What is typed, what it should become (``None``: itself), and the answer that follows (``None``: none)."""

DIALOGUES: dict[str, list[Turn]] = json.loads(Path(__file__).with_name("followup_dialogues.json").read_text("utf-8"))


def play(turns: list[Turn]) -> list[tuple[str, str]]:
    """What each question of a dialogue became, beside what it should."""
    history: list[Message] = []
    played = []
    for question, expected, answer in turns:
        played.append((standalone(question, history), expected or question))
        history.append({"role": "user", "content": question})
        if answer:
            history.append({"role": "assistant", "content": answer})
    return played


@pytest.mark.parametrize("name", DIALOGUES)
def test_each_question_stands_alone(name: str) -> None:
    played = play(DIALOGUES[name])
    assert [became for became, _ in played] == [expected for _, expected in played]


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "text": "Oskar Brill"}],
        [["Oskar Brill"]],
        {"text": "Oskar Brill"},
        "<p><b>Oskar Brill</b></p>",
    ],
)
def test_the_forms_of_a_message_are_read(content: Any) -> None:
    history: list[Any] = [
        {"role": "user", "content": "Who leads the union?"},
        {"role": "assistant", "content": content},
    ]
    assert standalone("Where does he live?", history) == "Where does Oskar Brill live?"


@pytest.mark.parametrize(
    "history", [None, 5, "text", {"role": "user"}, [None], [[]], [{"role": "user"}], [{"content": "x"}]]
)
def test_odd_histories_change_nothing(history: Any) -> None:
    assert standalone("When did she leave?", history) == "When did she leave?"


def test_a_rewritten_question_is_bounded_and_on_one_line() -> None:
    long = "Who runs the " + "grey " * 200 + "old harbour of Velmora?"
    history = [{"role": "user", "content": long}]
    assert standalone("When was it built?", history) == "When was it built?"
    line = standalone("When\nwas it\tbuilt?", [{"role": "user", "content": "Who runs the harbour\nof Velmora?"}])
    assert line == "When was the harbour of Velmora built?"


def test_only_the_last_turns_count() -> None:
    filler = [{"role": "user", "content": "Is rain wet?"}] * 6
    assert (
        standalone("Where was he born?", [{"role": "user", "content": "Who is Leo Fisk?"}, *filler])
        == "Where was he born?"
    )


def test_a_word_that_is_only_an_ending_is_no_role() -> None:
    assert standalone("'s", [{"role": "user", "content": "And"}]) == "'s"


PIECES = st.sampled_from(
    """And But What Who Why How many else did does was is it he she they them their there that this the a third
    second last one ones of in by whom about when 2021 2022 May Ana Silva Porto Ministry of Trade fair
    meeting held said cost plan people mayor its her ? . , 's … é""".split()
)
QUESTIONS = st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=60)
ENTRIES = st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]), "content": QUESTIONS})


@given(QUESTIONS)
def test_without_history_nothing_changes(question: str) -> None:
    assert standalone(question, []) == question


@settings(max_examples=400, deadline=None)
@given(QUESTIONS, st.lists(ENTRIES, max_size=10))
def test_never_raises_and_stays_short(question: str, history: list[Message]) -> None:
    became = standalone(question, history)
    assert became == question or (len(became) <= MAX_STANDALONE_CHARACTERS and len(became.splitlines()) == 1)


@settings(max_examples=200, deadline=None)
@given(st.lists(ENTRIES, max_size=6))
def test_a_question_of_its_own_is_never_touched(history: list[Message]) -> None:
    question = "How many schools did Dolvik close in 2020?"
    assert standalone(question, history) == question


@settings(deadline=None)
@given(
    st.lists(
        st.none() | st.text(max_size=5) | st.dictionaries(st.text(max_size=7), st.none() | st.integers()), max_size=5
    )
)
def test_never_raises_on_odd_entries(history: list[Any]) -> None:
    assert standalone("And Porto?", history) == "And Porto?"
