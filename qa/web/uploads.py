"""How much may be uploaded: by each client in an hour, and never the last of the disk."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path

from qa.web.entrance import Refusal
from qa.web.rates import Rates

__all__ = ["Uploads"]

HOURLY = 1_000_000_000
"""Bytes that one client may send in an hour: ten visitors' worth, as many may sit behind one address."""
SPARED = 1_000_000_000
"""Bytes of the disk that uploads leave free."""
KEPT = 3600.0
"""Seconds after which what nobody has read is deleted, also what a broken connection left half."""


class Uploads:
    """What arrives in ``folder``, which holds nothing else."""

    def __init__(self, folder: Path, *, hourly: int = HOURLY, spared: int = SPARED) -> None:
        self._folder = folder
        self._spared = spared
        self._rates = Rates(per_second=hourly / 3600, burst=hourly)

    def refusal(self, client: str, length: str | None) -> Refusal | None:
        """What an upload of so many bytes is told; ``None`` where it may come."""
        if length is None:
            return Refusal(411, "an upload must say how long it is; send a Content-Length")
        self._sweep()
        size = int(length)
        if shutil.disk_usage(self._folder).free - size < self._spared:
            return Refusal(507, "the disk here is full; tell whoever runs this server")
        wait = self._rates.take(client, size)
        return Refusal.until(wait, "you have sent very much in this hour") if wait > 0 else None

    def _sweep(self) -> None:
        before = time.time() - KEPT
        for file in self._folder.rglob("*"):
            with contextlib.suppress(OSError):  # another one deletes, too
                if file.is_file() and file.stat().st_mtime < before:
                    file.unlink()
