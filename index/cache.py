"""Folders of derived files beside a library, used only after every byte of them has been checked.

Each lives in ``<library>/index/<kind>-<generation>-<hash>/`` with a ``stamp.json`` that tells what it was made from
and the sha256 of each file. A folder appears under its name by one rename when it is whole. One that is missing or
damaged is simply made again: the database is the truth. One of an earlier state may be a base that the next is made
from: its files are shared by hard links, so what has not changed is neither copied nor read again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from corpus.errors import LibraryError

__all__ = ["Stamp", "find", "latest", "link_files", "publish", "sweep"]

FORMAT: Final = 1
STAMP_FILE: Final = "stamp.json"
PART: Final = ".part-"  # how a folder is called while it is written
ABANDONED_SECONDS: Final = 3600  # after that a part belongs to a process that died
SETTLED_NANOSECONDS: Final = 1_000_000_000
MOST_KNOWN: Final = 1000

_known: dict[tuple[int, int, int, int], str] = {}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a derived folder depends on: of which library and state, of what kind, made by which engine."""

    library: str
    generation: int
    kind: str
    engine: str
    format: int = FORMAT

    @property
    def folder(self) -> str:
        """The folder's name: the kind, the generation and a hash over all of the stamp."""
        digest = hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()
        return f"{self.kind}-{self.generation}-{digest[:12]}"


def find(root: Path, stamp: Stamp) -> Path | None:
    """The folder of this stamp below ``root`` if it is there, complete and undamaged; ``None`` otherwise."""
    folder = root / stamp.folder
    try:
        _facts(folder / STAMP_FILE)
        stored = json.loads((folder / STAMP_FILE).read_bytes())
        expected = {"stamp": asdict(stamp), "files": _digests(folder)}
    except (OSError, ValueError):
        return None
    return folder if stored == expected else None


def latest(root: Path, stamp: Stamp) -> tuple[Path, int] | None:
    """The sound folder of the latest generation up to the stamp's, else like it, with that generation."""
    generations = {
        int(generation)
        for folder in _entries(root)
        for kind, generation, _ in [[*folder.name.rsplit("-", 2), "", ""][:3]]
        if kind == stamp.kind and generation.isdecimal() and int(generation) <= stamp.generation
    }
    for generation in sorted(generations, reverse=True):
        folder = find(root, replace(stamp, generation=generation))
        if folder is not None:
            return folder, generation
    return None


def link_files(folder: Path, part: Path) -> None:
    """Give ``part`` the files of a stored folder, without copying: for engines that never change a file in place.

    Raises OSError where the file system has no hard links.
    """
    for file in folder.iterdir():
        if file.name != STAMP_FILE and file.suffix != ".lock":
            os.link(file, part / file.name)


def publish(root: Path, stamp: Stamp, write: Callable[[Path], object]) -> Path | None:
    """Let ``write`` fill a new folder and give it the stamp's name; ``None`` where the disk does not allow it."""
    part = root / f"{PART}{uuid.uuid4().hex}"
    try:
        part.mkdir(parents=True)
        write(part)
        content = json.dumps({"stamp": asdict(stamp), "files": _digests(part)}, indent=1)
        (part / STAMP_FILE).write_text(content, encoding="utf-8")
        _flush(part)
        _take_name(part, root / stamp.folder)
    except (OSError, LibraryError):
        return find(root, stamp)  # another process may have been faster
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return find(root, stamp)


def sweep(root: Path, stamp: Stamp) -> None:
    """Delete what this stamp makes useless: older generations of its kind, and parts that nobody writes any more."""
    for folder in _entries(root):
        kind, generation, *_ = [*folder.name.rsplit("-", 2), "", ""]
        outdated = kind == stamp.kind and generation.isdigit() and int(generation) < stamp.generation
        if outdated or (folder.name.startswith(PART) and _age(folder) > ABANDONED_SECONDS):
            shutil.rmtree(folder, ignore_errors=True)


def _entries(root: Path) -> list[Path]:
    try:
        return [entry for entry in root.iterdir() if entry.is_dir() and not entry.is_symlink()]
    except OSError:
        return []


def _age(folder: Path) -> float:
    try:
        return abs(time.time() - folder.stat().st_mtime)  # the clock may have been ahead when it was written
    except OSError:
        return 0.0


def _digests(folder: Path) -> dict[str, str]:
    """The sha256 of each file but the stamp; an engine's lock files come and go and hold nothing."""
    files = sorted(file for file in folder.iterdir() if file.name != STAMP_FILE and file.suffix != ".lock")
    return {file.name: _digest(file) for file in files}


def _digest(file: Path) -> str:
    """The sha256 of a file; one that this process has read is not read again while nobody has written to it.

    Reading 1 GB takes a second, and a library that is added to is published anew, mostly of the same files, after
    every batch.
    """
    facts = _facts(file)
    key = (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)
    known = _known.get(key)
    if known is None:
        with file.open("rb") as content:
            known = hashlib.file_digest(content, "sha256").hexdigest()
        # The clock of a file system ticks in milliseconds: what was written a moment ago may change under one time.
        if time.time_ns() - facts.st_mtime_ns > SETTLED_NANOSECONDS:
            if len(_known) >= MOST_KNOWN:
                _known.clear()
            _known[key] = known
    return known


def _facts(file: Path) -> os.stat_result:
    """Raises OSError for what is no ordinary file: a pipe or a device might be read for ever."""
    facts = file.lstat()
    if not stat.S_ISREG(facts.st_mode):
        raise OSError(errno.EINVAL, "no ordinary file", str(file))
    return facts


def _flush(folder: Path) -> None:
    """Have the files on the disk before the name is: a rename must not outlive the bytes."""
    for path in [*folder.iterdir(), folder]:
        if path.is_dir() and os.name == "nt":
            continue
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _take_name(part: Path, final: Path) -> None:
    if final.exists():  # damaged, or it would have been used
        doomed = final.with_name(f"{PART}{uuid.uuid4().hex}")
        final.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
    part.rename(final)
