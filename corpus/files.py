"""Paths that a person names -> the article files in them, and those files read so that one bad one stops none."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from corpus.article import read_article
from corpus.errors import ArticleError
from corpus.formats import is_supported, supported_extensions
from corpus.one_line import one_line
from corpus.sidecar import SIDECAR_SUFFIX
from corpus.types import Article

__all__ = ["ReadFailure", "article_files", "found_files", "read_articles", "read_file", "read_files"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """A file that could not be read, with the one line that says why and how to mend it: fit to be printed as it is."""

    path: Path
    message: str

    @classmethod
    def because(cls, path: Path, error: ArticleError) -> Self:
        """The failure for an error, whose message may hold a name made to mislead."""
        return cls(path, one_line(str(error)))


def article_files(paths: Iterable[Path | str]) -> Iterator[Path]:
    """The article files under ``paths``: a file as it is named, a folder walked in sorted order, each file once.

    In folders, files of other formats, hidden files, sidecars and links that leave the folder are passed over.
    Raises `ArticleError` for a path that does not exist and for a folder without articles.
    """
    seen: set[str] = set()
    for path in map(Path, paths):
        yield from _unseen(path, seen)


def read_articles(paths: Iterable[Path | str]) -> Iterator[Article | ReadFailure]:
    """Each article file under ``paths`` read; what cannot be read comes as a `ReadFailure` in its place."""
    return (read for _, read in read_files(paths))


def read_files(paths: Iterable[Path | str]) -> Iterator[tuple[Path, Article | ReadFailure]]:
    """`read_articles` with the file that each article came from."""
    for found in found_files(paths):
        yield (found.path, found) if isinstance(found, ReadFailure) else (found, read_file(found))


def found_files(paths: Iterable[Path | str]) -> Iterator[Path | ReadFailure]:
    """`article_files`, with a `ReadFailure` in the place of a path that does not exist or holds no articles."""
    seen: set[str] = set()
    for path in map(Path, paths):
        try:
            yield from _unseen(path, seen)
        except ArticleError as error:
            yield ReadFailure.because(path, error)


def read_file(file: Path) -> Article | ReadFailure:
    """The article in one file, or why it has none; a mistake in a reader costs no other file either."""
    try:
        return read_article(file)
    except ArticleError as error:
        return ReadFailure.because(file, error)
    except Exception as error:
        if not isinstance(error, RecursionError | MemoryError):
            logger.exception("a reader broke down at %r", file)
        kind = type(error).__name__
        return ReadFailure.because(
            file, ArticleError(f"{file}: too complex to read ({kind}); save the article as .txt")
        )


def _unseen(path: Path, seen: set[str]) -> Iterator[Path]:
    for file, real in _files_of(path):
        if real not in seen:
            seen.add(real)
            yield file


def _files_of(path: Path) -> Iterator[tuple[Path, str]]:
    """Each file with its real path."""
    try:
        if path.is_dir():
            yield from _walk(path)
            return
        exists = path.exists()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise ArticleError(f"{path}: cannot be read ({error}); check the path and its permissions") from error
    if not exists:
        raise ArticleError(f"{path}: no such file or folder; check the path")
    yield path, os.path.realpath(path)


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    root, found = folder.resolve(), False
    for place, folders, names in os.walk(folder):  # links to folders are not followed
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        real_place = os.path.realpath(place)  # once for all its files: it is most of the time that walking takes
        for name in sorted(names):
            file = Path(place, name)
            if name.startswith(".") or name.endswith(SIDECAR_SUFFIX) or not is_supported(file):
                continue
            if (real := _real_file(file, os.path.join(real_place, name), root)) is not None:  # noqa: PTH118
                found = True
                yield file, real
    if not found:
        extensions = ", ".join(supported_extensions())
        raise ArticleError(f"{folder}: no article files in this folder; add files of {extensions}")


def _real_file(file: Path, here: str, root: Path) -> str | None:
    """The real path of a file that stands ``here``; ``None`` for what is no file, or a link that leaves ``root``."""
    try:
        if stat.S_ISREG(os.lstat(here).st_mode):
            return here
        real = file.resolve()
        return str(real) if real.is_file() and real.is_relative_to(root) else None
    except (OSError, RuntimeError):  # a loop of links
        return None
