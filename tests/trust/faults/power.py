"""Power cuts, played back from the log of what a process did: what a disk may hold when its power goes at some moment.

A disk keeps what was synced: of a file its bytes when it was last synced, of a folder its names. Of the rest it may
keep anything that the file system allows: all of it, nothing, the names without the bytes, single sectors of a write.
SQLite's "-shm" is left out: it is not read after a crash.
"""

from __future__ import annotations

import hashlib
import random
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.trust.faults.harness import Kind

__all__ = ["Cut", "Disk", "Image", "cuts", "read_log"]

HEADER = struct.Struct("=4I4Q")
SECTOR = 512
NAMES = Kind.CREATE | Kind.RENAME | Kind.UNLINK | Kind.LINK | Kind.MKDIR | Kind.RMDIR

Image = dict[str, bytes | None]
"""The contents of files by their paths; ``None`` is a folder."""


@dataclass(frozen=True, slots=True)
class Event:
    """One operation that was done, as the shim wrote it down."""

    kind: Kind
    name: str
    other_name: str
    data: bytes
    inode: int
    parent: int
    other_parent: int
    offset: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The power goes after the first ``at`` events, and the disk keeps ``kept``: "synced", "names", or by a seed."""

    at: int
    kept: str
    seed: int = 0


@dataclass(slots=True)
class File:
    """What is safely on the disk, and what was done since: (offset, bytes), or (size, ``None``) where it was cut."""

    safe: bytes = b""
    since: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        self.safe, self.since = self.with_some(lambda: True), []

    def with_some(self, is_kept: Callable[[], bool]) -> bytes:
        """The contents if of what was done since only the sectors for which ``is_kept`` says so reached the disk."""
        content = bytearray(self.safe)
        for offset, data in self.since:
            if data is None:
                if is_kept():
                    content[:] = content[:offset].ljust(offset, b"\0")
                continue
            for start in range(0, len(data), SECTOR):
                if is_kept():
                    sector = data[start : start + SECTOR]
                    content[:] = content.ljust(offset + start, b"\0")
                    content[offset + start : offset + start + len(sector)] = sector
        return bytes(content)


class Disk:
    """A folder with all below it: the names as the processes see them, and as they would be after a cut.

    Files and folders go by numbers of our own, since a system gives the inode of what was deleted to what is made.
    """

    def __init__(self, root: Path) -> None:
        self.files: dict[int, File] = {}
        self.folders: dict[int, dict[str, int]] = {}
        self._numbers: dict[int, int] = {}
        self._made = 0
        self.root = self._new(root.stat().st_ino)
        self.folders[self.root] = {}
        for path in sorted(root.rglob("*")):
            number = self._new(path.lstat().st_ino)
            self.folders[self._numbers[path.parent.stat().st_ino]][path.name] = number
            if path.is_dir():
                self.folders[number] = {}
            else:
                self.files[number] = File(path.read_bytes())
        self.safe = self.names()

    def names(self) -> dict[int, dict[str, int]]:
        """The names in each folder now."""
        return {number: dict(names) for number, names in self.folders.items()}

    def is_folder(self, event: Event) -> bool:
        """Whether the event is about a folder as a whole."""
        return self._numbers.get(event.inode) in self.folders

    def do(self, event: Event) -> None:
        """Let one event happen."""
        if event.kind & NAMES:
            self._name(event)
        elif event.kind is Kind.SYNC and self.is_folder(event):
            number = self._numbers[event.inode]
            self.safe[number] = dict(self.folders[number])
        elif event.kind is Kind.SYNC:
            self.files[self._numbers[event.inode]].sync()
        elif event.kind in (Kind.WRITE, Kind.TRUNCATE):
            data = event.data if event.kind is Kind.WRITE else None
            self.files[self._numbers[event.inode]].since.append((event.offset, data))

    def _new(self, inode: int) -> int:
        self._made += 1
        self._numbers[inode] = self._made
        return self._made

    def _name(self, event: Event) -> None:
        source = self.folders.get(self._numbers.get(event.parent, 0), {})
        target = self.folders.get(self._numbers.get(event.other_parent, 0), {})
        if event.kind is Kind.MKDIR:
            source[event.name] = number = self._new(event.inode)
            self.folders[number], self.safe[number] = {}, {}
        elif event.kind is Kind.CREATE:
            source[event.name] = number = self._new(event.inode)
            self.files[number] = File()
        elif event.kind is Kind.RENAME:
            target[event.other_name] = source.pop(event.name)
        elif event.kind is Kind.LINK:
            target[event.other_name] = self._numbers[event.inode]
        else:
            source.pop(event.name, None)

    def image(self, cut: Cut, names: dict[int, dict[str, int]]) -> Image:
        """What is found after the cut where the folders hold ``names``."""
        draw = random.Random(f"{cut.at} {cut.seed}")
        is_kept: Callable[[], bool] = (lambda: draw.random() < 0.5) if cut.kept == "some" else lambda: False
        return dict(self._below(self.root, "", names, is_kept))

    def _below(
        self, folder: int, path: str, names: dict[int, dict[str, int]], is_kept: Callable[[], bool]
    ) -> Iterator[tuple[str, bytes | None]]:
        for name, inode in sorted(names.get(folder, {}).items()):
            if name.endswith("-shm"):
                continue
            if inode in self.files:
                yield path + name, self.files[inode].with_some(is_kept)
            else:
                yield path + name, None
                yield from self._below(inode, f"{path}{name}/", names, is_kept)


def read_log(file: Path) -> list[Event]:
    """The events of a log in order."""
    data, at, events = file.read_bytes(), 0, []
    while at < len(data):
        kind, *lengths, inode, parent, other_parent, offset = HEADER.unpack_from(data, at)
        at += HEADER.size
        parts = []
        for length in lengths:
            parts.append(data[at : at + length])
            at += length
        name, other = parts[0].decode(), parts[1].decode()
        events.append(Event(Kind(kind), name, other, parts[2], inode, parent, other_parent, offset))
    return events


def cuts(disk: Disk, events: list[Event], seeds: Iterable[int]) -> Iterator[tuple[Cut, Image]]:
    """Every different state that a cut after any number of events may leave, of those that are tried."""
    seen: set[str] = set()
    known = list(seeds)
    history = [disk.names()]  # since a folder was synced
    for at, event in enumerate([None, *events]):
        if event is not None:
            disk.do(event)
            if event.kind & NAMES:
                history.append(disk.names())
            elif event.kind is Kind.SYNC and disk.is_folder(event):
                history = history[-1:]
        tried = [(Cut(at, "synced"), disk.safe), (Cut(at, "names"), disk.folders)]
        tried += [(Cut(at, "some", seed), random.Random(f"{at} {seed} names").choice(history)) for seed in known]
        for cut, names in tried:
            image = disk.image(cut, names)
            digest = hashlib.sha256(repr(sorted(image.items())).encode()).hexdigest()
            if digest not in seen or at == len(events):
                seen.add(digest)
                yield cut, image


def lay_out(image: Image, folder: Path) -> None:
    """Make the files of an image in the new ``folder``."""
    folder.mkdir()
    for path, content in image.items():
        if content is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(content)
