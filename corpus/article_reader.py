"""Article files of strangers, read in a process of their own: each within a limit of time and memory.

One child reads file after file, since starting Python costs more than reading most articles. A file that hangs it or
brings it down costs that file alone: the next one gets a new child. The two talk in lines of JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from corpus.apart import SINGLE_THREADED, set_limits
from corpus.errors import ArticleError
from corpus.files import ReadFailure, read_files
from corpus.rows import article_from_row, row_from_article
from corpus.types import Article

__all__ = ["WALL_SECONDS", "ArticleReader", "serve"]

WALL_SECONDS = 60.0
"""For one file: a PDF of 2,000 full pages takes about forty."""

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from corpus.article_reader import serve; serve()"


class ArticleReader:
    """Reads article files in a child process, which is started at the first one and ended by ``close``.

    >>> with ArticleReader() as reader:  # doctest: +SKIP
    ...     reader.read(Path("ferry.txt")).title
    'Ferry sails again'
    """

    def __init__(self, seconds: float = WALL_SECONDS) -> None:
        self.seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, path: Path) -> Article:
        """The article in a file, as ``read_article`` makes it.

        Raises `ArticleError` naming the file: what is wrong with it, or that it took too much time or memory.
        """
        child = self._running(path)
        late = threading.Event()
        clock = threading.Timer(self.seconds, _end, (child, late))
        clock.start()
        line = b""
        try:
            with suppress(OSError):  # the child is gone
                line = _ask(child, path)
        finally:
            clock.cancel()
            clock.join()
            if late.is_set() or not line.endswith(b"\n"):
                self.close()
        if not line.endswith(b"\n"):
            much = f"takes longer than {self.seconds:g} seconds" if late.is_set() else "takes too much time or memory"
            raise ArticleError(f"{path}: reading it {much}; save the article as .txt")
        return _article(json.loads(line))

    def close(self) -> None:
        """End the child; a later ``read`` starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        _end(child)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was written to it was never read
                    pipe.close()
        child.wait()

    def _running(self, path: Path) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is not None:
            self.close()
        if self._child is None:
            try:
                self._child = subprocess.Popen(
                    [sys.executable, "-c", _START, json.dumps(sys.path)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, **SINGLE_THREADED},
                    start_new_session=True,  # a PDF is read by a child of the child, and both are to be ended
                )
            except OSError as error:
                raise ArticleError(f"{path}: no process can be started to read it ({error}); try again") from error
        return self._child


def _ask(child: subprocess.Popen[bytes], path: Path) -> bytes:
    if child.stdin is None or child.stdout is None:
        raise AssertionError("the child was started with pipes")
    child.stdin.write(json.dumps(str(path)).encode() + b"\n")
    child.stdin.flush()
    return child.stdout.readline()


def _end(child: subprocess.Popen[bytes], late: threading.Event | None = None) -> None:
    if late is not None:
        late.set()
    with suppress(OSError):  # it ended by itself; its number is not given away before it was waited for
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()


def _article(answer: dict[str, Any]) -> Article:
    if "error" in answer:
        raise ArticleError(answer["error"])
    return article_from_row(answer["article"])


def serve() -> None:
    """The child's part: the path of a file in, its article or what is wrong with it out, until the input ends."""
    requests, answers = sys.stdin.buffer, _undisturbed(sys.stdout.buffer)
    for line in requests:
        set_limits()
        answers.write(json.dumps(_answer([Path(json.loads(line))])).encode() + b"\n")
        answers.flush()


def _undisturbed(stream: BinaryIO) -> BinaryIO:
    """The same stream, out of reach of a native library that prints."""
    kept = os.fdopen(os.dup(stream.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
    return kept


def _answer(paths: Sequence[Path]) -> dict[str, Any]:
    _, found = next(read_files(paths))
    return {"error": found.message} if isinstance(found, ReadFailure) else {"article": row_from_article(found)}
