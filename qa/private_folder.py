"""A folder that no other user may look into and that is deleted when its process ends, however it ends.

While its process lives, the folder is locked by it; the system lets go of the lock when the process dies. So what a
killed server left behind is told from what a running one uses without trusting process numbers, which are given again.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from pathlib import Path

from corpus.errors import LibraryError

__all__ = ["PrivateFolder"]

PREFIX = "qa-visitors-"
UNLOCKED = f".{PREFIX}"  # how a folder is called until it is locked
ABANDONED_SECONDS = 3600  # after that its process died before it could lock it


class PrivateFolder:
    """A new folder below ``parent``, or below the system's folder for temporary files, with mode 0700.

    Making one also deletes what killed processes left in ``parent``. Raises LibraryError with the remedy.
    """

    def __init__(self, parent: Path | None = None) -> None:
        try:
            place = Path(parent or tempfile.gettempdir()).absolute()
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sweep(place)
            new = Path(tempfile.mkdtemp(prefix=UNLOCKED, dir=place))
            self._lock = _lock(new)
            self.path = new.rename(place / f"{PREFIX}{os.getpid()}-{new.name.removeprefix(UNLOCKED)}")
        except OSError as error:
            where = parent or "the folder for temporary files"
            raise LibraryError(f"{where}: cannot be written ({error.strerror}); name another folder") from error
        atexit.register(self.close)

    def subfolder(self) -> Path:
        """A new empty folder in this one; raises OSError."""
        return Path(tempfile.mkdtemp(dir=self.path))

    def close(self) -> None:
        """Delete the folder with all that is in it."""
        atexit.unregister(self.close)
        shutil.rmtree(self.path, ignore_errors=True)
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """A descriptor that locks ``folder`` until it is closed; ``None`` where another holds it or there are no locks."""
    try:
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _sweep(place: Path) -> None:
    for folder in [*place.glob(f"{PREFIX}*"), *place.glob(f"{UNLOCKED}*")]:
        lock = _lock(folder) if _is_ours(folder) else None
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _is_ours(folder: Path) -> bool:
    """Whether it is a folder of this user that may be deleted if nobody has locked it."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    settled = not folder.name.startswith(UNLOCKED) or abs(time.time() - found.st_mtime) > ABANDONED_SECONDS
    return mine and settled and folder.is_dir() and not folder.is_symlink()
