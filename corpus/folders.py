"""Folders that are still there after a power cut."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["make_folder"]


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it that are missing, and have their names on the disk. Raises OSError.

    Whoever syncs a file in a new folder has the file on the disk, but not the name of the folder in the one above it.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        _sync(made.parent)


def _sync(folder: Path) -> None:
    with suppress(OSError):  # where a folder cannot be opened or synced there is nothing to be done
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
