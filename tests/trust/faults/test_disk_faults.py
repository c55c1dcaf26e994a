"""Disks that are full or fail, and too many open files: one line says so, nothing is lost, and then it works again."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trust.faults.conftest import Scene
from tests.trust.faults.harness import CHANGES, ROOT, Fault, Kind, Server, spread, working_copy
from tests.trust.faults.steps import STEPS

Tally = Callable[[str, int, int], None]

SAMPLE, MANY = 2, 8
"""Points of each step in ``make test`` and in ``make trust``."""
FULL = Kind.CREATE | Kind.WRITE | Kind.SYNC | Kind.TRUNCATE | Kind.RENAME | Kind.LINK | Kind.MKDIR
OPENING = Kind.CREATE | Kind.OPEN | Kind.TRUNCATE
FAULTS = {
    "full disk": Fault("fail", kinds=FULL, error=errno.ENOSPC, lasting=True),
    "full for a moment": Fault("fail", kinds=FULL, error=errno.ENOSPC),
    "failing disk": Fault("fail", kinds=CHANGES | Kind.READ, error=errno.EIO, lasting=True),
    "one error of the disk": Fault("fail", kinds=CHANGES | Kind.READ, error=errno.EIO),
    "too many open files": Fault("fail", kinds=OPENING, error=errno.EMFILE, lasting=True),
    "short writes": Fault("shorten", kinds=Kind.WRITE),
}
WIDE = Kind.READ | Kind.OPEN
STARTS_OTHERS = {"folder of files"}  # whatever is started could not be loaded while reads are watched


def points(server: Server, scene: Scene, folder: Path, what: str) -> list[Fault]:
    """The fault at every operation that it can happen to."""
    fault = FAULTS[what]
    kinds = fault.kinds & ~WIDE if scene.name in STARTS_OTHERS else fault.kinds
    with working_copy(scene.folder, folder):
        server.done("act", scene.name, folder, fault=Fault(kinds=kinds))
    count = len(server.counted)
    return [Fault(fault.action, at, kinds, fault.error, fault.lasting) for at in range(1, count + 1)]


@pytest.mark.parametrize("what", FAULTS)
def test_at_some_points(what: str, server: Server, scene: Callable[[str], Scene], tmp_path: Path, tally: Tally) -> None:
    for name in ("add", "evaluation"):
        tried = spread(points(server, scene(name), tmp_path / "count", what), SAMPLE)
        judge_all(scene(name), what, tried, tmp_path, tally)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("what", FAULTS)
def test_at_many_points(
    what: str, name: str, server: Server, scene: Callable[[str], Scene], tmp_path: Path, tally: Tally
) -> None:
    tried = spread(points(server, scene(name), tmp_path / "count", what), MANY)
    judge_all(scene(name), what, tried, tmp_path, tally)


def judge_all(scene: Scene, what: str, faults: list[Fault], folder: Path, tally: Tally) -> None:
    met, fallen = 0, []
    for fault in faults:
        with working_copy(scene.folder, folder / "run") as run:
            answer = scene.server.call("act", scene.name, run, fault)
            if "result" in answer and not scene.server.fired:
                continue  # threads do not always take the same number of operations
            met += 1
            fallen += [f"at {fault.at}: {what}" for what in complaints(scene, run, answer, fault)][:1]
    tally(f"disk: {what}", met, met - len(fallen))
    assert not fallen, "\n".join([f"{len(fallen)} of {met}", *fallen[:10]])


def complaints(scene: Scene, run: Path, answer: dict[str, Any], fault: Fault) -> Iterator[str]:
    """What is wrong after a fault: with what was said, with what is there, and when the step is made again."""
    if "result" not in answer and not is_clear(answer):
        yield f"unclear: {answer.get('trace') or answer}"
    if "result" not in answer and fault.action == "shorten":
        yield f"a short write is no error: {answer}"
    yield from scene.complaints(run)


def is_clear(answer: dict[str, Any]) -> bool:
    """Whether it is an error of ours, of one line with a remedy."""
    return "QAError" in answer.get("error", ()) and "\n" not in answer["message"] and ";" in answer["message"]


@pytest.mark.parametrize("line", ["add FOLDER/files --library FOLDER/library", "remove ID --library FOLDER/library"])
@pytest.mark.parametrize("what", ["full disk", "failing disk"])
def test_a_command_ends_with_one_line(
    line: str, what: str, server: Server, scene: Callable[[str], Scene], tmp_path: Path, tally: Tally
) -> None:
    begin = scene("folder of files")
    line = line.replace("ID", next(key for key in begin.old["holds"] if len(key) == 16))
    fault = FAULTS[what]
    with working_copy(begin.folder, tmp_path / "run") as run:
        assert server.done("command", line, run, fault=Fault(kinds=CHANGES))["code"] == 0
    tried = spread(range(1, len(server.counted) + 1), 2)
    fallen = []
    for at in tried:
        with working_copy(begin.folder, tmp_path / "run") as run:
            said = server.call("command", line, run, Fault("fail", at, CHANGES, fault.error, fault.lasting))
            if not ends_well(said.get("result")):
                fallen.append(f"at {at}: {said}")
            elif server.done("command", line, run)["code"] not in (0, 2 if line.startswith("remove") else 0):
                fallen.append(f"at {at}: not once the fault is gone")
    tally("disk: commands", len(tried), len(tried) - len(fallen))
    assert not fallen, "\n".join(fallen)


def ends_well(result: dict[str, Any] | None) -> bool:
    """Whether a command did its work, or said in one line why not."""
    if result is None or result["code"] == 0:
        return result is not None and not result["err"]
    return result["code"] == 2 and result["err"].startswith("qa: ") and result["err"].count("\n") == 1


# Fills a disk of one megabyte that is mounted in a name space of its own, and frees some of it again.
FILL = """
import sys
from pathlib import Path
from corpus.errors import LibraryError
from corpus.library import Library
from index.retriever import Retriever
from tests.trust.faults.toy import LONG, REPORTS, TOY, put
disk = Path(sys.argv[1])
(disk / "ballast").write_bytes(bytes(400_000))
with Library.open(disk / "library", create=True) as library:
    put(library, "quay")
    try:
        for number in range(100):
            REPORTS[LONG] += f" Sighting {number} was the last of the season."
            held = library.articles()
            put(library, LONG)
    except LibraryError as error:
        assert "disk is full; free" in str(error), error
        assert error.__cause__ is not None
    else:
        raise SystemExit("it was never full")
    assert library.articles() == held
    assert library.check() == []
    assert Retriever(library, TOY).search("the quay", 1)
    (disk / "ballast").unlink()
    assert put(library, LONG)
    assert library.check() == []
    assert Retriever(library, TOY).search("the season", 1)
"""


def test_a_disk_that_is_really_full(tmp_path: Path, tally: Tally) -> None:
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh", "-c"]
    mount = f"mount -t tmpfs -o size=1m none '{tmp_path}'"
    if shutil.which("unshare") is None or subprocess.run([*unshare, mount], capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    command = [*unshare, f'{mount} && exec "$0" -c "$1" "{tmp_path}"', sys.executable, FILL]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    tally("disk: really full", 1, int(done.returncode == 0))
    assert done.returncode == 0, done.stderr


def test_few_files_may_be_open(server: Server, scene: Callable[[str], Scene], tmp_path: Path, tally: Tally) -> None:
    fallen, limits = [], range(6, 19, 6)
    for name in ("add", "index"):
        for most in limits:
            with working_copy(scene(name).folder, tmp_path / "run") as run:
                answer = server.call("act", name, run, files=most)
                what = [*complaints(scene(name), run, answer, Fault())]
            fallen += [f"{name} with {most}: {complaint}" for complaint in what[:1]]
    tally("disk: few files may be open", 2 * len(limits), 2 * len(limits) - len(fallen))
    assert not fallen, "\n".join(fallen)
