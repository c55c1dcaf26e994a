"""``qa gold`` as people use it, over the bundled articles, which need no library and no model."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.cli import main

ROOT = Path(__file__).parents[3]
HEAVY = ("torch", "transformers", "sentence_transformers", "faiss", "tantivy", "rich")
Qa = Callable[..., tuple[int, str, str]]


@pytest.fixture
def qa(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Qa:
    monkeypatch.setenv("QA_LIBRARY", str(tmp_path / "no-library"))

    def run(*line: str | Path) -> tuple[int, str, str]:
        code = main([str(part) for part in line])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def gold_file(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: dict[str, Any]) -> Path:
        path = tmp_path / "mine.jsonl"
        path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
        return path

    return write


def test_a_wrong_answer_is_named_with_its_line_and_the_closest_text(qa: Qa, gold_file: Callable[..., Path]) -> None:
    answer = {"article": "000_6994af1dc9c9b5d0", "text": "FENG Yi"}
    code, out, err = qa("gold", "check", gold_file({"question": "Who?", "answers": [answer]}))
    assert code == 1
    assert err == ""
    assert out.splitlines()[0].startswith(
        "line 1: answer 1 “FENG Yi” is not in article 000_6994af1dc9c9b5d0; the closest text is “Feng Yi” at "
    )
    assert "1 question; 1 problem, " in out


def test_the_findings_come_as_json(qa: Qa, gold_file: Callable[..., Path]) -> None:
    path = gold_file({"question": "Who?", "answers": []}, {"question": "", "answers": []})
    code, out, _ = qa("gold", "check", path, "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["gold"], found["questions"], found["drafts"], found["problems"]) == (str(path), 1, 1, [])
    assert found["kinds"] == {"unanswerable": 1}
    assert "1 draft still without a question" in found["warnings"][-1]["message"]


def test_a_file_that_cannot_be_read_is_a_usage_error(qa: Qa, tmp_path: Path) -> None:
    for command in (("check", tmp_path / "none"), ("draft", "--feedback", tmp_path / "none")):
        code, out, err = qa("gold", *command)
        assert (code, out) == (2, "")
        assert "cannot read" in err
    assert qa("gold", "check", ROOT / "corpus" / "gold.jsonl", "--library", tmp_path / "none")[0] == 2


def test_squad_is_checked_without_a_library(qa: Qa, tmp_path: Path) -> None:
    asked = [{"id": str(n), "question": f"When did {n} end?", "answers": [{"text": "476"}]} for n in range(5)]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"paragraphs": [{"context": "It fell in 476.", "qas": asked}]}]}))
    code, out, _ = qa("gold", "check", path, "--library", tmp_path / "none")
    assert code == 0
    assert "5 questions; 0 problems, 0 warnings" in out


def test_drafts_go_to_a_new_file_and_pass_the_check(qa: Qa, tmp_path: Path) -> None:
    path = tmp_path / "drafts.jsonl"
    code, out, err = qa("gold", "draft", "--count", "6", "--output", path)
    assert (code, out) == (0, "")
    assert "6 drafts from 2 articles" in err
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 6
    code, out, _ = qa("gold", "check", path)
    assert code == 0
    assert "6 drafts still without a question" in out
    code, _, err = qa("gold", "draft", "--output", path)
    assert code == 2
    assert "there already" in err


def test_finished_drafts_are_good_questions_and_are_not_proposed_again(
    qa: Qa, tmp_path: Path, gold_file: Callable[..., Path]
) -> None:
    code, out, _ = qa("gold", "draft", "--count", "4")
    drafts = [json.loads(line) for line in out.splitlines()]
    path = gold_file(*({**draft, "question": f"What is number {n}?"} for n, draft in enumerate(drafts)))
    assert qa("gold", "check", path)[0] == 0
    code, out, _ = qa("gold", "draft", "--count", "100", "--against", path)
    assert code == 0
    again = {json.loads(line)["id"] for line in out.splitlines()}
    assert again
    assert not again & {draft["id"] for draft in drafts}


def test_ratings_become_drafts_and_a_broken_one_is_named(qa: Qa, tmp_path: Path) -> None:
    ratings = tmp_path / "ratings.jsonl"
    good = {"question": "Who runs the bureau?", "answer": None, "verdict": "down", "comment": "it is in there"}
    ratings.write_text(json.dumps(good) + "\n{broken\n", encoding="utf-8")
    code, out, err = qa("gold", "draft", "--feedback", ratings)
    assert code == 1
    assert json.loads(out)["comments"] == ["it is in there"]
    assert "line 2: not usable as JSON" in err
    assert "1 draft from ratings, 1 of them still to be finished" in err


def test_no_model_and_no_index_is_loaded() -> None:
    script = (
        "import sys; from qa.cli import main; main(['gold', 'check', 'corpus/gold.jsonl']); "
        f"assert not {set(HEAVY)!r} & set(sys.modules), {set(HEAVY)!r} & set(sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr
