"""Where the stored dense indexes of a library lie, and who makes the next."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from corpus.errors import LibraryError
from corpus.library import Library
from index import cache
from index.dense_faiss import ENGINE
from index.stored_dense import Base, Standing

__all__ = ["alone", "latest", "latest_generation", "make"]

FORMAT: Final = 1  # of the files of one index: raise it with any change to them
LOCK_FILE: Final = "dense.lock"
WAIT_SECONDS: Final = 3600.0


def latest(library: Library, model_id: str) -> Standing | None:
    """The newest sound index of this or an earlier generation, less nothing yet; ``None`` where there is none."""
    found = cache.latest(_root(library), _stamp(library, model_id))
    if found is not None:
        with suppress(LibraryError):  # another process swept it away a moment ago
            return Standing(Base.open(found[0]), found[1], library.vector_table(model_id))
    return None


def latest_generation(library: Library, model_id: str) -> int | None:
    """The generation of the index that ``latest`` would open."""
    found = cache.latest(_root(library), _stamp(library, model_id))
    return None if found is None else found[1]


def make(library: Library, model_id: str) -> Standing:
    """An index of the state that the library is read in: stored, or in memory where nothing can be."""
    table, stamp, root = library.vector_table(model_id), _stamp(library, model_id), _root(library)
    base = Base.build(table)
    folder = cache.publish(root, stamp, base.write)
    cache.sweep(root, stamp)
    if folder is not None:
        with suppress(LibraryError):
            base = Base.open(folder)
    return Standing(base, stamp.generation, table)


@contextmanager
def alone(library: Library) -> Iterator[None]:
    """Let one process at a time inside, where the disk allows it; one that is killed there lets the next in.

    The lock is one of SQLite's, on an empty file: they work on every system, and end with the process.
    """
    file = _root(library) / LOCK_FILE
    try:
        file.parent.mkdir(exist_ok=True)
        connection = sqlite3.connect(file, timeout=WAIT_SECONDS, isolation_level=None)
    except (OSError, sqlite3.Error):
        yield
        return
    with closing(connection):
        with suppress(sqlite3.Error):  # two that make the same index do no harm
            connection.execute("BEGIN EXCLUSIVE")
        yield


def _root(library: Library) -> Path:
    return library.path / "index"


def _stamp(library: Library, model_id: str) -> cache.Stamp:
    # A kind for each model: the index of one is not outdated by the other's.
    kind = f"dense_{hashlib.sha256(model_id.encode()).hexdigest()[:8]}"
    return cache.Stamp(library.uuid, library.generation, kind, f"{ENGINE}; lists {FORMAT}; {model_id}")
