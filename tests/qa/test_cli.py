from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.qa.shell import Qa

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "transformers", "sentence_transformers", "faiss", "tantivy", "rich", "gradio", "scipy", "matplotlib")


def in_shell(*line: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qa", *map(str, line)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, **options)


def test_the_answer_stands_in_its_sentence_with_source_place_and_confidence(qa: Qa, library_folder: Path) -> None:
    ran = qa("ask", "How many passengers were on the first tram?", "--library", library_folder)
    assert ran.code == 0
    sentence, source, confidence = [line.strip() for line in ran.out.splitlines() if line.strip()]
    assert sentence.startswith("The first tram left the harbour at 5:40 in the morning with ")
    assert "[64" in sentence
    assert "“Tram line 4 returns to Oravec”" in source
    assert "14 June 2022" in source
    assert confidence.endswith("%)")


def test_the_printed_place_is_where_the_quotation_stands(qa: Qa, library_folder: Path) -> None:
    asked = ("ask", "What does the mirror measure?", "--library", library_folder)
    found = qa(*asked, "--json").json()
    citation = found["citations"][0]
    assert found["answer"] == citation["quote"]
    assert f"({citation['article_id']}:{citation['start']}-{citation['end']})" in qa(*asked).out


def test_json_is_the_documented_object_on_one_line(qa: Qa, library_folder: Path) -> None:
    ran = qa("ask", "Who is the head of the transport office?", "--library", library_folder, "--json")
    assert ran.out.count("\n") == 1
    assert list(ran.json()) == [
        "question", "answer", "answered", "confidence", "citations", "alternatives", "timings_ms"
    ]  # fmt: skip
    assert "Tomas Weil" in ran.json()["answer"]


def test_what_is_not_there_is_said_with_the_closest_passages(qa: Qa, library_folder: Path) -> None:
    ran = qa("ask", "Who won the chess championship in 1972?", "--library", library_folder)
    assert ran.code == 0
    assert ran.out.startswith("Not in these articles.\n")
    assert "Closest passages:" in ran.out


def test_article_restricts_the_question_to_it(qa: Qa, library_folder: Path) -> None:
    listed = qa("list", "--library", library_folder, "--json").json()
    other = next(article["id"] for article in listed if "telescope" in article["title"])
    found = qa("ask", "How much did the track cost?", "--library", library_folder, "--article", other, "--json").json()
    assert {alternative["article_id"] for alternative in found["alternatives"]} <= {other}
    assert qa("ask", "Why?", "--library", library_folder, "--article", "nowhere").code == 2


def test_the_question_is_read_from_standard_input(library_folder: Path) -> None:
    ran = in_shell("ask", "-", "--library", library_folder, "--json", input="Where was the mirror polished?\n")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["answer"] == "Leiden"


def test_search_gives_passages_best_first(qa: Qa, library_folder: Path) -> None:
    asked = ("search", "telescope mirror", "--library", library_folder, "-k", "1")
    (hit,) = qa(*asked, "--json").json()
    assert hit["rank"] == 1
    assert "3.6 metres" in hit["text"]
    assert f"({hit['article_id']}:{hit['start']}-{hit['end']})" in qa(*asked).out


def test_list_has_one_line_an_article_with_tabs_in_a_pipe(qa: Qa, library_folder: Path) -> None:
    rows = [line.split("\t") for line in qa("list", "--library", library_folder).out.splitlines()]
    listed = qa("list", "--library", library_folder, "--json").json()
    assert [row[0] for row in rows] == [article["id"] for article in listed]
    assert {row[1]: row[3] for row in rows}["Tram line 4 returns to Oravec"] == "2022-06-14"
    assert all(int(row[4]) >= 1 for row in rows)


def test_a_mere_typo_makes_no_library(qa: Qa, tmp_path: Path) -> None:
    ran = qa("add", tmp_path / "typo.txt", "--library", tmp_path / "library")
    assert ran.code == 2
    assert "typo.txt" in ran.err
    assert not (tmp_path / "library").exists()


def test_remove_removes_and_names_the_unknown(qa: Qa, library_copy: Path) -> None:
    first, second = (article["id"] for article in qa("list", "--library", library_copy, "--json").json())
    assert qa("remove", "nowhere", "--library", library_copy).code == 2
    ran = qa("remove", first, "nowhere", "--library", library_copy)
    assert (ran.code, ran.out) == (1, "1 article removed\n")
    assert "'nowhere'" in ran.err
    assert [article["id"] for article in qa("list", "--library", library_copy, "--json").json()] == [second]
    assert qa("remove", second, second, "--library", library_copy).code == 0


@pytest.mark.parametrize(
    "line",
    [
        ("ask", "Why?"),
        ("search", "why"),
        ("list",),
        ("remove", "c36c3053700209cd"),
        ("evaluate", ROOT / "corpus" / "gold.jsonl"),
    ],
    ids=lambda line: line[0],
)
def test_a_missing_library_is_one_clear_line(qa: Qa, line: tuple[str, ...], tmp_path: Path) -> None:
    ran = qa(*line, "--library", tmp_path / "absent")
    assert ran.code == 2
    assert ran.err.startswith("qa: library ")
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "absent").exists()


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody may write to")
def test_a_folder_that_cannot_be_written_is_one_clear_line(qa: Qa, articles_folder: Path) -> None:
    ran = qa("add", articles_folder, "--library", "/proc/self/library")
    assert ran.code == 2
    assert ran.err.startswith("qa: library /proc/self/library: ")
    assert ran.err.count("\n") == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_adding_to_a_library_that_may_only_be_read_is_one_clear_line(
    qa: Qa, articles_folder: Path, library_copy: Path
) -> None:
    library_copy.chmod(0o555)
    try:
        ran = qa("add", articles_folder, "--library", library_copy)
    finally:
        library_copy.chmod(0o755)
    assert ran.code == 2
    assert "no permission to write" in ran.err


@pytest.mark.parametrize(
    "line",
    [
        (),
        ("fetch",),
        ("ask",),
        ("ask", "Why?", "--top-k", "0"),
        ("ask", "Why?", "--library", ""),
        ("ask", "Why?", "--jso"),
        ("predict", "--input", "questions.jsonl"),
    ],
)
def test_bad_use_is_2_and_says_how_it_is_used(qa: Qa, line: tuple[str, ...]) -> None:
    ran = qa(*line)
    assert ran.code == 2
    assert "usage: qa" in ran.err


@pytest.mark.parametrize("question", ["", "  ?!", "why " * 600])
def test_a_question_that_is_none_is_one_clear_line(qa: Qa, library_folder: Path, question: str) -> None:
    ran = qa("ask", question, "--library", library_folder)
    assert ran.code == 2
    assert ran.err.startswith("qa: the question ")


@pytest.mark.parametrize("option", ["--embedder", "--reader"])
def test_a_model_that_is_none_is_one_clear_line(qa: Qa, library_folder: Path, tmp_path: Path, option: str) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    ran = qa("ask", "Why is it so?", "--library", library_folder, option, tmp_path)
    assert ran.code == 2
    assert ran.err.startswith("qa: ")
    assert ran.err.count("\n") == 1


def test_help_and_version_are_fine(qa: Qa) -> None:
    assert "examples:" in qa("--help").out
    assert "examples:" in qa("predict", "--help").out
    ran = qa("--version")
    assert (ran.code, ran.out[:3]) == (0, "qa ")


@pytest.mark.parametrize("line", [["--help"], ["list", "--library", "LIBRARY"], ["predict", "--help"]], ids=str)
def test_what_needs_no_model_loads_none(line: list[str], library_folder: Path) -> None:
    words = [str(library_folder) if word == "LIBRARY" else word for word in line]
    program = f"import sys; from qa.cli import main; main({words!r}); print([m for m in {HEAVY!r} if m in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(os.name != "posix", reason="pipes of a POSIX shell")
def test_a_closed_pipe_is_met_in_silence(library_folder: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "qa", "list", "--library", str(library_folder)]
    ran = subprocess.run(command, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(write)
    assert (ran.returncode, ran.stderr) == (141, b"")


@pytest.mark.skipif(os.name != "posix", reason="signals of a POSIX shell")
def test_ctrl_c_stops_with_130_and_no_traceback() -> None:
    command = [sys.executable, "-m", "qa", "predict", "--input", "-", "--output", "-"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("no JSON\n" * 32)  # a full batch, so that its answers show that the command is under way
    process.stdin.flush()
    assert "error" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "qa: stopped\n")
