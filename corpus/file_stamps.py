"""What tells whether a file needs to be read again: its size and time, its sidecar's, and the release of the reading.

A stamp is one short string that is only ever compared. It is made before the file is read, so that a change during
the reading makes the next stamp another one.
"""

from __future__ import annotations

from pathlib import Path

from corpus.sidecar import sidecar_path

__all__ = ["READING", "stamp_of_file", "with_model"]

READING = 1
"""Raised whenever cleaning, splitting or the facts taken from files change: every file is then read again."""


def stamp_of_file(path: Path) -> str | None:
    """The stamp of an article file and its sidecar; ``None`` where the file cannot be looked at.

    >>> stamp_of_file(Path("ferry.txt"))  # doctest: +SKIP
    '1 5120-1716800000000000000 -'
    """
    file = _look(path)
    return None if file is None else f"{READING} {file} {_look(sidecar_path(path)) or '-'}"


def with_model(stamp: str | None, model_id: str) -> str | None:
    """The stamp of a file whose passages were embedded by this model; ``None`` for one without a stamp."""
    return None if stamp is None else f"{stamp} {model_id}"


def _look(path: Path) -> str | None:
    try:
        found = path.stat()
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return None
    return f"{found.st_size}-{found.st_mtime_ns}"
