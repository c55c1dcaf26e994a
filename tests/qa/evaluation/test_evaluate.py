from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.batch import Asked
from qa.cli import main
from qa.evaluation.evaluate import latency_of, outcome_of, scores_by_kind, scores_of
from qa.evaluation.gold import GoldQuestion
from qa.types import Alternative, Answer, Citation

LINES: list[dict[str, Any]] = [
    {"id": "a", "set": "core", "kind": "fact", "question": "Where was the mirror polished?"},
    {"id": "b", "set": "core", "kind": "number", "question": "How many passengers were on the first tram?"},
    {"id": "c", "set": "more", "kind": "none", "question": "Who won the chess championship in 1972?"},
]
ACCEPTED = [["Leiden"], ["64", "64 passengers"], []]


def gold(answers: tuple[str, ...], kind: str = "fact") -> GoldQuestion:
    return GoldQuestion("q", Asked("Who?"), answers, kind, None, "line 1")


def answer(said: str | None, best: str, sentence: str = "") -> Answer:
    citation = Citation("a", None, None, None, None, said or "", 0, len(said or ""), sentence, sentence)
    guess = Alternative(best, 0.4, "a", 0, len(best))
    return Answer("Who?", said, 0.6, (citation,) if said else (), (guess,))


def test_one_outcome_by_hand() -> None:
    right = outcome_of(gold(("the red fox",)), answer("red fox", "red fox", "A red fox ran."), 5.0)
    assert (right.exact, right.f1, right.cited, right.verdict) == (1.0, 1.0, True, "right")
    partly = outcome_of(gold(("red fox",)), answer("old red fox", "old red fox", "An old red fox ran."), 5.0)
    assert (partly.exact, partly.verdict) == (0.0, "partly")
    assert partly.f1 == pytest.approx(0.8)
    wrong = outcome_of(gold(("red fox",)), answer("hen", "hen", "A hen ran."), 5.0)
    assert (wrong.f1, wrong.cited, wrong.verdict) == (0.0, False, "wrong")
    silent = outcome_of(gold(("red fox",)), answer(None, "red fox"), 5.0)
    assert (silent.exact, silent.forced_exact, silent.cited, silent.verdict) == (0.0, 1.0, None, "abstained")


def test_an_unanswerable_question_is_right_only_in_silence() -> None:
    silent = outcome_of(gold(()), answer(None, "hen"), 5.0)
    assert (silent.exact, silent.forced_exact, silent.cited, silent.verdict) == (1.0, None, None, "right")
    loud = outcome_of(gold(()), answer("hen", "hen", "A hen ran."), 5.0)
    assert (loud.exact, loud.cited, loud.verdict) == (0.0, None, "wrong")


def test_scores_of_groups_by_hand() -> None:
    outcomes = [
        outcome_of(gold(("fox",), "fact"), answer("fox", "fox", "A fox."), 1.0),
        outcome_of(gold(("fox",), "date"), answer(None, "fox"), 2.0),
        outcome_of(gold((), "none"), answer("hen", "hen", "A hen."), 3.0),
        outcome_of(gold((), "none"), answer(None, "hen"), 40.0),
    ]
    found = {scores.group: scores for scores in scores_by_kind(outcomes)}
    assert list(found) == ["all", "answerable", "unanswerable", "fact", "date", "none"]
    assert [scores.questions for scores in found.values()] == [4, 2, 2, 1, 1, 2]
    assert (found["all"].exact, found["answerable"].exact, found["unanswerable"].exact) == (0.5, 0.5, 0.5)
    assert (found["answerable"].forced_exact, found["unanswerable"].forced_exact) == (1.0, None)
    assert (found["unanswerable"].abstained, found["date"].abstained) == (0.5, 1.0)
    assert (found["answerable"].cited, found["date"].cited) == (1.0, None)
    assert scores_of("all", outcomes) == found["all"]
    assert (latency_of(outcomes).median, latency_of(outcomes).p95) == (2.0, 40.0)


@pytest.fixture
def gold_file(tmp_path: Path) -> Path:
    lines = [
        {**line, "answers": [{"text": text} for text in texts]} for line, texts in zip(LINES, ACCEPTED, strict=True)
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def evaluate(path: Path, *options: str | Path) -> int:
    return main(["evaluate", str(path), *map(str, options)])


def test_a_library_is_evaluated_with_json_and_report(
    gold_file: Path, library_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = gold_file.with_name("report.html")
    assert evaluate(gold_file, "--library", library_folder, "--json", "--report", report) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["questions"] == 3
    assert found["scores"]["unanswerable"]["abstained"] == 1.0
    assert found["scores"]["fact"] == {
        "group": "fact", "questions": 1, "exact": 1.0, "f1": 1.0, "forced_exact": 1.0, "forced_f1": 1.0,
        "abstained": 0.0, "cited": 1.0,
    }  # fmt: skip
    assert [outcome["id"] for outcome in found["outcomes"]] == ["a", "b", "c"]
    assert found["outcomes"][2]["verdict"] == "right"
    assert found["outcomes"][0]["answer"] == "Leiden"
    assert 0 < found["latency_ms"]["median"] <= found["latency_ms"]["p95"]
    assert "<mark>Leiden</mark>" in report.read_text(encoding="utf-8")


def test_a_broken_line_is_reported_and_the_rest_evaluated(
    gold_file: Path, library_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold_file.write_text("{broken\n" + gold_file.read_text(encoding="utf-8"), encoding="utf-8")
    assert evaluate(gold_file, "--library", library_folder, "--set", "core", "--kind", "fact", "--batch", "8") == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"qa: {gold_file}: line 1: not JSON")
    rows = [line.split() for line in said.out.splitlines() if line.strip()]
    assert ["fact", "1", "100.0", "100.0", "100.0", "100.0", "0.0", "100.0"] in rows
    assert rows[-1][:2] == ["In", "percent."]


def test_squad_needs_no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LIBRARY", str(tmp_path / "default"))
    qas = [{"id": "a", "question": "Who won the race?", "answers": [{"text": "Ines Roth", "answer_start": 0}]}]
    squad = {"data": [{"paragraphs": [{"context": "Ines Roth won the race in Graz.", "qas": qas}]}]}
    (tmp_path / "squad.json").write_text(json.dumps(squad), encoding="utf-8")
    assert evaluate(tmp_path / "squad.json", "--batch", "4") == 0
    assert not (tmp_path / "default").exists()


def test_what_cannot_be_evaluated_is_one_clear_line(
    gold_file: Path, library_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = ("--library", library_folder)
    assert evaluate(gold_file, *library, "--kind", "recipe") == 2
    assert "its sets: core, more; its kinds: fact, none, number" in capsys.readouterr().err
    assert evaluate(gold_file, *library, "--report", gold_file.parent / "no" / "report.html") == 2
    assert "cannot write" in capsys.readouterr().err
    gold_file.write_text("{broken\n", encoding="utf-8")
    assert evaluate(gold_file, *library) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
