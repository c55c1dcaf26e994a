from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.qa.shell import Qa

ROOT = Path(__file__).parents[2]


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
    assert qa("add", folder, "--library", library, "--prune").out.endswith(
        "2 already there, 1 removed with their files\n"
    )
    assert len(qa("list", "--library", library).out.splitlines()) == 2


def test_prune_leaves_the_articles_of_a_disk_that_is_not_there(qa: Qa, library_copy: Path) -> None:
    disk = library_copy.parent / "disk"
    disk.mkdir()
    far, here = disk / "far.txt", library_copy.parent / "here.txt"
    far.write_text("The lamp on Skerry Rock was lit again on Sunday.", encoding="utf-8")
    here.write_text("The lamp on Pell Rock was put out on Monday.", encoding="utf-8")
    assert qa("add", far, here, "--library", library_copy).out == "2 articles added\n"
    far.unlink()
    ran = qa("add", here, disk, "--library", library_copy, "--prune")
    assert ran.out == "0 articles added, 1 already there, 1 failed\n"
    assert "no article files in this folder" in ran.err
    assert len(qa("list", "--library", library_copy).out.splitlines()) == 4


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
@pytest.mark.slow
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


def test_what_a_large_library_keeps_beside_it_is_made_at_the_end(
    qa: Qa, articles_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.commands.add.LARGE", 2)
    monkeypatch.setattr("index.stored_lexical.IN_MEMORY_PASSAGES", 2)
    ran = qa("add", articles_folder, "--library", tmp_path / "library")
    assert ran.out == "2 articles added\n"
    assert "bringing the indexes of" in ran.err
    assert list((tmp_path / "library" / "index").glob("lexical-*"))
