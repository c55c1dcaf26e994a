"""Adding over time: near-duplicates, files that went, runs that were killed, memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.files import article_files
from corpus.library import Library
from index.ingest import ingest
from tests.index.mill_reports import state_of, states, story

ROOT = Path(__file__).parents[2]


def copied(text: str) -> str:
    return text.replace("Mill report", "News of the mills").replace("place 3", "town 3")


def test_a_near_duplicate_is_added_and_named_or_left_out(library, embedder, tmp_path) -> None:
    texts = {"a": story(1, 30), "b": story(2000, 30), "c": copied(story(1, 30))}
    files = [tmp_path / f"{name}.txt" for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "strict", create=True) as strict:
        told = list(ingest(files, strict, embedder, skip_near_duplicates=True))
        assert [one.state for one in told] == ["added", "added", "left_out"]
        assert len(strict.articles()) == 2
        assert states(ingest(files, strict, embedder, skip_near_duplicates=True))[2] == "left_out"
    told = list(ingest(files, library, embedder))
    assert [one.near_duplicate_of for one in told] == [None, None, told[0].article_id]
    assert [one.state for one in told] == ["added"] * 3
    (tmp_path / "d.txt").write_text(copied(texts["b"]), encoding="utf-8")
    (later,) = ingest([tmp_path / "d.txt"], library, embedder)
    assert later.near_duplicate_of == told[1].article_id


def test_the_new_version_of_a_file_is_no_near_duplicate_of_the_old(library, embedder, tmp_path) -> None:
    file = tmp_path / "a.txt"
    for text in (story(1, 30), copied(story(1, 30))):
        file.write_text(text, encoding="utf-8")
        (told,) = ingest([file], library, embedder, skip_near_duplicates=True)
        assert told.near_duplicate_of is None
    assert (told.state, len(library.articles())) == ("replaced", 1)


def test_files_that_are_gone_are_pruned_on_demand(library, embedder, folder, tmp_path) -> None:
    (tmp_path / "in2").mkdir()
    (tmp_path / "in2" / "copy.txt").write_text(story(0), encoding="utf-8")
    list(ingest(article_files([folder, tmp_path / "in2"]), library, embedder))
    gone = [folder / "0" / "story00.txt", folder / "0" / "story02.txt"]
    titles = [library.held([str(file)])[str(file)].title for file in gone]
    for file in gone:
        file.unlink()
    assert library.prune(folder / "1") == library.prune(tmp_path / "in2") == []
    assert [held.title for held in library.prune(folder)] == titles[1:], "the other has a copy elsewhere"
    assert len(library.articles()) == 37
    assert library.prune(folder) == []
    (tmp_path / "in2" / "copy.txt").unlink()
    assert [held.title for held in library.prune(tmp_path / "in2")] == titles[:1]


WORKER = """
import sys, time
sys.path.insert(0, sys.argv[3])
from corpus.files import article_files
from corpus.library import Library
from index import ingest as module
from tests.hashing import HashingEmbedder
module.BATCH = 8
class Slow(HashingEmbedder):
    def embed(self, texts):
        time.sleep(float(sys.argv[4]))
        return super().embed(texts)
with Library.open(sys.argv[2], create=True) as library:
    for one in module.ingest(article_files([sys.argv[1]]), library, Slow()):
        print(one.state, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_killed_run_goes_on_to_the_same_end(embedder, folder, tmp_path) -> None:
    with Library.open(tmp_path / "whole", create=True) as whole:
        list(ingest(article_files([folder]), whole, embedder))
        expected = state_of(whole)
    command = [sys.executable, "-c", WORKER, str(folder), str(tmp_path / "cut"), str(ROOT), "0.1"]
    for lines in (9, 3):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert told[0] == "unchanged", "the second run began with what was in"
    with Library.open(tmp_path / "cut") as cut:
        assert cut.check() == []
        assert 0 < len(cut.articles()) < 38
        assert "unchanged" in states(ingest(article_files([folder]), cut, embedder))
        assert state_of(cut) == expected


MEASURED = """
import sys
sys.path.insert(0, sys.argv[3])
from pathlib import Path
import numpy as np
from corpus.files import article_files
from corpus.library import Library
from index.ingest import ingest
from tests.hashing import HashingEmbedder
class Large(HashingEmbedder):
    dimension = 2048  # what leaks shows
    def embed(self, texts):
        return np.full((len(texts), self.dimension), len(texts), np.float32)
    def count_tokens(self, texts):
        return [100] * len(texts)  # a passage each
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
passages, marks = 0, {}
with Library.open(sys.argv[2], create=True) as library:
    for one in ingest(article_files([sys.argv[1]]), library, Large()):
        passages += one.passages
        for mark in (500, 2500):
            if passages >= mark:
                marks.setdefault(mark, resident())
print((marks[2500] - marks[500]) // 1_000_000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_files(tmp_path) -> None:
    for number in range(52):
        (tmp_path / f"{number:04}.txt").write_text(story(number, 50), encoding="utf-8")
    command = [sys.executable, "-c", MEASURED, str(tmp_path), str(tmp_path / "library"), str(ROOT)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) < 8, "megabytes between 500 and 2,500 passages, whose vectors are 16"


def test_waiting_files_are_bounded_behind_a_slow_one(library, embedder, folder, monkeypatch) -> None:
    monkeypatch.setattr("index.reading.WAITING", 3)
    list(ingest(article_files([folder / "1"]), library, embedder))
    told = list(ingest(article_files([folder]), library, embedder))
    assert [one.path for one in told] == list(article_files([folder]))
    assert [one.state for one in told if "1" in one.path.parts].count("unchanged") == 18
