"""What crosses between the machines of a cluster: columns of numbers, text and bytes, in which no code can hide."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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
from index.storing import Outcome

__all__ = [
    "DONE",
    "TASK",
    "Embedded",
    "Row",
    "Stored",
    "Task",
    "embedded_row",
    "failed_row",
    "opened",
    "stored_row",
    "troubled_row",
]

Row: TypeAlias = Mapping[str, Any]
"""One row of a table by the names of its columns."""

TASK: Final = {
    "number": "int64",
    "path": "binary",
    "source": "string",
    "stamp": "string",
    "content": "binary",
    "beside": "binary",
    "sidecar": "binary",
}
"""The columns of files to be read and their types in Arrow."""

DONE: Final = {
    "number": "int64",
    "found": "binary",
    "passages": "string",
    "vectors": "binary",
    "model": "string",
    "reading": "int64",
    "outcome": "string",
    "trouble": "string",
}
"""The columns of files that were read: ``outcome`` is there where the worker has stored them, ``trouble`` says why it
did not get so far."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read on another machine; ``number`` is its place among those sent, ``source`` its whole path here.

    ``content`` is there where the file itself is sent, with the name and content of its sidecar if it has one.
    """

    number: int
    path: Path
    source: str
    stamp: str | None = None
    content: bytes | None = None
    sidecar: tuple[str, bytes] | None = None

    @classmethod
    def from_row(cls, row: Row) -> Task:
        """The task in a row of the columns ``TASK``."""
        sidecar = None if row["beside"] is None else (os.fsdecode(row["beside"]), row["sidecar"])
        path = Path(os.fsdecode(row["path"]))
        return cls(row["number"], path, row["source"], row["stamp"], row["content"], sidecar)

    def row(self) -> Row:
        """The row of the columns ``TASK``; names cross as bytes, since not all of them are UTF-8."""
        name, sidecar = self.sidecar or (None, None)
        beside = None if name is None else os.fsencode(name)
        path = os.fsencode(self.path)
        values = (self.number, path, self.source, self.stamp, self.content, beside, sidecar)
        return dict(zip(TASK, values, strict=True))


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file that was read, with the vectors (n, d) of its article's n passages."""

    read: Read
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was read and whose article the worker has stored."""

    read: Read
    outcome: Outcome


def embedded_row(number: int, prepared: Prepared, addition: Addition, model_id: str) -> Row:
    """A file that was read, split and embedded."""
    passages = {"rows": [row_from_passage(passage) for passage in prepared.passages], "bands": prepared.bands}
    vectors = np.ascontiguousarray(addition.vectors, dtype="<f4").tobytes()
    return _row(number, sent(prepared.article), json.dumps(passages), vectors, model_id)


def stored_row(number: int, prepared: Prepared, outcome: Outcome, model_id: str) -> Row:
    """A file whose article is stored: the vectors need not cross, nor the passages."""
    facts = asdict(replace(outcome, error=None)) | {"error": None if outcome.error is None else str(outcome.error)}
    return _row(number, sent(prepared.article), model=model_id, outcome=json.dumps(facts))


def failed_row(number: int, failure: ReadFailure) -> Row:
    """A file that cannot be read."""
    return _row(number, sent(failure))


def troubled_row(number: int, trouble: str) -> Row:
    """A file that a worker did not come to."""
    return _row(number, trouble=trouble)


def _row(
    number: int, found: bytes = b"", passages: str = "", vectors: bytes = b"", model: str = "", **others: str
) -> Row:
    row = {"number": number, "found": found, "passages": passages, "vectors": vectors, "model": model}
    return {**row, "reading": READING, "outcome": "", "trouble": "", **others}


def opened(row: Row, unread: Unread, dimension: int) -> Passed | Embedded | Stored:
    """What a row of the columns ``DONE`` says of a file; a row that makes no sense is a failure of that file."""
    try:
        article = received(row["found"], unread.path)
        return _stored(row, article, unread) if row["outcome"] else _embedded(row, article, unread, dimension)
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


def _stored(row: Row, article: Article, unread: Unread) -> Stored:
    facts = json.loads(row["outcome"])
    error = None if facts["error"] is None else LibraryError(str(facts["error"]))
    outcome = Outcome(**{**facts, "error": error})
    return Stored(Read(unread.path, Prepared(article, (), unread.source, unread.stamp)), outcome)


def _bands(numbers: Sequence[int]) -> tuple[int, ...]:
    if len(numbers) > BANDS or not all(type(number) is int for number in numbers):
        raise ValueError("no bands")
    return tuple(numbers)
