from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import InputError
from qa.batch import Asked
from qa.evaluation.gold import GoldDraft, GoldProblem, GoldQuestion, Spot, means_no_answer, read_gold

ROOT = Path(__file__).parents[3]


@pytest.fixture
def gold_file(tmp_path: Path) -> Path:
    return tmp_path / "gold.json"


def questions(path: Path) -> list[GoldQuestion]:
    entries = read_gold(path)
    assert all(isinstance(entry, GoldQuestion) for entry in entries)
    return [entry for entry in entries if isinstance(entry, GoldQuestion)]


def test_the_bundled_gold_set_is_read_whole() -> None:
    found = questions(ROOT / "corpus" / "gold.jsonl")
    first = found[0]
    assert (first.id, first.kind, first.subset, first.place) == ("g001", "number", "core", "line 1")
    assert first.answers == ("40", "40 major projects")
    assert first.asked == Asked("How many major projects were launched?")
    follow_up = next(question for question in found if question.kind == "follow_up")
    assert [turn["role"] for turn in follow_up.asked.history[:2]] == ["user", "assistant"]
    assert all(question.answerable != question.kind.startswith("none") for question in found)


def test_only_a_question_and_its_answers_are_needed(gold_file: Path) -> None:
    lines = [
        {"question": "Who?", "answers": [{"text": "Ada"}]},
        {"id": 5, "question": "When?", "answers": [], "context": "No date."},
    ]
    gold_file.write_text("\ufeff" + "\n\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    one, other = questions(gold_file)
    assert (one.id, one.kind, one.subset, one.place) == ("line 1", "answerable", None, "line 1")
    assert (other.id, other.kind, other.asked.context, other.place) == ("5", "unanswerable", "No date.", "line 3")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "not JSON"),
        ("[" * 100_000, "brackets too deep"),
        ("[1]", "not a JSON object"),
        ('{"answers": []}', 'no text "question"'),
        ('{"question": "?!", "answers": []}', "the question is empty"),
        ('{"question": "Who?"}', 'no list "answers"'),
        ('{"question": "Who?", "answers": ["Ada"]}', "an answer is not a JSON object"),
        ('{"question": "Who?", "answers": [{"article": "a"}]}', 'no text "text"'),
        ('{"question": "Who?", "answers": [], "history": "no"}', '"history" must be'),
        ('{"question": "Who?", "answers": [], "context": 5}', 'no text "context"'),
        ('{"question": "Who?", "answers": [{"text": " "}]}', "answer 1 is empty"),
        ('{"question": "Who?", "answers": [{"text": "Ada", "start": -1}]}', "no whole number from 0 up"),
        ('{"question": "Who?", "answers": [{"text": "Ada", "start": true}]}', "no whole number from 0 up"),
        ('{"question": "Who?", "answers": [{"text": "Ada", "start": 2}], "context": "It was Ada."}', "starts at 7"),
        ('{"question": "Who?", "answers": [{"text": "Ada", "start": 2}], "context": "No."}', "does not stand there"),
        ('{"question": "Who?", "answers": [{"text": "Ada"}], "kind": "none_near"}', "says that there is no answer"),
        ('{"question": "Who?", "answers": [], "kind": "answerable"}', "beside no answers"),
    ],
)
def test_a_broken_line_is_named_and_the_others_are_read(gold_file: Path, line: str, reason: str) -> None:
    good = '{"question": "Who?", "answers": []}'
    gold_file.write_text(f"{good}\n{line}\n{good}\n", encoding="utf-8")
    first, broken, last = read_gold(gold_file)
    assert isinstance(first, GoldQuestion)
    assert isinstance(last, GoldQuestion)
    assert isinstance(broken, GoldProblem)
    assert broken.place == "line 2"
    assert reason in broken.message
    assert "\n" not in broken.message


def test_a_question_keeps_the_places_of_its_answers(gold_file: Path) -> None:
    answers = [
        {"article": "a", "text": "Ada", "start": 7},
        {"article": "b", "text": "Ada"},
        {"article": "b", "text": "+44 20", "in_text": False},
    ]
    gold_file.write_text(json.dumps({"question": "Who?", "answers": answers}), encoding="utf-8")
    (question,) = questions(gold_file)
    assert question.answers == ("Ada", "+44 20")
    assert question.spots == (Spot("a", "Ada", 7), Spot("b", "Ada", None), Spot("b", "+44 20", None, in_text=False))


def test_a_draft_is_told_from_a_question_and_from_a_problem(gold_file: Path) -> None:
    lines: list[dict[str, Any]] = [
        {"id": "a", "kind": "date", "question": " ", "answers": [{"text": "1920"}]},
        {"question": "Who?", "answers": [], "draft": "give its answers"},
        {"question": "Who?", "answers": [], "draft": ""},
    ]
    gold_file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    no_question, no_answers, finished = read_gold(gold_file)
    assert no_question == GoldDraft("a", "line 1", "question")
    assert no_answers == GoldDraft("line 2", "line 2", "answers")
    assert isinstance(finished, GoldQuestion)


def test_of_two_questions_with_one_id_the_second_is_a_problem(gold_file: Path) -> None:
    lines: list[dict[str, object]] = [{"id": name, "question": "Who?", "answers": []} for name in ("a", "b", "a")]
    gold_file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    *good, double = read_gold(gold_file)
    assert all(isinstance(entry, GoldQuestion) for entry in good)
    assert double == GoldProblem("line 3", 'the id "a" is taken by line 1; give each question its own')


@pytest.mark.parametrize(
    ("kind", "expected"), [("none_far", True), ("Unanswerable", True), ("answerable", False), ("date", False)]
)
def test_a_kind_may_say_that_there_is_no_answer(kind: str, expected: bool) -> None:
    assert means_no_answer(kind) is expected


def squad(*paragraphs: Any) -> str:
    return json.dumps({"version": "v2.0", "data": [{"title": "t", "paragraphs": list(paragraphs)}]}, indent=1)


def test_squad_questions_bring_their_own_text(gold_file: Path) -> None:
    paragraph = {
        "context": "Rome fell in 476.",
        "qas": [
            {"id": "a", "question": "When did Rome fall?", "answers": [{"text": "476", "answer_start": 13}] * 3},
            {
                "id": "b",
                "question": "When did Troy fall?",
                "is_impossible": True,
                "answers": [],
                "plausible_answers": [{"text": "476", "answer_start": 13}],
            },
        ],
    }
    gold_file.write_text(squad(paragraph), encoding="utf-8")
    one, other = questions(gold_file)
    assert (one.id, one.answers, one.kind) == ("a", ("476",), "answerable")
    assert one.asked == Asked("When did Rome fall?", (), "Rome fell in 476.")
    assert (other.id, other.answers, other.kind) == ("b", (), "unanswerable")


def test_broken_squad_entries_are_named_by_their_place(gold_file: Path) -> None:
    good = {"context": "Rome fell in 476.", "qas": [{"question": "When?", "answers": [{"text": "476"}]}, {"id": "x"}]}
    gold_file.write_text(squad(good, {"context": "no questions"}), encoding="utf-8")
    first, second, third = read_gold(gold_file)
    assert isinstance(first, GoldQuestion)
    assert isinstance(second, GoldProblem)
    assert second.place == "article 1, paragraph 1, question 2"
    assert second.message.startswith('no list "answers"')
    assert isinstance(third, GoldProblem)
    assert third.place == "article 1, paragraph 2"
    assert third.message.startswith('no list "qas"')


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"answers": [{"text": "476", "answer_start": 3}]}, "answer 1 does not start at 3 of its context; it starts"),
        ({"answers": [{"text": "410", "answer_start": 3}]}, "it does not stand there at all"),
        ({"answers": [{"text": ""}]}, "answer 1 is empty"),
        ({"answers": [{"text": "476"}], "is_impossible": True}, '"is_impossible" is true, and there are answers'),
        ({"answers": [], "is_impossible": False}, '"is_impossible" is false, and there is no answer'),
        ({"id": "first", "answers": []}, 'the id "first" is taken by article 1, paragraph 1, question 1'),
    ],
)
def test_a_wrong_squad_question_is_named_and_the_others_are_read(
    gold_file: Path, fields: dict[str, Any], reason: str
) -> None:
    good = {"question": "When?", "answers": []}
    paragraph = {"context": "Rome fell in 476.", "qas": [{"id": "first", **good}, {**good, **fields}, good]}
    gold_file.write_text(squad(paragraph), encoding="utf-8")
    _, wrong, last = read_gold(gold_file)
    assert isinstance(wrong, GoldProblem)
    assert reason in wrong.message
    assert isinstance(last, GoldQuestion)


@pytest.mark.parametrize("content", [b"", b"\n\n", b'{"data": []}', b"\xff\xfe\x00"])
def test_a_file_without_questions_is_refused(gold_file: Path, content: bytes) -> None:
    gold_file.write_bytes(content)
    with pytest.raises(InputError, match=r"gold\.json"):
        read_gold(gold_file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_gold(tmp_path / "absent.jsonl")
