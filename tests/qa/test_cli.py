from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qa.cli import main

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "transformers", "sentence_transformers", "faiss", "tantivy", "rich", "gradio", "scipy", "matplotlib")


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Qa = Callable[..., Ran]


@pytest.fixture
def qa(capsys: pytest.CaptureFixture[str]) -> Qa:
    def run(*line: str | Path) -> Ran:
        code = main([str(part) for part in line])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Ran(code, said.out, said.err)

    return run


@pytest.fixture
def library_copy(library_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(library_folder, tmp_path / "copy"))


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


def test_add_makes_the_library_and_adding_again_changes_nothing(qa: Qa, articles_folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "new" / "library"
    first = qa("add", articles_folder, "--library", library)
    assert (first.code, first.out) == (0, "2 articles added\n")
    again = qa("add", articles_folder / "tramway.txt", "--library", library, "--json")
    assert again.code == 0
    assert [len(again.json()[part]) for part in ("added", "unchanged", "failed")] == [0, 1, 0]


def test_add_reports_each_file_that_failed_on_one_line(qa: Qa, articles_folder: Path, library_copy: Path) -> None:
    bad = library_copy.parent / "bad\nname.txt"
    bad.write_bytes(b"")
    ran = qa("add", bad, articles_folder / "tramway.txt", library_copy.parent / "absent.txt", "--library", library_copy)
    assert ran.code == 1
    assert "2 failed" in ran.out
    lines = ran.err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("qa: ") for line in lines)


def test_add_names_what_became_of_each_file(qa: Qa, articles_folder: Path, tmp_path: Path) -> None:
    folder, library = Path(shutil.copytree(articles_folder, tmp_path / "in")), tmp_path / "library"
    qa("add", folder, "--library", library)
    tram, other = folder / "tramway.txt", next(file for file in folder.iterdir() if file.name != "tramway.txt")
    copy = folder / "copy.txt"
    copy.write_text(tram.read_text("utf-8").replace("5:40", "5:45"), encoding="utf-8")
    assert qa("add", folder, "--library", library, "--skip-near-duplicates").out == (
        "0 articles added, 2 already there, 1 left out as near-duplicates\n"
    )
    tram.write_text(tram.read_text("utf-8").replace("20 korun", "30 korun"), encoding="utf-8")
    told = qa("add", folder, "--library", library, "--json").json()
    assert [len(told[kind]) for kind in ("added", "replaced", "unchanged", "pruned", "failed")] == [1, 1, 1, 0, 0]
    (near,) = told["near_duplicates"]
    assert (near["id"], near["near"]) == (told["replaced"][0]["id"], told["added"][0]["id"])
    assert near["added"]
    assert qa("add", folder, "--library", library, "--again").out == "0 articles added, 3 already there\n"
    other.unlink()
    away = tmp_path / "disk"
    away.mkdir()
    (away / "far.txt").write_text("The lamp on Skerry Rock was lit again on Sunday.", encoding="utf-8")
    qa("add", away, "--library", library)
    (away / "far.txt").unlink()
    assert "removed" not in qa("add", tram, away, "--library", library, "--prune").out
    qa("remove", qa("list", "--library", library, "--json").json()[-1]["id"], "--library", library)
    assert qa("add", folder, "--library", library, "--prune").out.endswith(
        "2 already there, 1 removed with their files\n"
    )
    assert len(qa("list", "--library", library).out.splitlines()) == 2


def test_of_many_files_that_fail_the_first_are_named(qa: Qa, library_copy: Path) -> None:
    for number in range(25):
        (library_copy.parent / f"bad{number:02}.txt").write_bytes(b"")
    files = sorted(library_copy.parent.glob("bad*.txt"))
    ran = qa("add", *files, "--library", library_copy)
    assert ran.code == 2
    assert ran.out == "0 articles added, 25 failed\n"
    assert [line.split(":")[1].split("/")[-1] for line in ran.err.splitlines()[:-1]] == [
        file.name for file in files[:20]
    ]
    assert ran.err.splitlines()[-1] == "qa: 5 more failed; --json names all"
    assert len(qa("add", *files, "--library", library_copy, "--json").json()["failed"]) == 25


@pytest.mark.skipif(os.name != "posix", reason="signals of a POSIX shell")
def test_adding_that_was_stopped_says_how_far_it_came_and_goes_on(qa: Qa, tmp_path: Path) -> None:
    for number in range(400):
        lines = [f"Boat {number} carried {line * 7} crates to harbour {number + line}." for line in range(30)]
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{number:03}.txt").write_text("\n\n".join(lines), encoding="utf-8")
    library = tmp_path / "library"
    command = [sys.executable, "-m", "qa", "add", str(tmp_path / "in"), "--library", str(library)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    database = sqlite3.connect(library_when_begun(process, library), timeout=30)
    while not database.execute("SELECT count(*) FROM sources").fetchone()[0]:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=60)
    done = database.execute("SELECT count(*) FROM sources").fetchone()[0]
    database.close()
    assert (process.returncode, out) == (130, "")
    told = re.fullmatch(r"qa: stopped: (\d+) of 400 files are done .*; the same command goes on from there\n", said)
    assert told is not None, said
    assert 0 <= int(told[1]) <= done < 400
    ran = qa("add", *sorted((tmp_path / "in").iterdir())[: done + 2], "--library", library)
    assert ran.out.startswith(f"2 articles added, {done} already there")


def library_when_begun(process: subprocess.Popen[str], library: Path) -> Path:
    while not (library / "library.db").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    time.sleep(0.5)  # its tables are made in one transaction
    return library / "library.db"


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
