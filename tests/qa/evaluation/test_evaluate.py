from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from qa.batch import Asked
from qa.cli import main
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.outcome import outcome_of
from qa.evaluation.scores import latency_of, scores_by_kind, scores_of
from qa.types import Alternative, Answer, Citation

ROOT = Path(__file__).parents[3]
LINES: list[dict[str, Any]] = [
    {"id": "a", "set": "core", "kind": "fact", "question": "Where was the mirror polished?"},
    {"id": "b", "set": "core", "kind": "number", "question": "How many passengers were on the first tram?"},
    {"id": "c", "set": "more", "kind": "none", "question": "Who won the chess championship in 1972?"},
]
ACCEPTED = [[("observatory", "Leiden")], [("tramway", "64"), ("tramway", "64 passengers")], []]


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
    return written(tmp_path / "gold.jsonl", gold_lines())


def gold_lines() -> list[dict[str, Any]]:
    return [
        {**line, "answers": [{"article": article, "text": text} for article, text in accepted]}
        for line, accepted in zip(LINES, ACCEPTED, strict=True)
    ]


def written(path: Path, lines: list[dict[str, Any]]) -> Path:
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
        "abstained": 0.0, "cited": 1.0, "intervals": {},
    }  # fmt: skip
    assert [scores["group"] for scores in found["articles"].values()] == [
        "A new telescope above Quillan Bay", "Tram line 4 returns to Oravec"
    ]  # fmt: skip
    assert found["retrieval"]["questions"] == 2
    assert found["retrieval"]["measures"]["Success@5"]["mean"] == 1.0
    assert (found["isolated"]["questions"], found["isolated"]["exact"]["mean"]) == (2, 1.0)
    assert found["confusion"] == {"answered": 2, "missed": 0, "invented": 0, "declined": 1}
    assert (found["setup"]["articles"], found["setup"]["batch"], found["comparison"]) == (2, 1, None)
    assert 0 < found["latency_ms"]["median"] <= found["latency_ms"]["p95"] <= found["latency_ms"]["p99"]
    outcomes = found["outcomes"]
    assert [outcome["id"] for outcome in outcomes] == ["a", "b", "c"]
    assert (outcomes[0]["answer"], outcomes[0]["isolated_exact"], outcomes[0]["ranks"]) == ("Leiden", 1.0, [1])
    assert (outcomes[2]["verdict"], outcomes[2]["ranks"], outcomes[2]["article_ids"]) == ("right", None, [])
    assert "<mark>Leiden</mark>" in report.read_text(encoding="utf-8")


def test_files_for_other_tools_and_a_comparison_with_the_run_before(
    gold_file: Path, library_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {name: gold_file.with_name(name) for name in ("predictions", "run", "qrels", "old.json")}
    asked = ("--library", library_folder, "--fast", "--batch", "3")
    files = [part for name in ("predictions", "run", "qrels") for part in (f"--{name}", names[name])]
    assert evaluate(gold_file, *asked, "--json", *files) == 0
    old = json.loads(capsys.readouterr().out)
    assert old["isolated"] is None
    assert json.loads(names["predictions"].read_text(encoding="utf-8")) == {
        outcome["id"]: outcome["answer"] or "" for outcome in old["outcomes"]
    }
    run = [line.split() for line in names["run"].read_text(encoding="utf-8").splitlines()]
    qrels = [line.split() for line in names["qrels"].read_text(encoding="utf-8").splitlines()]
    assert {row[0] for row in run} == {"a", "b", "c"}
    assert {row[0] for row in qrels} == {"a", "b"}
    assert qrels[0][2] == run[0][2]

    old["outcomes"] = [{**old["outcomes"][0], "answer": None, "exact": 0.0, "f1": 0.0}, *old["outcomes"][1:2]]
    names["old.json"].write_text(json.dumps(old), encoding="utf-8")
    assert evaluate(gold_file, *asked, "--against", names["old.json"]) == 0
    said = capsys.readouterr().out
    assert "2 questions in both" in said
    assert "(silent) -> “Leiden”" in said
    assert "only in this run (1): c" in said


def test_broken_lines_are_reported_and_the_rest_evaluated(
    gold_file: Path, library_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more: list[dict[str, Any]] = [
        {"id": "a", "question": "Where?", "answers": []},
        {"id": "d", "question": "Who met?", "answers": [{"article": "tunnel", "text": "Ida"}]},
        {"id": "e", "question": "Who met whom?", "answers": [{"article": "tunnel", "text": "Ida"}]},
        {"id": "f", "question": "Who leads?", "answers": [{"article": "tramway", "text": "Tomas Weil", "start": 3}]},
        {"id": "g", "question": "", "answers": []},
    ]
    written(gold_file, [*gold_lines(), *more])
    gold_file.write_text("{broken\n" + gold_file.read_text(encoding="utf-8"), encoding="utf-8")
    assert evaluate(gold_file, "--library", library_folder, "--json", "--batch", "8") == 1
    said = capsys.readouterr()
    assert [outcome["id"] for outcome in json.loads(said.out)["outcomes"]] == ["a", "b", "c"]
    places = [line.split(": ")[2] for line in said.err.splitlines()]
    assert sorted(places) == ["line 1", "line 5", "line 6", "line 8", "line 9"]
    assert all(line.startswith(f"qa: {gold_file}: line ") for line in said.err.splitlines())
    assert len(json.loads(said.out)["problems"]) == 4  # a draft is none


def test_the_table_has_a_row_for_each_group(
    gold_file: Path, library_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(gold_file, "--library", library_folder, "--set", "core", "--kind", "fact", "--fast") == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert ["fact", "1", "100.0", "100.0", "100.0", "100.0", "0.0", "100.0"] in rows
    assert rows[-1][:2] == ["In", "percent;"]


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
    before = gold_file.read_bytes()
    for options, said in (
        (("--kind", "recipe"), "its sets: core, more; its kinds: fact, none, number"),
        (("--report", gold_file.parent / "no" / "report.html"), "cannot write"),
        (("--outcomes", gold_file), "named twice"),
        (("--run", gold_file.parent / "x", "--qrels", f"{gold_file.parent}/./x"), "named twice"),
        (("--run", gold_file.parent / "x", "--qrels", gold_file.parent), "cannot write"),
        (("--against", gold_file), "is no evaluation"),
        (("--against", gold_file.with_name("absent.json")), "cannot read"),
        (("--resume",), "name it with --outcomes"),
        (("--outcomes", written(gold_file.with_name("notes"), [{"a": 1}]), "--resume"), "was not written by"),
    ):
        assert evaluate(gold_file, "--library", library_folder, *options) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert said in line
    assert gold_file.read_bytes() == before
    assert sorted(path.name for path in gold_file.parent.iterdir()) == ["gold.jsonl", "notes"]
    gold_file.write_text("{broken\n", encoding="utf-8")
    assert evaluate(gold_file, "--library", library_folder) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


@pytest.mark.skipif(os.name != "posix", reason="signals of a POSIX shell")
def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(
    tmp_path: Path, library_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(
        tmp_path / "gold.jsonl",
        [{**line, "id": f"{line['id']}{number}"} for number in range(36) for line in gold_lines()],
    )
    outcomes = tmp_path / "outcomes.jsonl"
    line = ["evaluate", path, "--library", library_folder, "--fast", "--outcomes", outcomes]
    command = [sys.executable, "-m", "qa", *map(str, line)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not (outcomes.exists() and outcomes.stat().st_size):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert re.fullmatch(r"qa: stopped after \d+ of 108 questions; to go on, run the same command with --resume\n", said)
    finished = outcomes.read_bytes()
    assert finished.endswith(b"\n")
    assert main([*map(str, line), "--resume", "--json"]) == 0
    assert outcomes.read_bytes().startswith(finished)
    assert outcomes.read_bytes().count(b"\n") == 108
    assert [found["id"] for found in json.loads(capsys.readouterr().out)["outcomes"]] == [
        f"{name}{number}" for number in range(36) for name in "abc"
    ]
