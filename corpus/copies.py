"""A library copied as it stands at one moment, whoever writes to it meanwhile."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from corpus.errors import LibraryError
from corpus.library import Library
from corpus.schema import FILE_NAME, connect, explaining
from corpus.store import Store

__all__ = ["copy_library", "stored_bytes"]


def stored_bytes(library: Store) -> int:
    """The bytes of a library's database, which are the bytes of a copy of it; raises LibraryError."""
    file = _in_folder(library).path / FILE_NAME
    with explaining(file), closing(connect(file, read_only=True)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(size)


def copy_library(library: Store, folder: Path) -> Library:
    """A library in the existing, empty ``folder`` with all that ``library`` holds now, open for writing.

    The indexes beside a database belong to one state of it, which the first change to the copy ends: they are not
    copied. Raises LibraryError, as where the disk is full.
    """
    file = _in_folder(library).path / FILE_NAME
    with explaining(file), closing(connect(file, read_only=True)) as source:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM meta").fetchone()  # the first read, not BEGIN, chooses the state
        with closing(sqlite3.connect(folder / FILE_NAME)) as target:
            source.backup(target)
    return Library.open(folder)


def _in_folder(library: Store) -> Library:
    if not isinstance(library, Library):
        raise LibraryError(
            f"library {library.place}: what is on a server is not copied for one visitor; whoever runs this one can "
            "start it with --shared-library, or add files with the command qa add"
        )
    return library
