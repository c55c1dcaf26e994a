"""`index.ingest` with its reading, splitting and embedding on the machines of a cluster.

The files are sent in windows, each window in batches. What comes back is stored here, by the same code and in the same
order as without a cluster, so a machine that goes away, or a run that is stopped, has stored whole batches or nothing.
Workers that reach the store themselves store what they have embedded; a batch that is done twice changes nothing then.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Final, Protocol, Self, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.decode import MAX_DOCUMENT_BYTES, read_bytes
from corpus.errors import ArticleError, InputError, LibraryError, ModelError
from corpus.file_stamps import READING
from corpus.files import ReadFailure
from corpus.passages import estimate_tokens
from corpus.reads import fields_of
from corpus.sidecar import sidecar_path
from index.ingest import Ingested, outcome_of, stored_entries
from index.passage_vectors import searchable_text
from index.protocol import Embedder
from index.ray_rows import Embedded, Row, Stored, Task, opened
from index.ray_worker import MODEL_TROUBLE, STORE_TROUBLE
from index.reading import Passed, Store, Unread, told_apart

__all__ = ["Cluster", "ingest_on_cluster"]

BATCH_FILES: Final = 16
"""About a hundred passages: enough to be sorted by length, and little to do again where a machine is lost."""
WINDOW_FILES: Final = 2_000
"""For each worker. Starting the workers for a window takes seconds, embedding it minutes; its results may have to wait
for one batch, so that memory does not grow with the number of files."""
LOOKED_UP: Final = 1_000
SENT_BYTES: Final = 1 << 28
"""Of files that are sent themselves, in one window."""

Planned: TypeAlias = Passed | Unread
Found: TypeAlias = Passed | Embedded | Stored
Item = TypeVar("Item")


class Cluster(Protocol):
    """Workers that embed batches of files (``index.ray_rows``); entered when there is something to do."""

    workers: int

    def __enter__(self) -> Self:
        """Connect."""

    def __exit__(self, *unused: object) -> None:
        """End the workers."""

    def run(self, batches: Iterable[Sequence[Row]]) -> Iterator[list[Row]]:
        """The rows of done files, in the order of the batches; those of a batch that was lost are left out."""


@dataclass(slots=True)
class _Window:
    """Files in their order, and how far they have been told; ``lost`` are those that no worker gave back, with why."""

    files: list[Planned]
    at: int = 0
    lost: list[tuple[Unread, str]] = field(default_factory=list)

    def up_to(self, number: int) -> Iterator[Passed]:
        """The files before this one that need no storing."""
        for file in islice(self.files, self.at, number):
            if isinstance(file, Passed):
                yield file
            else:
                self.lost.append((file, "the processes that took it broke down"))
        self.at = max(self.at, number)

    def opened(self, rows: Sequence[Row], embedder: Embedder) -> Iterator[Found]:
        """The files up to the last of these rows."""
        for row in rows:
            _check(row, embedder.id)
            number = row["number"]
            if not self.at <= number < len(self.files):  # it came twice
                continue
            yield from self.up_to(number)
            self.at += 1
            file = self.files[number]
            if isinstance(file, Passed):
                yield file
            elif row["trouble"]:
                self.lost.append((file, row["trouble"]))
            else:
                yield opened(row, file, embedder.dimension)


class _Known:
    """An embedder for passages that were embedded elsewhere."""

    def __init__(self, embedder: Embedder, embedded: Iterable[Embedded]) -> None:
        self.id, self.dimension = embedder.id, embedder.dimension
        self._vectors = {
            searchable_text(fields_of(0, passage, one.read.prepared.article)): vector
            for one in embedded
            for passage, vector in zip(one.read.prepared.passages, one.vectors, strict=True)
        }

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        found = [self._vectors[text] for text in texts]
        return np.stack(found) if found else np.empty((0, self.dimension), dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return estimate_tokens(texts)


class _Run:
    """One ingest; the cluster is entered at the first file that has to be read."""

    def __init__(self, store: Store, embedder: Embedder, cluster: Cluster, *, skip_copies: bool, send: bool) -> None:
        self._store = store
        self._embedder = embedder
        self._cluster = cluster
        self._skip_copies = skip_copies
        self._send = send

    def windows(self, paths: Iterable[Path | ReadFailure], held: ExitStack, *, again: bool) -> Iterator[list[Planned]]:
        """The files, as many at a time as the cluster takes; those before the first to be read without waiting."""
        files: list[Planned] = []
        share, is_entered = 0.0, False
        for some in _in_batches(paths, LOOKED_UP):
            for file in told_apart(some, self._store, self._embedder.id, again=again):
                if isinstance(file, Unread) and not is_entered:
                    held.enter_context(self._cluster)
                    is_entered = True
                files.append(file)
                share += self._share(file)
                if share >= 1.0:
                    yield files
                    files, share = [], 0.0
            if not is_entered:
                yield files
                files, share = [], 0.0
        yield files

    def _share(self, file: Planned) -> float:
        """The part of a window that a file takes."""
        full = WINDOW_FILES * max(1, self._cluster.workers)
        if isinstance(file, Passed):
            return 0.05 / full
        return 1.0 / full + (_size(file.path) / SENT_BYTES if self._send else 0.0)

    def over(self, files: list[Planned]) -> Iterator[Ingested]:
        """What became of the files of one window."""
        window = _Window(files)
        yield from self._through(window, BATCH_FILES)
        # Alone each: what brought down a process was one file, and its neighbours are to come through.
        again = _Window([file for file, _ in window.lost])
        yield from self._through(again, 1)
        for file, why in again.lost:
            error = ArticleError(f"{file.path}: it could not be read ({why}); save the article as .txt")
            yield Ingested(file.path, "failed", failure=ReadFailure.because(file.path, error))

    def _through(self, window: _Window, size: int) -> Iterator[Ingested]:
        if any(isinstance(file, Unread) for file in window.files):
            for rows in self._cluster.run(self._batches(window, size)):
                yield from self._stored(list(window.opened(rows, self._embedder)))
        yield from self._stored(list(window.up_to(len(window.files))))

    def _batches(self, window: _Window, size: int) -> Iterator[list[Row]]:
        numbered = ((number, file) for number, file in enumerate(window.files) if isinstance(file, Unread))
        for batch in _in_batches(numbered, size):
            if rows := [task.row() for number, file in batch if (task := self._task(window, number, file))]:
                yield rows

    def _task(self, window: _Window, number: int, file: Unread) -> Task | None:
        if not self._send:
            return Task(number, file.path.absolute(), file.source, file.stamp)
        try:
            sidecar = sidecar_path(file.path)
            beside = (sidecar.name, read_bytes(sidecar)) if sidecar.is_file() else None
            content = read_bytes(file.path, MAX_DOCUMENT_BYTES)
            return Task(number, file.path, file.source, file.stamp, content, beside)
        except ArticleError as error:
            window.files[number] = Passed(file.path, failure=ReadFailure.because(file.path, error))
            return None

    def _stored(self, found: Sequence[Found]) -> Iterator[Ingested]:
        known = _Known(self._embedder, (one for one in found if isinstance(one, Embedded)))
        for is_stored, some in groupby(found, key=lambda one: isinstance(one, Stored)):
            if is_stored:
                yield from (outcome_of(one.read, one.outcome) for one in some if isinstance(one, Stored))
            else:
                entries = [
                    one.read if isinstance(one, Embedded) else one for one in some if not isinstance(one, Stored)
                ]
                yield from stored_entries(entries, self._store, known, self._skip_copies)


def ingest_on_cluster(
    paths: Iterable[Path | ReadFailure],
    store: Store,
    embedder: Embedder,
    cluster: Cluster,
    *,
    again: bool = False,
    skip_near_duplicates: bool = False,
    send_files: bool = False,
) -> Generator[Ingested]:
    """What became of each file, as ``ingest`` tells it; ``cluster`` has workers with the model of ``embedder``.

    The workers read the files by the same absolute paths, or are sent them with ``send_files``. All are told in the
    order of ``paths`` but those whose batch brought down a process: these come after the others of their window.
    Raises LibraryError where the store cannot be written, InputError where the cluster cannot be used, ModelError
    where it lacks the model.
    """
    run = _Run(store, embedder, cluster, skip_copies=skip_near_duplicates, send=send_files)
    with ExitStack() as held:
        for files in run.windows(paths, held, again=again):
            yield from run.over(files)


def _check(row: Row, model_id: str) -> None:
    """Refuse what was made by another release or another model."""
    if row["trouble"].startswith(MODEL_TROUBLE):
        raise ModelError(f"a worker cannot load the model {row['trouble'].removeprefix(MODEL_TROUBLE)}")
    if row["trouble"].startswith(STORE_TROUBLE):
        raise LibraryError(f"a worker cannot store: {row['trouble'].removeprefix(STORE_TROUBLE)}")
    if row["reading"] != READING:
        raise InputError("a machine of the cluster has another release of this program; install the same on each")
    if row["model"] not in ("", model_id):
        raise ModelError(
            f"a machine of the cluster has the model {row['model']}, this one {model_id}; put the same files on each"
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


def _in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
