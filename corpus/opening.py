"""What is looked at, and made where it may be, before a library is opened."""

from __future__ import annotations

import os
from pathlib import Path

from corpus import schema
from corpus.connections import Connections
from corpus.errors import LibraryError
from corpus.folders import make_folder

__all__ = ["prepare", "refuse_unfit"]


def prepare(folder: Path, file: Path, *, create: bool) -> bool:
    """Make what is missing if asked to; whether the library may only be read. Raises LibraryError and OSError."""
    if folder.exists() and not folder.is_dir():
        raise LibraryError(f"library {folder}: it is a file; name a folder")
    if create:
        make_folder(folder)
    elif not file.is_file():
        raise LibraryError(f"library {folder}: there is none; add an article to create it, or name another folder")
    writable = os.access(folder, os.W_OK) and (os.access(file, os.W_OK) or not file.exists())
    if create and writable:
        with schema.explaining(file):
            schema.create(file)
    return not writable


def refuse_unfit(connections: Connections) -> None:
    """Raise LibraryError where the database is none of ours, of a later release, or empty."""
    with connections.reading() as connection:
        problem = schema.inspect(connection)
    if problem is not None:
        raise LibraryError(f"library {connections.file}: {problem}")
