"""Folders of derived files beside a library, used only after every byte of them has been checked.

Each lives in ``<library>/index/<kind>-<generation>-<hash>/`` with a ``stamp.json`` that tells what it was made from
and the sha256 of each file. A folder appears under its name by one rename when it is whole. One that is missing,
stale or damaged is simply made again: the database is the truth.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from corpus.errors import LibraryError

__all__ = ["Stamp", "find", "publish", "sweep"]

FORMAT: Final = 1
STAMP_FILE: Final = "stamp.json"
PART: Final = ".part-"  # how a folder is called while it is written
ABANDONED_SECONDS: Final = 3600  # after that a part belongs to a process that died


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
        stored = json.loads((folder / STAMP_FILE).read_bytes())
        expected = {"stamp": asdict(stamp), "files": _digests(folder)}
    except (OSError, ValueError):
        return None
    return folder if stored == expected else None


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
        return time.time() - folder.stat().st_mtime
    except OSError:
        return 0.0


def _digests(folder: Path) -> dict[str, str]:
    """The sha256 of each file but the stamp; an engine's lock files come and go and hold nothing."""
    digests = {}
    for file in sorted(folder.iterdir()):
        if file.name != STAMP_FILE and file.suffix != ".lock":
            with file.open("rb") as content:
                digests[file.name] = hashlib.file_digest(content, "sha256").hexdigest()
    return digests


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
