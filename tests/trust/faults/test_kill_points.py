"""A process killed at an operation on files leaves the old state or the new one, and what it was doing can be done.

Every step is killed before each operation that changes a disk, and in the middle of each write. Some of the points are
tried in ``make test``, all of them in ``make trust``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.trust.faults.conftest import Scene
from tests.trust.faults.harness import Fault, Kind, Server, spread, working_copy
from tests.trust.faults.steps import STEPS

SAMPLE = 2
"""Points of each step that are tried in every run of the tests."""


def points(server: Server, scene: Scene, folder: Path) -> list[Fault]:
    """Every operation of the step to be killed at: before it, and within it where it writes."""
    with working_copy(scene.folder, folder):
        server.done("act", scene.name, folder, fault=Fault())
    return [
        Fault(action, at)
        for at, kind in enumerate(server.counted, 1)
        for action in (("kill", "tear") if kind is Kind.WRITE else ("kill",))
    ]


def test_the_shim_sees_what_every_library_writes(server: Server, scene: Callable[[str], Scene], tmp_path: Path) -> None:
    """SQLite, tantivy, FAISS and Python: no file appears that was not seen to be made and written."""
    for name in ("add", "index", "lists of vectors", "users"):
        with working_copy(scene(name).folder, tmp_path / "run") as folder:
            there = set(folder.rglob("*"))
            server.done("act", name, folder, fault=Fault())
            made = [path for path in folder.rglob("*") if path not in there and path.suffix != ".lock"]
            kinds = server.counted
        assert kinds.count(Kind.CREATE) + kinds.count(Kind.MKDIR) + kinds.count(Kind.LINK) >= len(made)
        assert kinds.count(Kind.WRITE) >= len([path for path in made if path.suffix])


@pytest.mark.parametrize("name", STEPS)
def test_killed_at_some_points(
    name: str, server: Server, scene: Callable[[str], Scene], tmp_path: Path, tally: Callable[[str, int, int], None]
) -> None:
    judge_all(scene(name), spread(points(server, scene(name), tmp_path / "count"), SAMPLE), tmp_path, tally)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", STEPS)
def test_killed_at_every_point(
    name: str, server: Server, scene: Callable[[str], Scene], tmp_path: Path, tally: Callable[[str, int, int], None]
) -> None:
    judge_all(scene(name), points(server, scene(name), tmp_path / "count"), tmp_path, tally)


def test_an_evaluation_that_is_killed_while_it_saves_leaves_no_file_half(
    server: Server, scene: Callable[[str], Scene], tmp_path: Path, tally: Callable[[str, int, int], None]
) -> None:
    torn = [fault for fault in points(server, scene("evaluation"), tmp_path / "count") if fault.action == "tear"]
    assert len(torn) >= 3
    judge_all(scene("evaluation"), torn, tmp_path, tally)


def judge_all(scene: Scene, faults: list[Fault], folder: Path, tally: Callable[[str, int, int], None]) -> None:
    met, fallen = 0, []
    for fault in faults:
        with working_copy(scene.folder, folder / "run") as run:
            answer = scene.server.call("act", scene.name, run, fault)
            if "result" in answer and not scene.server.fired:
                continue  # threads do not always take the same number of operations
            met += 1
            fallen += [f"{fault.action} at {fault.at}: {what}" for what in complaints(scene, run, answer)][:1]
    tally(f"kill points: {scene.name}", met, met - len(fallen))
    assert not fallen, "\n".join([f"{len(fallen)} of {met}", *fallen[:10]])
    assert met >= 0.8 * len(faults)


def complaints(scene: Scene, run: Path, answer: dict[str, object]) -> Iterator[str]:
    """What is wrong in a folder that a killed process has left, and after the step is made again there."""
    if answer != {"signal": "SIGKILL"}:
        yield f"not killed: {answer}"
    survey = yield from scene.complaints(run)
    if not survey:
        return
    # Of an outdated index that it was deleting some may stay: the next index takes it away.
    known = strange(scene.new["files"]) | strange(scene.old["files"])
    if (extra := strange(survey["files"]) - known) and not is_one_part(extra):
        yield f"left behind: {sorted(extra)}"


def strange(files: list[str]) -> set[str]:
    """Names of files without what differs from run to run."""
    return {re.sub(r"[0-9a-f]{32}|(?<=-)[0-9a-f]{12,16}", "…", name) for name in files}


def is_one_part(files: set[str]) -> bool:
    """Whether all belong to what the killed process was writing: it is swept away an hour later."""
    return all(re.search(r"/index/\.part-…/|\.new-…$", name) for name in files)
