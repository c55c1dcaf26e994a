"""A file written as a whole: whoever opens it, also after a crash or a power cut, finds the old content or the new."""

from __future__ import annotations

import os
import secrets
import stat
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["write_whole"]

DEVICES = Path("/dev")
ABANDONED_SECONDS = 3600  # after that what lies beside a file was left there by a process that died


def write_whole(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Put ``data`` in the place of what ``path`` holds. Raises OSError.

    Without a ``mode`` a file keeps the one that it has. What is no ordinary file (a pipe, ``/dev/stdout``) and what
    lies in a folder where no file can be made is written in place.
    """
    if DEVICES in path.absolute().parents or (path.exists() and not path.is_file()):
        path.write_bytes(data)
        return
    path = path.resolve()  # a link goes on leading to its file
    _sweep(path)
    beside = path.with_name(f"{_prefix(path)}{secrets.token_hex(8)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode)
    except PermissionError:
        path.write_bytes(data)
        return
    try:
        with os.fdopen(descriptor, "wb") as file:
            if mode is None and path.exists():
                beside.chmod(stat.S_IMODE(path.stat().st_mode))
            file.write(data)
            file.flush()
            os.fsync(descriptor)  # or the name could outlive a power cut and the bytes not
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _prefix(path: Path) -> str:
    """How the files are called that take a file's place when they are whole."""
    return f".{path.name[:60]}.new-"


def _sweep(path: Path) -> None:
    with suppress(OSError):
        for file in [file for file in path.parent.iterdir() if file.name.startswith(_prefix(path))]:
            if abs(time.time() - file.lstat().st_mtime) > ABANDONED_SECONDS:  # the clock may have jumped
                file.unlink()
