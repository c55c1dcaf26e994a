"""Others in the way: writers at once, a lock that is held, a fork, files that go while they are open, the clock."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus import schema
from corpus.errors import LibraryError
from corpus.library import Library
from index import cache
from tests.trust.faults.conftest import Scene
from tests.trust.faults.harness import ROOT, Server, working_copy
from tests.trust.faults.toy import TOY, article_id, put

Tally = Callable[[str, int, int], None]

YEAR = 365 * 24 * 3600

# Adds and removes the same reports as its likes do, in an order of its own, and ends with all of them added.
WORKER = """
import random, sys
from corpus.errors import UnknownArticleError
from corpus.library import Library
from tests.trust.faults.toy import article_id, put
folder, seed = sys.argv[1:]
draw = random.Random(seed)
names = ["quay", "quay again", "mill", "choir", "flood"]
with Library.open(folder, create=True) as library:
    for _ in range(30):
        name = draw.choice(names)
        try:
            put(library, name) if draw.random() < 0.6 else library.remove(article_id(name))
        except UnknownArticleError:
            pass
    for name in names[1:]:
        put(library, name)
"""

# Takes the write lock, says so, and keeps it.
HOLDER = """
import sys, time
from corpus.library import Library
with Library.open(sys.argv[1]) as library, library._connections.writing() as connection:
    connection.execute("DELETE FROM articles")
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""

# Uses a library that its parent has open, and so does the parent afterwards.
FORKED = """
import os, sys
from corpus.library import Library
from tests.trust.faults.toy import put
with Library.open(sys.argv[1], create=True) as library:
    put(library, "quay")
    child = os.fork()
    if child == 0:
        put(library, "mill")
        assert len(library.articles()) == 2
        library.close()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0
    put(library, "choir")
    assert len(library.articles()) == 3
    assert library.check() == []
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> None:
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors


@pytest.mark.parametrize("processes", [2, pytest.param(6, marks=pytest.mark.slow)])
def test_processes_that_add_and_remove_the_same_at_once(processes: int, tmp_path: Path, tally: Tally) -> None:
    for worker in [start(WORKER, tmp_path / "library", seed) for seed in range(processes)]:
        finish(worker)
    with Library.open(tmp_path / "library") as library:
        held = {article.id for article in library.articles()}
        vectors = len(library.vectors(TOY.id)[0])
        well = library.check() == [] and vectors == library.count_passages()
    tally("processes that write at once", processes, processes if well else 0)
    assert well
    assert held >= {article_id(name) for name in ("mill", "choir", "flood")}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as library:
        put(library, "quay")
        yield library


def test_a_lock_that_is_held_too_long_is_one_line(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.3)
    waits_too_long(library.path, 30)


@pytest.mark.slow
def test_a_lock_that_is_held_for_forty_seconds(library: Library) -> None:
    began = time.monotonic()
    waits_too_long(library.path, 40)
    assert time.monotonic() - began > 29


def waits_too_long(folder: Path, seconds: float) -> None:
    """While another process holds the lock reading goes on and writing gives up; it works when the other is dead."""
    holder = start(HOLDER, folder, seconds)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with Library.open(folder) as other:
        assert len(other.articles()) == 1
        with pytest.raises(LibraryError, match="another process is writing") as caught:
            put(other, "mill")
        assert "\n" not in str(caught.value)
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
        assert put(other, "mill")
        assert {article.id for article in other.articles()} == {article_id("quay"), article_id("mill")}
        assert other.check() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks")
def test_a_fork_while_a_library_is_open(tmp_path: Path) -> None:
    finish(start(FORKED, tmp_path / "library"))
    with Library.open(tmp_path / "library") as library:
        assert [article.id for article in library.articles()] == [article_id(n) for n in ("quay", "mill", "choir")]


@pytest.mark.skipif(os.name == "nt", reason="open files cannot be deleted there")
def test_an_article_is_never_added_to_a_deleted_library(library: Library) -> None:
    shutil.rmtree(library.path)
    assert len(library.articles()) == 1, "what is open can be read"
    for _ in range(2):
        with pytest.raises(LibraryError, match="moved or deleted"):
            put(library, "mill")
    with Library.open(library.path, create=True) as other:
        put(other, "choir")
    with pytest.raises(LibraryError, match="replaced while it was open"):
        put(library, "mill")
    with ThreadPoolExecutor(1) as another_thread, pytest.raises(LibraryError, match="replaced"):
        another_thread.submit(library.articles).result()


@pytest.mark.parametrize("years", [-1, 1])
def test_a_clock_that_jumps_changes_nothing(
    years: int, server: Server, scene: Callable[[str], Scene], tmp_path: Path, tally: Tally
) -> None:
    fallen, names = [], ("create", "replace", "index after changes", "copy")
    for name in names:
        with working_copy(scene(name).folder, tmp_path / "run") as run:
            server.done("act", name, run, clock=years * YEAR)
            survey = server.done("survey", name, run)
            if survey["holds"] != scene(name).new["holds"] or survey["problems"] or not scene(name).finds(survey, run):
                fallen.append(name)
    tally("clocks that jump", len(names), len(names) - len(fallen))
    assert not fallen


@pytest.mark.parametrize("age", [2 * 3600, YEAR, -2 * 3600, -YEAR])
def test_what_a_killed_process_left_is_swept_whatever_the_clock_said(age: int, tmp_path: Path) -> None:
    stamp = cache.Stamp("a library", 7, "lexical", "an engine")
    (tmp_path / ".part-left").mkdir()
    (tmp_path / ".part-now").mkdir()
    os.utime(tmp_path / ".part-left", (time.time() - age,) * 2)
    cache.sweep(tmp_path, stamp)
    assert [path.name for path in tmp_path.iterdir()] == [".part-now"]


def test_a_part_that_is_swept_while_it_is_written_is_no_error(tmp_path: Path) -> None:
    """As happens where the clock jumps ahead: then the index is made in memory."""
    stamp = cache.Stamp("a library", 7, "lexical", "an engine")

    def write(part: Path) -> None:
        (part / "words").write_bytes(b"some")
        os.utime(part, (time.time() - YEAR,) * 2)
        cache.sweep(tmp_path, stamp)
        (part / "more words").write_bytes(b"more")

    assert cache.publish(tmp_path, stamp, write) is None
    assert list(tmp_path.iterdir()) == []
    assert cache.publish(tmp_path, stamp, lambda part: (part / "words").write_bytes(b"some")) is not None
