"""The first half of an ingest: files looked up by their stamps, those that have changed read and split, in order."""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeAlias

from corpus.errors import ArticleError
from corpus.file_stamps import stamp_of_file, with_model
from corpus.files import ReadFailure
from corpus.library import Addition, Held
from corpus.reading_pool import read_bounded
from corpus.types import Article
from index.prepared import Prepared, prepare_article
from index.protocol import Embedder

__all__ = ["Entry", "Passed", "Read", "Reading", "Store", "Unread", "told_apart"]

LOOKED_UP = 256  # files whose stamps are asked for at a time
WAITING = 2_000  # files told apart while one before them is still being read


class Store(Protocol):
    """What a place for articles must offer to take in files; ``Library`` does."""

    def add_many(self, additions: Iterable[Addition], *, model_id: str) -> list[bool]:
        """Store all of them or none; whether each changed anything."""

    def stamps(self, sources: Sequence[str]) -> dict[str, str]:
        """The stamp that each of these files had when it was added; those that are unknown are left out."""

    def held(self, sources: Sequence[str]) -> dict[str, Held]:
        """The article that each of these files held when it was added; those that are unknown are left out."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A file that needs no storing: it holds what it held, or it cannot be read."""

    path: Path
    held: Held | None = None
    failure: ReadFailure | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read and split."""

    path: Path
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is still to be read, with what it is called and its stamp from before."""

    path: Path
    source: str
    stamp: str | None


Entry: TypeAlias = Passed | Read


class Reading:
    """Puts what there is to know of each file, in the order of ``paths``; for a thread of its own."""

    def __init__(
        self, paths: Iterable[Path | ReadFailure], store: Store, embedder: Embedder, *, again: bool, readers: int
    ) -> None:
        self._paths = iter(paths)
        self._store = store
        self._embedder = embedder
        self._again = again
        self._readers = readers
        self._planned: deque[Passed | Unread] = deque()
        self._waiting: deque[Passed | Unread] = deque()

    def run(self, put: Callable[[Entry], None]) -> None:
        """Read all files."""
        while self._plan():
            for path, found in read_bounded(self._unread(put), workers=self._readers):
                put(self._split(path, found))
                self._put_settled(put)

    def _unread(self, put: Callable[[Entry], None]) -> Iterator[Path]:
        """The next files to read; the others are put in their turn.

        Ends early where too many wait behind one file that takes its time, as memory must not grow with them.
        """
        while len(self._waiting) < WAITING and self._plan():
            planned = self._planned.popleft()
            self._waiting.append(planned)
            if isinstance(planned, Unread):
                yield planned.path
            else:
                self._put_settled(put)

    def _put_settled(self, put: Callable[[Entry], None]) -> None:
        while self._waiting and isinstance(self._waiting[0], Passed):
            put(self._waiting[0])
            self._waiting.popleft()

    def _plan(self) -> bool:
        """Look up the next files if none are left; whether there are any."""
        if not self._planned:
            files = list(islice(self._paths, LOOKED_UP))
            self._planned.extend(told_apart(files, self._store, self._embedder.id, again=self._again))
        return bool(self._planned)

    def _split(self, path: Path, found: Article | ReadFailure) -> Entry:
        unread = self._waiting.popleft()
        if not isinstance(unread, Unread) or unread.path != path:
            raise AssertionError("files come back in the order they were given")
        if isinstance(found, ReadFailure):
            return Passed(path, failure=found)
        count = self._embedder.count_tokens
        return Read(path, prepare_article(found, count, source=unread.source, stamp=unread.stamp))


def told_apart(
    files: Sequence[Path | ReadFailure], store: Store, model_id: str, *, again: bool
) -> Iterator[Passed | Unread]:
    """Which of the files need to be read: all but those whose stamp is the one that is stored."""
    folders: dict[Path, str] = {}
    looked = [_look(file, folders) for file in files]
    unread = {entry.source: entry for entry in looked if isinstance(entry, Unread)}
    stamps = {} if again else store.stamps(list(unread))
    same = [source for source, stamp in stamps.items() if stamp == with_model(unread[source].stamp, model_id)]
    held = store.held(same) if same else {}
    for entry in looked:
        if isinstance(entry, Unread) and entry.source in held:
            yield Passed(entry.path, held=held[entry.source])
        else:
            yield entry


def _look(file: Path | ReadFailure, folders: dict[Path, str]) -> Passed | Unread:
    """A file with its real path and stamp; ``folders`` remembers the real paths of folders."""
    if isinstance(file, ReadFailure):
        return Passed(file.path, failure=file)
    try:
        source = _real_path(file, folders)
        source.encode()
    except UnicodeEncodeError:
        error = ArticleError(f"{file}: its name or a folder's is not valid UTF-8; rename it")
        return Passed(file, failure=ReadFailure.because(file, error))
    except (OSError, ValueError):  # gone, or a NUL in the name: reading it says which
        return Unread(file, str(file.absolute()), None)
    return Unread(file, source, stamp_of_file(file))


def _real_path(file: Path, folders: dict[Path, str]) -> str:
    folder = file.parent
    if folder not in folders:
        folders[folder] = os.path.realpath(folder)
    here = os.path.join(folders[folder], file.name)  # noqa: PTH118
    return here if stat.S_ISREG(os.lstat(here).st_mode) else os.path.realpath(file)
