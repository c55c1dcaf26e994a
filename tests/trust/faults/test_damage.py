"""Damage of every kind to every file of a library: what is derived is made anew, the rest is refused in one line.

Each case is looked at in a process of its own, so that a crash of an engine, a bus error or a wait without end shows.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trust.faults.conftest import Scene
from tests.trust.faults.harness import CHANGES, Fault, Kind, Server, spread, working_copy
from tests.trust.faults.power import read_log

Tally = Callable[[str, int, int], None]
Damage = Callable[[Path], object]

SMALL, STORED = "add", "index after changes"
"""Steps that leave a library with a log that was not yet taken over, and one with stored indexes."""


def flip(place: float, bit: int) -> Damage:
    def damage(file: Path) -> None:
        data = bytearray(file.read_bytes())
        if data:
            data[int(place * (len(data) - 1))] ^= 1 << bit
        file.write_bytes(data)

    return damage


def cut(share: float, less: int = 0) -> Damage:
    return lambda file: os.truncate(file, max(0, int(share * file.stat().st_size) - less))


def become(make: Damage) -> Damage:
    """Delete the file and have something else under its name."""

    def damage(file: Path) -> None:
        file.unlink()
        make(file)

    return damage


def overwritten(file: Path) -> None:
    file.write_bytes(random.Random(4).randbytes(file.stat().st_size))


WHOLE: dict[str, Damage] = {
    "empty": cut(0),
    "cut in half": cut(0.5),
    "without its last byte": cut(1, 1),
    "longer": lambda file: file.write_bytes(file.read_bytes() + bytes(512)),
    "zeros": lambda file: file.write_bytes(bytes(file.stat().st_size)),
    "noise": overwritten,
    "gone": Path.unlink,
    "a folder": become(Path.mkdir),
    "a pipe": become(os.mkfifo),
    "a link to itself": become(lambda file: file.symlink_to(file)),
    "a link to a device": become(lambda file: file.symlink_to("/dev/zero")),
}


def flips(count: int, seed: int) -> dict[str, Damage]:
    """Bits all over a file, at least one in every ``count``-th part of it."""
    draw = random.Random(seed)
    return {f"flip {part}": flip((part + draw.random()) / count, draw.randrange(8)) for part in range(count)}


def files_of(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock")


@pytest.fixture(scope="module")
def bases(
    server: Server, scene: Callable[[str], Scene], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Scene, Path]]:
    """A small library whose writer was killed with all of its change in the log, and one with stored indexes."""
    folder = tmp_path_factory.mktemp("damage")
    for name in (SMALL, STORED):
        shutil.copytree(scene(name).folder, folder / name)
    server.done("act", STORED, folder / STORED)
    with working_copy(scene(SMALL).folder, folder / "count"):
        server.done("act", SMALL, folder / "count", fault=Fault())
    last_sync = max(at for at, kind in enumerate(server.counted, 1) if kind.name == "SYNC")
    answer = server.call("act", SMALL, folder / SMALL, Fault("kill", last_sync, CHANGES))
    assert answer == {"signal": "SIGKILL"}
    assert (folder / SMALL / "library" / "library.db-wal").stat().st_size > 0
    return {name: (scene(name), folder / name) for name in (SMALL, STORED)}


def tried(bases: dict[str, tuple[Scene, Path]], bits: int) -> Iterator[tuple[str, str, str, Damage]]:
    """A scene, a file, what is done to it, and the doing."""
    for name, (_, folder) in bases.items():
        for number, file in enumerate(files_of(folder)):
            for what, damage in {**WHOLE, **flips(bits, number)}.items():
                if not (file.endswith("-shm") and what.startswith("a ")):
                    yield name, file, what, damage


def test_some_damage(bases: dict[str, tuple[Scene, Path]], tmp_path: Path, tally: Tally) -> None:
    judge_all(bases, spread(tried(bases, 3), 15), tmp_path, tally)


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_all_damage(bases: dict[str, tuple[Scene, Path]], tmp_path: Path, tally: Tally) -> None:
    judge_all(bases, list(tried(bases, 12)), tmp_path, tally)


def judge_all(
    bases: dict[str, tuple[Scene, Path]], cases: list[tuple[str, str, str, Damage]], folder: Path, tally: Tally
) -> None:
    fallen = []
    for name, file, what, damage in cases:
        scene, base = bases[name]
        with working_copy(base, folder / "run") as run:
            damage(run / file)
            if (complaint := complaint_of(scene, run, file)) is not None:
                fallen.append(f"{file} {what}: {complaint}")
    tally("damaged files", len(cases), len(cases) - len(fallen))
    assert not fallen, "\n".join([f"{len(fallen)} of {len(cases)}", *fallen[:20]])


def complaint_of(scene: Scene, run: Path, file: str) -> str | None:
    """What is wrong with how the damage was taken; a damaged index must not even be noticed."""
    answer = scene.server.call("survey", scene.name, run)
    if "error" in answer:
        is_clear = "LibraryError" in answer["error"] and "\n" not in answer["message"]
        return None if is_clear and "/index/" not in file else f"{answer['error'][0]}: {answer['message']}"
    if "signal" in answer:
        return str(answer["signal"])
    survey: dict[str, Any] = answer["result"]
    if survey["problems"] and "/index/" not in file:
        return None
    if survey["holds"] is None and file.endswith("library.db"):
        return None  # an empty database, or none: said when it is opened
    if not scene.allows(survey["holds"]):
        return f"holds {survey['holds']}"
    return None if scene.finds(survey, run) else "the search finds something else"


def test_stored_indexes_are_never_written_to_again(
    server: Server, scene: Callable[[str], Scene], tmp_path: Path
) -> None:
    """They are mapped into the memory of whoever searches, and shared by hard links with what is made of them.

    A file that is cut under a search ends its process with a bus error, in every engine that maps its files.
    """
    with working_copy(scene(STORED).folder, tmp_path / "run") as run:
        stored = {file.stat().st_ino for file in (run / "library" / "index").rglob("*") if file.is_file()}
        server.done("act", STORED, run, fault=Fault(), log=tmp_path / "log")
    events = read_log(tmp_path / "log")
    made = {event.inode for event in events if event.kind is Kind.CREATE}  # the number of a deleted file is given again
    changed = {event.inode for event in events if event.kind in (Kind.WRITE, Kind.TRUNCATE)}
    assert stored
    assert not changed & (stored - made)
