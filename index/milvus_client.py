"""The connection to Milvus: every call with a deadline, repeated while the server does not answer, errors in one line.

All calls but ``create`` may be repeated without harm: rows are written under keys that follow from their content.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.errors import LibraryError, MissingExtraError
from index.milvus_address import TOKEN_VARIABLE, MilvusAddress
from index.milvus_engine import LocalEngine
from index.milvus_errors import explained, passes, passes_soon
from index.milvus_layout import Field, Layout
from index.milvus_sizes import slices

__all__ = ["Connection", "Found", "Row"]

Row: TypeAlias = dict[str, Any]
Value = TypeVar("Value")

ATTEMPT_SECONDS: Final = 20.0
"""One attempt: a server that takes longer for a batch of 4 MB hangs."""
DOWN_SECONDS: Final = 2.0
SOON_SECONDS: Final = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
SCANNED: Final = 1000
WANTED: Final = 4000
"""Keys in one expression, and rows in one answer: a server returns 16,384 at most."""


@dataclass(frozen=True, slots=True)
class Found:
    """One row of a search: its key, its score and the fields asked for."""

    key: str
    score: float
    fields: Mapping[str, Any]


class Connection:
    """A client of one server, or of the engine on this machine; safe to use from several threads."""

    def __init__(self, address: MilvusAddress) -> None:
        self.address = address
        self._library = _library()
        self._engine = None if address.file is None else LocalEngine.of(address.file)
        self._client: Any = None
        self._is_down = False
        try:
            self._client = self._call(self._connect)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; later use raises LibraryError."""
        client, self._client = self._client, None
        engine, self._engine = self._engine, None
        if client is not None:
            client.close()
        if engine is not None:
            engine.leave()

    def has(self, collection: str) -> bool:
        """Whether there is such a collection."""
        return bool(self._call(lambda seconds: self._open().has_collection(collection, timeout=seconds)))

    def create(self, collection: str, layout: Layout) -> None:
        """Make the collection with its indexes and have it ready, unless it is; what an interrupted try left counts."""
        if not self.has(collection):
            schema = self._schema(layout)
            try:
                self._call(
                    lambda seconds: self._open().create_collection(
                        collection, schema=schema, consistency_level="Strong", timeout=seconds
                    )
                )
            except LibraryError:
                if not self.has(collection):  # else another process was faster
                    raise
        for field in layout.fields:
            if field.index:
                self._index(collection, field)
        self._call(lambda seconds: self._open().load_collection(collection, timeout=seconds))

    def upsert(self, collection: str, rows: Sequence[Row]) -> None:
        """Write rows, each in the place of the one of its key."""
        for part in slices(rows):
            self._call(partial(self._upsert, collection, part))

    def delete(self, collection: str, where: str) -> None:
        """Delete the rows that the expression names."""
        self._call(lambda seconds: self._open().delete(collection, filter=where, timeout=seconds))

    def count(self, collection: str, where: str = "") -> int:
        """The number of rows that the expression names, or of all."""
        rows = self.query(collection, where, ["count(*)"])
        return int(rows[0]["count(*)"]) if rows else 0

    def query(self, collection: str, where: str, fields: Sequence[str], limit: int | None = None) -> list[Row]:
        """The rows that the expression names, which are to be fewer than 16,384, as they are now."""
        bound = {} if limit is None else {"limit": limit}

        def ask(seconds: float) -> list[Row]:
            found = self._open().query(
                collection,
                filter=where,
                output_fields=list(fields),
                consistency_level="Strong",
                timeout=seconds,
                **bound,
            )
            return [dict(row) for row in found]

        return self._call(ask)

    def pick(
        self, collection: str, field: str, values: Sequence[str], fields: Sequence[str], also: str = ""
    ) -> Iterator[Row]:
        """The rows whose ``field`` is one of the values, asked for in parts."""
        for start in range(0, len(values), WANTED):
            listed = ", ".join(f'"{value}"' for value in values[start : start + WANTED])
            yield from self.query(collection, f"{field} in [{listed}]{also}", fields)

    def scan(self, collection: str, where: str, fields: Sequence[str]) -> list[Row]:
        """The rows that the expression names, any number of them, in the order of their keys."""

        def walk(seconds: float) -> list[Row]:
            pages = self._open().query_iterator(
                collection,
                batch_size=SCANNED,
                filter=where,
                output_fields=list(fields),
                consistency_level="Strong",
                timeout=seconds,
            )
            rows: list[Row] = []
            try:
                while page := pages.next():
                    rows += [dict(row) for row in page]
            finally:
                pages.close()
            return rows

        return sorted(self._call(walk), key=lambda row: str(row["id"]))

    def search(
        self,
        collection: str,
        field: str,
        queries: NDArray[np.float32] | list[str],
        limit: int,
        where: str,
        fields: Sequence[str],
    ) -> list[list[Found]]:
        """The ``limit`` best rows for each query by one field, of those that the expression lets through."""

        def ask(seconds: float) -> list[list[Found]]:
            found = self._open().search(
                collection,
                data=queries,
                anns_field=field,
                limit=limit,
                filter=where,
                output_fields=list(fields),
                consistency_level="Strong",
                timeout=seconds,
            )
            return [[Found(str(hit["id"]), float(hit["distance"]), hit["entity"]) for hit in hits] for hits in found]

        return self._call(ask)

    def _upsert(self, collection: str, rows: list[Row], seconds: float) -> None:
        self._open().upsert(collection, rows, timeout=seconds)

    def _connect(self, seconds: float) -> Any:
        token = "" if self._engine is not None else os.environ.get(TOKEN_VARIABLE, "")
        address = self.address
        uri = f"http{'s' * address.tls}://{address.host}:{address.port}"
        return self._library.MilvusClient(
            uri=uri if self._engine is None else self._engine.address,
            token=token,
            db_name=address.database,
            timeout=seconds,
            dedicated=True,
        )

    def _open(self) -> Any:
        if self._client is None:
            raise LibraryError(f"library {self.address}: it is closed; open it again")
        return self._client

    def _call(self, attempt: Callable[[float], Value]) -> Value:
        """Make one call, again and again while it fails for a reason that passes, until the time is up."""
        # Where the last call has waited in vain, the next ones do not wait as long again, one after the other.
        patience = min(self.address.seconds, DOWN_SECONDS) if self._is_down else self.address.seconds
        end, pause = time.monotonic() + patience, FIRST_PAUSE
        while True:
            left = end - time.monotonic()
            try:
                answer = attempt(max(0.1, min(ATTEMPT_SECONDS, left)))
            except LibraryError:
                raise
            except Exception as error:  # the library lets errors of gRPC and of its own through, of many kinds
                waits = passes(error) or (passes_soon(error) and left > patience - SOON_SECONDS)
                if not waits or left <= pause:
                    self._is_down = passes(error)
                    raise explained(error, self.address) from error
            else:
                self._is_down = False
                return answer
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            if self._engine is not None:
                self._engine.revive()

    def _schema(self, layout: Layout) -> Any:
        types = self._library.DataType
        schema = self._library.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        for field in layout.fields:
            schema.add_field(field.name, getattr(types, field.kind), **_parameters(field, types))
        for source, target in layout.words:
            schema.add_function(
                self._library.Function(
                    name=f"{target}_of_{source}",
                    function_type=self._library.FunctionType.BM25,
                    input_field_names=[source],
                    output_field_names=[target],
                )
            )
        return schema

    def _index(self, collection: str, field: Field) -> None:
        indexes = self._library.MilvusClient.prepare_index_params()
        indexes.add_index(field.name, index_type=field.index, **dict(field.index_options))
        try:
            self._call(lambda seconds: self._open().create_index(collection, indexes, timeout=seconds, sync=False))
        except LibraryError:
            if field.must or self._is_down:
                raise


def _parameters(field: Field, types: Any) -> dict[str, Any]:
    """The options of a field as the library takes them."""
    options = dict(field.options)
    if "element_type" in options:
        options["element_type"] = getattr(types, options["element_type"])
    return options


def _library() -> Any:
    """``pymilvus``, imported at the first use; raises MissingExtraError where it is not installed."""
    # At its import it reads settings from a file .env of any folder above its own: none of ours are there.
    named = "PYTHON_DOTENV_DISABLED"
    before = os.environ.get(named)
    os.environ[named] = "1"
    try:
        import pymilvus
    except ImportError as error:
        raise MissingExtraError('a library on Milvus needs one more package: pip install "pymilvus>=3,<4"') from error
    finally:
        if before is None:
            os.environ.pop(named, None)
        else:
            os.environ[named] = before
    # It writes the traceback of every attempt that failed to the standard error itself. What failed in the end is said
    # by one LibraryError; a program that wants the rest can set the level of this logger again.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    return pymilvus
