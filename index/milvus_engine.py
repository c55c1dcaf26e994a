"""Milvus' own engine on this machine: the program that the package milvus-lite brings, with its data in one file.

The package is not imported, as its code asks for a module that setuptools no longer has; the program needs none of it.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Final

from corpus.errors import LibraryError, MissingExtraError

__all__ = ["LocalEngine", "program_folder"]

STOP_SECONDS: Final = 5.0


def program_folder() -> Path:
    """The folder with the program ``milvus`` and its libraries; raises MissingExtraError."""
    spec = importlib.util.find_spec("milvus_lite")
    for folder in spec.submodule_search_locations or () if spec else ():
        if (Path(folder) / "lib" / "milvus").is_file():
            return Path(folder) / "lib"
    raise MissingExtraError("the local Milvus engine is not installed; run: pip install milvus-lite==2.5.1")


class LocalEngine:
    """One running engine over one file, shared by all that use it in this process; other processes are refused.

    It ends with this process, however that ends: the engine watches a lock that the process holds.
    """

    _running: dict[Path, LocalEngine] = {}  # noqa: RUF012 - the engines of this process
    _lock = threading.RLock()

    def __init__(self, file: Path) -> None:
        self._file = file
        self._users = 0
        self._folder = Path(tempfile.mkdtemp(prefix="qa-milvus-"))  # private: the socket has no other guard
        self._held: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def of(cls, file: Path) -> LocalEngine:
        """The engine over ``file``, started unless it runs; raises LibraryError where another process has the file."""
        place = file.absolute()
        with cls._lock:
            engine = cls._running.get(place)
            if engine is None:
                engine = cls(place)
                try:
                    engine.revive()
                except BaseException:
                    engine._stop()
                    raise
                cls._running[place] = engine
            engine._users += 1
            return engine

    @property
    def address(self) -> str:
        """Where it is reached, as gRPC writes it."""
        return f"unix:{self._folder / 'socket'}"

    def revive(self) -> None:
        """Start the engine where it is not running, as after it was killed."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return
            lock = self._file.with_name(f".{self._file.name}.lock")
            try:
                self._held = _hold(lock) if self._held is None else self._held
                self._process = self._start(lock)
            except OSError as error:
                raise LibraryError(
                    f"library {self._file}: {error.strerror or error}; name a file you may use"
                ) from error

    def leave(self) -> None:
        """Say that this user needs it no more; the last one stops it."""
        with self._lock:
            self._users -= 1
            if self._users <= 0 and self._running.get(self._file) is self:
                del self._running[self._file]
                self._stop()

    def _start(self, lock: Path) -> subprocess.Popen[bytes]:
        folder = program_folder()
        found = os.environ.get("LD_LIBRARY_PATH")
        environment = {**os.environ, "LD_LIBRARY_PATH": f"{folder}:{found}" if found else str(folder)}
        (self._folder / "socket").unlink(missing_ok=True)
        return subprocess.Popen(
            [folder / "milvus", self._file, self.address, "FATAL", lock],
            env=environment,
            cwd=self._file.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _stop(self) -> None:
        if self._held is not None:
            # The engine sees that the lock is free, and ends. The file stays: another process may hold it already.
            os.close(self._held)
            self._held = None
        if self._process is not None:
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    @classmethod
    def stop_all(cls) -> None:
        """Stop the engines that are left when the process ends."""
        with cls._lock:
            for engine in cls._running.values():
                engine._stop()
            cls._running.clear()


def _hold(lock: Path) -> int:
    """Take the lock beside the file, as the package's own code would; raises LibraryError where another has it."""
    try:
        import fcntl
    except ImportError as error:
        raise LibraryError("the local Milvus engine runs on Linux and macOS only; use a server or a folder") from error
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise LibraryError(
            f"library {lock.parent / lock.name[1:-5]}: another process uses it; end that one, or use a Milvus server"
        ) from error
    return descriptor


@atexit.register
def _stop_all() -> None:
    with contextlib.suppress(OSError):
        LocalEngine.stop_all()
