"""Article files of strangers, read in a process of their own: each within a limit of time and memory.

One child reads file after file, since starting Python costs more than reading most articles. A file that hangs it or
brings it down costs that file alone: the next one gets a new child, and so does a file at which a child broke down
that had read others before, since one of those may have harmed it. The two talk in lines of JSON, and the parent
believes nothing of what it is told.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

from corpus.apart import SINGLE_THREADED, python_child
from corpus.closing import Closing
from corpus.errors import ArticleError
from corpus.sent_article import MAX_ANSWER_BYTES, received
from corpus.types import Article

__all__ = ["WALL_SECONDS", "ArticleReader"]

WALL_SECONDS = 60.0
"""For one file: a PDF of 2,000 full pages takes about forty."""
FILES_OF_A_CHILD = 2_000
"""After so many a child is replaced, since native libraries lose memory; a new one takes half a second to start, and
three more at the first date in an unknown language."""

_SPENT = -getattr(signal, "SIGXCPU", 0) or None
"""How a child ends whose computing time is used up."""


class ArticleReader(Closing):
    """Reads article files in a child process, which is started at the first one and ended by ``close``.

    >>> with ArticleReader() as reader:  # doctest: +SKIP
    ...     reader.read(Path("ferry.txt")).title
    'Ferry sails again'
    """

    def __init__(self, seconds: float = WALL_SECONDS) -> None:
        self.seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._read = 0
        self._stopped = False

    def read(self, path: Path) -> Article:
        """The article in a file, as ``read_article`` makes it.

        Raises `ArticleError` naming the file: what is wrong with it, or that it took too much time or memory.
        """
        is_used = self._read > 0
        line, is_late = self._attempt(path)
        if not line and is_used and not is_late:
            line, is_late = self._attempt(path)
        if not line:
            much = f"takes longer than {self.seconds:g} seconds" if is_late else "takes too much time or memory"
            raise ArticleError(f"{path}: reading it {much}; save the article as .txt")
        self._read += 1
        return received(line, path)

    def close(self) -> None:
        """End the child; a later ``read`` starts another."""
        child, self._child, self._read = self._child, None, 0
        if child is None:
            return
        _end(child)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was written to it was never read
                    pipe.close()
        child.wait()

    def stop(self) -> None:
        """From another thread: give up the file that is being read, and read no other; ``close`` is still to come."""
        self._stopped = True
        if (child := self._child) is not None:
            _end(child)

    def _attempt(self, path: Path) -> tuple[bytes, bool]:
        """The child's answer, empty where there is none, and whether it was ended for being late."""
        child = self._running(path)
        late = threading.Event()
        clock = threading.Timer(self.seconds, _end, (child, late))
        clock.daemon = True
        clock.start()
        line = b""
        try:
            with suppress(OSError):  # the child is gone
                line = _ask(child, path)
        finally:
            clock.cancel()
            clock.join()
            if late.is_set() or not line.endswith(b"\n"):
                line = b""
                self.close()
        return line, late.is_set() or child.returncode == _SPENT

    def _running(self, path: Path) -> subprocess.Popen[bytes]:
        is_spent = self._read >= FILES_OF_A_CHILD
        if self._child is not None and (is_spent or self._child.poll() is not None):
            self.close()
        if self._child is None:
            if self._stopped:
                raise ArticleError(f"{path}: reading was given up; add it again")
            try:
                self._child = subprocess.Popen(
                    python_child("corpus.reading_child.serve"),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, **SINGLE_THREADED},
                    start_new_session=True,  # whatever it starts is to be ended with it
                )
            except OSError as error:
                raise ArticleError(f"{path}: no process can be started to read it ({error}); try again") from error
            if self._stopped:  # meanwhile
                _end(self._child)
        return self._child


def _ask(child: subprocess.Popen[bytes], path: Path) -> bytes:
    if child.stdin is None or child.stdout is None:
        raise AssertionError("the child was started with pipes")
    child.stdin.write(json.dumps(str(path)).encode() + b"\n")
    child.stdin.flush()
    return child.stdout.readline(MAX_ANSWER_BYTES + 1)


def _end(child: subprocess.Popen[bytes], late: threading.Event | None = None) -> None:
    if late is not None:
        late.set()
    if child.returncode is not None:
        return
    with suppress(OSError):  # it ended by itself; its number is not given away before it was waited for
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
