"""What crosses between the machines of a cluster: columns of numbers, text and bytes, in which no code can hide."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ArticleError, LibraryError
from corpus.file_stamps import READING
from corpus.files import ReadFailure
from corpus.library import Addition
from corpus.near_duplicates import BANDS
from corpus.rows import passage_from_row, row_from_passage
from corpus.sent_article import received, sent
from corpus.types import Article
from index.prepared import Prepared
from index.reading import Passed, Read, Unread

__all__ = ["DONE", "TASK", "Embedded", "Row", "Task", "embedded_row", "failed_row", "opened", "troubled_row"]

Row: TypeAlias = Mapping[str, Any]
"""One row of a table by the names of its columns."""

TASK: Final = {"number": "int64", "path": "binary", "content": "binary", "beside": "binary", "sidecar": "binary"}
"""The columns of files to be read and their types in Arrow."""

DONE: Final = {
    "number": "int64",
    "found": "binary",
    "passages": "string",
    "vectors": "binary",
    "model": "string",
    "reading": "int64",
    "trouble": "string",
}
"""The columns of files that were read: ``trouble`` says why a worker did not get so far."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read on another machine; ``number`` is its place among those sent.

    ``content`` is there where the file itself is sent, with the name and content of its sidecar if it has one.
    """

    number: int
    path: Path
    content: bytes | None = None
    sidecar: tuple[str, bytes] | None = None

    @classmethod
    def from_row(cls, row: Row) -> Task:
        """The task in a row of the columns ``TASK``."""
        sidecar = None if row["beside"] is None else (os.fsdecode(row["beside"]), row["sidecar"])
        return cls(row["number"], Path(os.fsdecode(row["path"])), row["content"], sidecar)

    def row(self) -> Row:
        """The row of the columns ``TASK``; names cross as bytes, since not all of them are UTF-8."""
        name, sidecar = self.sidecar or (None, None)
        beside = None if name is None else os.fsencode(name)
        return dict(zip(TASK, (self.number, os.fsencode(self.path), self.content, beside, sidecar), strict=True))


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file that was read, with the vectors (n, d) of its article's n passages."""

    read: Read
    vectors: NDArray[np.float32]


def embedded_row(number: int, prepared: Prepared, addition: Addition, model_id: str) -> Row:
    """A file that was read, split and embedded."""
    passages = {"rows": [row_from_passage(passage) for passage in prepared.passages], "bands": prepared.bands}
    vectors = np.ascontiguousarray(addition.vectors, dtype="<f4").tobytes()
    return _row(number, sent(prepared.article), json.dumps(passages), vectors, model_id)


def failed_row(number: int, failure: ReadFailure) -> Row:
    """A file that cannot be read."""
    return _row(number, sent(failure))


def troubled_row(number: int, trouble: str) -> Row:
    """A file that a worker did not come to."""
    return _row(number, trouble=trouble)


def _row(
    number: int, found: bytes = b"", passages: str = "", vectors: bytes = b"", model: str = "", trouble: str = ""
) -> Row:
    return dict(zip(DONE, (number, found, passages, vectors, model, READING, trouble), strict=True))


def opened(row: Row, unread: Unread, dimension: int) -> Passed | Embedded:
    """What a row of the columns ``DONE`` says of a file; a row that makes no sense is a failure of that file."""
    try:
        article = received(row["found"], unread.path)
        return _embedded(row, article, unread, dimension)
    except ArticleError as error:
        return Passed(unread.path, failure=ReadFailure.because(unread.path, error))
    except (LibraryError, ValueError, TypeError, KeyError) as error:
        message = f"{unread.path}: it came back from the cluster damaged ({error}); add it again"
        return Passed(unread.path, failure=ReadFailure.because(unread.path, ArticleError(message)))


def _embedded(row: Row, article: Article, unread: Unread, dimension: int) -> Embedded:
    sent_along = json.loads(row["passages"])
    passages = tuple(passage_from_row((*columns, 0)) for columns in sent_along["rows"])
    vectors = np.frombuffer(row["vectors"], dtype="<f4").reshape(len(passages), dimension).astype(np.float32)
    prepared = Prepared(article, passages, unread.source, unread.stamp, _bands(sent_along["bands"]))
    return Embedded(Read(unread.path, prepared), vectors)


def _bands(numbers: Sequence[int]) -> tuple[int, ...]:
    if len(numbers) > BANDS or not all(type(number) is int for number in numbers):
        raise ValueError("no bands")
    return tuple(numbers)
