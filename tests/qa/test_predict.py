from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.batch import Answerer, Asked
from qa.cli import main
from qa.predict import read_tasks
from qa.types import Answer

BRIDGE = "The footbridge over the Narva gorge is 90 metres long. It was opened by Mayor Liis Tamm in 2019."
FERRY = "The ferry to Holm island carries 300 people. A ticket costs 12 crowns."

Predict = Callable[..., int]


@pytest.fixture
def predict(tmp_path: Path) -> Predict:
    """Write the lines (objects become JSON), run ``qa predict`` from in.jsonl to out.jsonl; the exit code."""

    def run(lines: list[Any], *options: str | Path) -> int:
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        (tmp_path / "in.jsonl").write_text("\n".join(texts) + "\n", encoding="utf-8")
        files = ("--input", tmp_path / "in.jsonl", "--output", tmp_path / "out.jsonl")
        return main(["predict", *map(str, (*files, *options))])

    return run


def written(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]


def test_contexts_need_no_library_and_make_none(
    predict: Predict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_LIBRARY", str(tmp_path / "default"))
    assert predict([{"id": "a", "question": "How long is the footbridge?", "context": BRIDGE}]) == 0
    assert not (tmp_path / "default").exists()
    (answer,) = written(tmp_path)
    assert list(answer)[:3] == ["id", "question", "answer"]
    citation = answer["citations"][0]
    assert BRIDGE[citation["start"] : citation["end"]] == answer["answer"] == citation["quote"]
    assert "90" in answer["answer"]


@pytest.mark.parametrize("batch", ["1", "3", "32"])
def test_lines_of_both_kinds_keep_their_order_in_any_batch(
    predict: Predict, tmp_path: Path, library_folder: Path, batch: str
) -> None:
    lines = [
        {"id": "0", "question": "What does a ticket cost?", "context": FERRY},
        {"id": 1, "question": "Where was the mirror polished?"},
        {"id": "2", "question": "Who opened the footbridge?", "context": BRIDGE},
        {"question": "Who is the director of the observatory?"},
        {"id": 4, "question": "How many people does the ferry carry?", "context": FERRY},
    ]
    assert predict(lines, "--library", library_folder, "--batch", batch) == 0
    answers = written(tmp_path)
    assert [answer.get("id") for answer in answers] == ["0", 1, "2", None, 4]
    assert "id" not in answers[3]
    wanted = ["12 crowns", "Leiden", "Liis Tamm", "Amina Okafor", "300"]
    best = [answer["alternatives"][0]["text"] for answer in answers]  # whether to give it is another matter than order
    assert all(part in found for part, found in zip(wanted, best, strict=True)), best


def test_a_bad_line_gets_an_error_in_its_place(
    predict: Predict, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = {"question": "What does a ticket cost?", "context": FERRY}
    lines: list[Any] = [
        {"id": "good", **good},
        "{broken",
        {"id": "silent"},
        "",
        {"id": 7, "question": "why " * 600, "context": FERRY},
        {"id": ["no"], **good},
        {"id": "turns", "question": "And who?", "history": [{"role": "nobody", "content": "x"}], "context": FERRY},
        {"id": "list", "question": "Who?", "context": ["no"]},
        "[" * 100_000,
        '{"id": ' + "9" * 5000 + "}",
        "[1, 2]",
        {"id": "half", "question": "Who?", "context": "half \ud800 a character"},
        {"id": "half \ud800", **good},
    ]
    assert predict(lines) == 1
    answers = written(tmp_path)
    assert len(answers) == 12
    assert ["error" in answer for answer in answers] == [False, *[True] * 10, False]
    assert [answer.get("id") for answer in answers[:5]] == ["good", None, "silent", 7, None]
    assert answers[1]["error"].startswith("line 2: not JSON")
    assert answers[3]["error"].startswith("line 5: the question has 2,400 characters")
    assert answers[11]["id"] == "half \ud800"
    assert all(set(answer) <= {"id", "error"} for answer in answers[1:11])
    assert capsys.readouterr().err == 'qa: 10 of 12 lines could not be answered; see their "error"\n'


def test_an_empty_context_holds_no_answer(predict: Predict, tmp_path: Path) -> None:
    assert predict([{"id": 1, "question": "How long is it?", "context": " \n"}]) == 0
    assert [answer["answered"] for answer in written(tmp_path)] == [False]


def test_predictions_drive_no_terminal(predict: Predict, tmp_path: Path) -> None:
    driving = "a\x9b31m\u202e\x7f"
    assert predict([{"id": driving, "question": "How long is the footbridge?", "context": BRIDGE}]) == 0
    assert not set(driving[1:]) - set("31m") & set((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert [line["id"] for line in written(tmp_path)] == [driving]


def test_resume_goes_on_behind_the_complete_lines(predict: Predict, tmp_path: Path) -> None:
    lines: list[Any] = [{"id": number, "question": "What does a ticket cost?", "context": FERRY} for number in range(4)]
    lines[1] = '{"id": 1}'
    assert predict(lines) == 1
    complete = (tmp_path / "out.jsonl").read_bytes()
    parts = complete.splitlines(keepends=True)
    kept = parts[0].replace(b'"answer"', b'"kept": true, "answer"')
    (tmp_path / "out.jsonl").write_bytes(kept + parts[1] + parts[2][:20])  # killed while the third was written
    assert predict(lines, "--resume") == 1
    answers = written(tmp_path)
    assert [answer["id"] for answer in answers] == [0, 1, 2, 3]
    assert answers[0]["kept"]  # not asked again
    assert predict(lines, "--resume") == 1  # nothing left to do; the error that was written still counts
    assert len(written(tmp_path)) == 4


def test_resume_without_an_output_starts_at_the_beginning(predict: Predict, tmp_path: Path) -> None:
    assert predict([{"id": 1, "question": "What does a ticket cost?", "context": FERRY}], "--resume") == 0
    assert len(written(tmp_path)) == 1


@pytest.mark.parametrize("output", ['{"id": 5, "error": "x"}\n', '{"other": 1}\n', "no JSON\n"])
def test_resume_refuses_an_output_that_is_another_ones(
    predict: Predict, tmp_path: Path, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    (tmp_path / "out.jsonl").write_text(output, encoding="utf-8")
    assert predict([{"id": 1, "question": "What does a ticket cost?", "context": FERRY}], "--resume") == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == output


def test_an_output_is_not_lost_to_a_mistaken_command(
    predict: Predict, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out.jsonl").write_text("precious\n", encoding="utf-8")
    absent = str(tmp_path / "absent.jsonl")
    assert main(["predict", "--input", absent, "--output", str(tmp_path / "out.jsonl")]) == 2
    assert predict([{"question": "Who?"}], "--library", tmp_path / "absent") == 2
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "precious\n"
    same = str(tmp_path / "in.jsonl")
    assert main(["predict", "--input", same, "--output", same]) == 2
    assert (tmp_path / "in.jsonl").read_text(encoding="utf-8") == '{"question": "Who?"}\n'
    assert main(["predict", "--input", same, "--output", "-", "--resume"]) == 2
    assert main(["predict", "--input", same, "--output", str(tmp_path / "no" / "folder")]) == 2
    assert capsys.readouterr().err.count("\n") == 5


def test_an_input_is_read_as_windows_programs_write_it() -> None:
    lines = [b'\xef\xbb\xbf{"id": 1, "question": "Who?"}\r\n', b"\r\n", b'{"id": 2, "question": "Wh\xff?"}\r\n']
    first, second = read_tasks(lines)
    assert first.asked == Asked("Who?")
    assert second.problem == "line 3: not UTF-8 text; save the file in UTF-8"


def test_one_refusal_in_a_batch_stops_no_other(library_folder: Path) -> None:
    asked = [Asked("Where was the mirror polished?"), Asked("?"), Asked("What does a ticket cost?", context=FERRY)]
    with Answerer(library_folder) as answerer:
        found = answerer.answer(asked)
        assert [isinstance(answer, Answer) for answer in found] == [True, False, True]
        assert isinstance(found[0], Answer)
        text = answerer.text_of(asked[0], found[0].citations[0])
        assert text[found[0].citations[0].start : found[0].citations[0].end] == found[0].text
        assert answerer.answer([]) == []
