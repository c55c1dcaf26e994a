"""Article files read under limits of time and memory, in order, a few ahead of whoever asks for them.

Where a foreign parser reads (PDF, Word, HTML), or a file is large, a child process does. A small file of plain text or
Markdown is read here: only our own code and pure Python look at it, its size bounds their time, and a child's start
costs fifty times as much as reading it.
"""

from __future__ import annotations

import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import LifoQueue

from corpus.article_reader import WALL_SECONDS, ArticleReader
from corpus.errors import ArticleError
from corpus.files import ReadFailure, read_file
from corpus.types import Article

__all__ = ["read_bounded", "read_one"]

PLAIN = frozenset({".txt", ".text", ".md", ".markdown"})
PLAIN_BYTES = 50_000
"""Eight thousand words; built to harm, a file of that size takes two seconds (10,000 paragraphs of one letter each)."""
AHEAD = 2
"""Files read ahead, for each worker."""

Found = Article | ReadFailure


def read_bounded(
    paths: Iterable[Path], *, workers: int = 1, seconds: float = WALL_SECONDS
) -> Iterator[tuple[Path, Found]]:
    """Each of these files with its article or, on one line, why it has none; in the order of ``paths``.

    ``paths`` are files, as ``article_files`` finds them. What hangs, crashes or takes all memory costs one file.
    ``workers`` child processes read at a time, from two on also the small plain files; each takes at most two
    gigabytes, and ``seconds`` for a file. Children start when a file needs one and end with the iterator, also where
    it is closed early.
    """
    if workers < 1:
        raise ValueError(f"{workers} workers cannot read; name at least one")
    readers = [ArticleReader(seconds) for _ in range(workers)]
    idle: LifoQueue[ArticleReader] = LifoQueue()  # the one used last is taken first, so that few are ever started
    for reader in readers:
        idle.put(reader)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="reading")
    ahead: deque[tuple[Path, Callable[[], Found]]] = deque()
    try:
        for path in paths:
            is_here = workers == 1 and _is_quick(path)
            ahead.append((path, partial(read_file, path) if is_here else pool.submit(_read, idle, path).result))
            if len(ahead) > AHEAD * workers:
                yield _next(ahead)
        while ahead:
            yield _next(ahead)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for reader in readers:
            reader.stop()
        pool.shutdown()
        for reader in readers:
            reader.close()


def read_one(path: Path, *, seconds: float = WALL_SECONDS) -> Found:
    """``read_bounded`` for one file."""
    return next(read_bounded([path], seconds=seconds))[1]


def _next(ahead: deque[tuple[Path, Callable[[], Found]]]) -> tuple[Path, Found]:
    path, result = ahead.popleft()
    return path, result()


def _read(idle: LifoQueue[ArticleReader], path: Path) -> Found:
    reader = idle.get()
    try:
        return reader.read(path)
    except ArticleError as error:
        return ReadFailure.because(path, error)
    finally:
        idle.put(reader)


def _is_quick(path: Path) -> bool:
    """Whether a file is small and plain, or refused without being read."""
    if path.suffix.lower() not in PLAIN:
        return False
    try:
        status = path.stat()
    except (OSError, ValueError):
        return True
    return not stat.S_ISREG(status.st_mode) or status.st_size <= PLAIN_BYTES
