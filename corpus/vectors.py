"""The vectors of one model as they lie in a library's database: all, some, in blocks or counted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import LibraryError
from corpus.rows import Row, checksum_of_vector

__all__ = ["Reading", "VectorTable", "is_vector", "read_vectors"]

PAGE = 1000
MAX_DIMENSION = 65_536
LOWEST, HIGHEST = -(2**63), 2**63 - 1  # what a rowid can be
BLOCK = 16_384  # vectors of one block: 25 MB where they have 384 numbers

Vectors = NDArray[np.float32]
Rowids = NDArray[np.int64]


class Reading(Protocol):
    """What hands out a connection inside a read transaction."""

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection whose reads all stem from one state."""


class VectorTable:
    """Reads the vectors of one model, each checked against its seal; a damaged one raises LibraryError."""

    def __init__(self, connections: Reading, model_id: str) -> None:
        self._connections = connections
        self._model_id = model_id

    def count(self, *, after: int = LOWEST, up_to: int = HIGHEST) -> int:
        """How many vectors there are of passages with rowids above ``after`` and up to ``up_to``."""
        query = "SELECT count(*) FROM embeddings WHERE model = ? AND passage > ? AND passage <= ?"
        with self._connections.reading() as connection:
            number, _ = _model(connection, self._model_id)
            (count,) = connection.execute(query, (number, after, up_to)).fetchone()
            return int(count)

    def rowids(self) -> Rowids:
        """The ascending rowids (n,) of all passages that have a vector."""
        query = "SELECT passage FROM embeddings WHERE model = ? ORDER BY passage"
        with self._connections.reading() as connection:
            number, _ = _model(connection, self._model_id)
            return np.fromiter((row[0] for row in connection.execute(query, (number,))), dtype=np.int64)

    def of(self, rowids: Rowids) -> tuple[Rowids, Vectors]:
        """Ascending rowids (m,) and vectors (m, d) of those of the passages that have one."""
        query = """SELECT passage, vector, crc FROM embeddings
            WHERE model = ? AND passage IN (SELECT value FROM json_each(?)) ORDER BY passage"""
        with self._connections.reading() as connection:
            number, dimension = _model(connection, self._model_id)
            rows = connection.execute(query, (number, json.dumps(rowids.tolist()))).fetchall()
        return np.array([row[0] for row in rows], dtype=np.int64), _matrix(rows, dimension)

    def blocks(self, size: int = BLOCK, *, after: int = LOWEST) -> Iterator[tuple[Rowids, Vectors]]:
        """All vectors with rowids above ``after``, ascending, at most ``size`` at a time; for use inside a snapshot."""
        query = "SELECT passage, vector, crc FROM embeddings WHERE model = ? AND passage > ? ORDER BY passage LIMIT ?"
        last = after
        while True:
            with self._connections.reading() as connection:
                number, dimension = _model(connection, self._model_id)
                rows = connection.execute(query, (number, last, size)).fetchall()
            if not rows:
                return
            last = rows[-1][0]
            yield np.array([row[0] for row in rows], dtype=np.int64), _matrix(rows, dimension)


def read_vectors(connection: sqlite3.Connection, model_id: str, after: int = 0) -> tuple[Rowids, Vectors]:
    """Ascending rowids (n,) above ``after`` and vectors (n, d) of one model, read straight into one matrix."""
    number, dimension = _model(connection, model_id)
    query = "SELECT count(*) FROM embeddings WHERE model = ? AND passage > ?"
    (count,) = connection.execute(query, (number, after)).fetchone()
    rowids = np.empty(count, dtype=np.int64)
    vectors = np.empty((count, dimension), dtype=np.float32)
    query = "SELECT passage, vector, crc FROM embeddings WHERE model = ? AND passage > ? ORDER BY passage"
    cursor, start = connection.execute(query, (number, after)), 0
    while rows := cursor.fetchmany(PAGE):
        stop = start + len(rows)
        rowids[start:stop] = [row[0] for row in rows]
        vectors[start:stop] = _matrix(rows, dimension)
        start = stop
    return rowids, vectors


def is_vector(blob: object, rowid: int, dimension: int, checksum: int) -> bool:
    """Whether a stored vector is what was written for this passage."""
    return isinstance(blob, bytes) and len(blob) == 4 * dimension and checksum_of_vector(blob, rowid) == checksum


def _model(connection: sqlite3.Connection, model_id: str) -> tuple[int | None, int]:
    """The number of a model and how many numbers its vectors have; ``None`` and 0 where it is not known here."""
    query = "SELECT number, dimension FROM models WHERE id = ?"
    number, dimension = connection.execute(query, (model_id,)).fetchone() or (None, 0)
    if not isinstance(dimension, int) or not 0 <= dimension <= MAX_DIMENSION:
        raise LibraryError(
            f"the entry of model {model_id!r} is damaged; move the library away and add the articles again"
        )
    return number, dimension


def _matrix(rows: list[Row], dimension: int) -> Vectors:
    for rowid, blob, crc in rows:
        if not is_vector(blob, rowid, dimension, crc):
            raise LibraryError(f"the vector of passage {rowid} is damaged; remove its article and add it again")
    return np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").reshape(len(rows), dimension)
