"""Connections to one database: one for each thread, with transactions that nest."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import LibraryError
from corpus.schema import connect, explaining

__all__ = ["Connections"]


class Connections:
    """Hands each thread its own connection to ``file``, made at first use and closed with the others.

    A connection is never shared between threads nor carried over a fork, so SQLite's own locking is all that
    several threads and processes need.
    """

    def __init__(self, file: Path, *, read_only: bool) -> None:
        self.file = file
        self.read_only = read_only
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, sqlite3.Connection] = {}
        self._inherited: list[dict[threading.Thread, sqlite3.Connection]] = []
        self._process = os.getpid()
        self._closed = False
        self._first: tuple[int, int] | None = None  # which file it was when it was opened

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a read transaction: all that is read stems from one state; inner ones join the outer."""
        with explaining(self.file):
            connection = self._current()
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                _roll_back(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a write transaction: committed as a whole, or undone as a whole on any exception.

        A transaction that changed a row also raises the generation by one.
        """
        with explaining(self.file):
            if self.read_only:
                raise LibraryError(f"library {self.file}: it may only be read; copy it to a folder you may write to")
            connection = self._current()
            if connection.in_transaction:
                raise LibraryError(f"library {self.file}: leave the snapshot before you write")
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._refuse_another_file()
                before = connection.total_changes
                yield connection
                if connection.total_changes != before:
                    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
                connection.execute("COMMIT")
            except UnicodeEncodeError as error:
                raise LibraryError("text with lone surrogates cannot be stored; clean the text first") from error
            finally:
                _roll_back(connection)

    def release(self) -> None:
        """Close this thread's connection, if it is in no transaction; its next use opens another."""
        process, connection = getattr(self._local, "connection", (None, None))
        if connection is None or process != os.getpid() or self._closed or connection.in_transaction:
            return
        with self._lock:
            self._open.pop(threading.current_thread(), None)
        self._local.connection = (None, None)
        connection.close()

    def close(self) -> None:
        """Close the connections of all threads; later use raises LibraryError."""
        with self._lock:
            self._closed = True
            if self._process == os.getpid():
                for connection in self._open.values():
                    connection.close()
            self._open.clear()

    def _current(self) -> sqlite3.Connection:
        if self._closed:
            raise LibraryError(f"library {self.file}: it is closed; open it again")
        process, connection = getattr(self._local, "connection", (None, None))
        if connection is None or process != os.getpid():
            connection = connect(self.file, read_only=self.read_only)
            try:
                self._refuse_another_file()
            except BaseException:
                connection.close()
                raise
            self._local.connection = (os.getpid(), connection)
            self._keep(connection)
        return connection

    def _refuse_another_file(self) -> None:
        """An open file that was deleted can be written to as before, and all of it would be lost without a word."""
        try:
            found = self.file.stat()
        except OSError as error:
            raise LibraryError(f"library {self.file}: it was moved or deleted while open; put it back") from error
        self._first = self._first or (found.st_dev, found.st_ino)
        if self._first != (found.st_dev, found.st_ino):
            raise LibraryError(f"library {self.file}: the file was replaced while it was open; open it again")

    def _keep(self, connection: sqlite3.Connection) -> None:
        """Remember a connection for ``close``, and close those whose thread has ended."""
        with self._lock:
            if self._process != os.getpid():  # after a fork: the parent's connections are the parent's to close
                self._inherited.append(self._open)
                self._process, self._open = os.getpid(), {}
            for thread in [thread for thread in self._open if not thread.is_alive()]:
                self._open.pop(thread).close()
            self._open[threading.current_thread()] = connection


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:  # after a full disk SQLite may have rolled back by itself
        connection.execute("ROLLBACK")
