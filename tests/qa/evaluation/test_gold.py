from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import InputError
from qa.batch import Asked
from qa.evaluation.gold import GoldProblem, GoldQuestion, read_gold

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
    assert second == GoldProblem("article 1, paragraph 1, question 2", 'no list "answers"')
    assert third == GoldProblem("article 1, paragraph 2", 'no list "qas"')


@pytest.mark.parametrize("content", [b"", b"\n\n", b'{"data": []}', b"\xff\xfe\x00"])
def test_a_file_without_questions_is_refused(gold_file: Path, content: bytes) -> None:
    gold_file.write_bytes(content)
    with pytest.raises(InputError, match=r"gold\.json"):
        read_gold(gold_file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_gold(tmp_path / "absent.jsonl")
