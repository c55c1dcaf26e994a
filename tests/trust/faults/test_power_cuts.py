"""After a power cut at any moment a library is in the old state or the new one, and what was reported is kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.trust.faults.conftest import Scene
from tests.trust.faults.harness import Fault, Server, spread, working_copy
from tests.trust.faults.power import Cut, Disk, Event, File, Image, cuts, lay_out, read_log
from tests.trust.faults.steps import STEPS

Tally = Callable[[str, int, int], None]

SAMPLE, MANY = 2, 40
"""Cuts of each step in ``make test`` and in ``make trust``."""
KEPT = ("create", "add", "replace", "remove", "folder of files")
"""Steps whose change, once it has been reported, outlives a cut."""


def test_what_was_not_synced_is_lost_and_what_was_is_kept() -> None:
    file = File(b"old")
    file.since = [(3, b" and new"), (2, None)]
    assert file.with_some(lambda: False) == b"old"
    assert file.with_some(lambda: True) == b"ol"
    file.since = [(1024, b"x" * 600)]
    kept = iter([False, True])
    assert file.with_some(lambda: next(kept)) == b"old".ljust(1024 + 512, b"\0") + b"x" * 88
    file.sync()
    assert len(file.with_some(lambda: False)) == 1624


def record(server: Server, scene: Scene, folder: Path) -> tuple[Disk, list[Event]]:
    """What is on the disk before the step, and all that the step did there."""
    log = folder.with_name("log")
    log.unlink(missing_ok=True)
    with working_copy(scene.folder, folder):
        disk = Disk(folder)
        server.done("act", scene.name, folder, fault=Fault(), log=log)
    return disk, read_log(log)


def test_the_log_tells_all_that_happened(server: Server, scene: Callable[[str], Scene], tmp_path: Path) -> None:
    """Played back to its end with nothing lost, it gives the files that are there."""
    for name in ("add", "index after changes"):
        shutil.copytree(scene(name).folder, run := tmp_path / "run")
        disk = Disk(run)
        server.done("act", name, run, fault=Fault(), log=tmp_path / "log")
        for event in read_log(tmp_path / "log"):
            disk.do(event)
        for file in disk.files.values():
            file.sync()
        image = disk.image(Cut(0, "names"), disk.folders)
        there = {
            path.relative_to(run).as_posix(): None if path.is_dir() else path.read_bytes() for path in run.rglob("*")
        }
        assert image == there
        (tmp_path / "log").unlink()
        shutil.rmtree(run)


@pytest.mark.parametrize("name", ["create", "replace", "index after changes", "evaluation"])
def test_some_cuts(name: str, server: Server, scene: Callable[[str], Scene], tmp_path: Path, tally: Tally) -> None:
    disk, events = record(server, scene(name), tmp_path / "run")
    judge_all(scene(name), chosen(cuts(disk, events, [1]), SAMPLE), len(events), tmp_path, tally)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", STEPS)
def test_many_cuts(name: str, server: Server, scene: Callable[[str], Scene], tmp_path: Path, tally: Tally) -> None:
    disk, events = record(server, scene(name), tmp_path / "run")
    judge_all(scene(name), chosen(cuts(disk, events, [1, 2]), MANY), len(events), tmp_path, tally)


def test_a_new_library_is_still_there_after_a_power_cut(
    server: Server, scene: Callable[[str], Scene], tmp_path: Path
) -> None:
    """Its file was on the disk and the name of its folder was not: all was gone after the first add."""
    disk, events = record(server, scene("create"), tmp_path / "run")
    (image,) = [image for cut, image in cuts(disk, events, []) if (cut.at, cut.kept) == (len(events), "synced")]
    lay_out(image, tmp_path / "cut")
    assert lost_after_all(scene("create"), tmp_path / "cut") == []


def test_a_power_cut_leaves_no_users_file_without_its_users(
    server: Server, scene: Callable[[str], Scene], tmp_path: Path
) -> None:
    """The new name was on the disk before the bytes were."""
    disk, events = record(server, scene("users"), tmp_path / "run")
    for cut, image in [(cut, image) for cut, image in cuts(disk, events, []) if cut.kept == "names"]:
        lay_out(image, folder := tmp_path / f"cut {cut.at}")
        assert scene("users").allows(server.done("survey", "users", folder)["holds"])


def chosen(tried: Iterator[tuple[Cut, Image]], most: int) -> list[tuple[Cut, Image]]:
    """Some of the cuts, and the one after all is done where all that was not synced is lost."""
    every = list(tried)
    return [*spread(every, most), *[(cut, image) for cut, image in every[-4:] if cut.kept == "synced"]]


def judge_all(scene: Scene, tried: list[tuple[Cut, Image]], end: int, folder: Path, tally: Tally) -> None:
    fallen = []
    for cut, image in tried:
        lay_out(image, folder / "cut")
        lost = lost_after_all(scene, folder / "cut") if cut.at == end and scene.name in KEPT else []
        fallen += [f"{cut}: {what}" for what in [*lost, *scene.complaints(folder / "cut")]][:1]
        shutil.rmtree(folder / "cut")
    tally("power cuts", len(tried), len(tried) - len(fallen))
    assert not fallen, "\n".join([f"{len(fallen)} of {len(tried)}", *fallen[:10]])


def lost_after_all(scene: Scene, folder: Path) -> list[str]:
    """What is missing of a change that was reported as made."""
    holds = scene.server.done("survey", scene.name, folder)["holds"]
    return [] if holds == scene.new["holds"] else [f"lost after it was reported: {holds}"]
