"""What one worker of a cluster does: reads, splits and embeds files in batches, with a model that it loads once."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.errors import LibraryError, QAError
from corpus.files import ReadFailure
from corpus.one_line import one_line
from corpus.reading_pool import read_bounded
from corpus.types import Article
from index.embed import load_embedder
from index.prepared import Prepared, embed_prepared, prepare_article
from index.protocol import Embedder
from index.ray_rows import Row, Task, embedded_row, failed_row, stored_row, troubled_row
from index.reading import Store
from index.stores import open_store
from index.storing import store_batch

__all__ = ["MODEL_TROUBLE", "STORE_TROUBLE", "EmbeddingWorker"]

MODEL_TROUBLE = "model: "
STORE_TROUBLE = "store: "
"""With these begins trouble that every batch of the worker would have."""


class EmbeddingWorker:
    """Turns batches of files into embedded articles; one to a process.

    With the address of a ``store`` that all machines reach it also stores them, each batch by itself, and returns no
    vectors. Nothing is raised: a model that cannot be loaded is told with every file, so that the cluster does not
    start the process again and again.
    """

    def __init__(self, model: str | Path, store: str | None = None) -> None:
        self._embedder: Embedder | None = None
        self._address = store
        self._store: Store | None = None
        self._trouble = ""
        try:
            self._embedder = load_embedder(model)
        except (QAError, OSError, RuntimeError) as error:
            self._trouble = f"{MODEL_TROUBLE}on {socket.gethostname()}: {one_line(str(error))}"

    def run(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of the columns ``DONE`` for rows of the columns ``TASK``, in order."""
        tasks = [Task.from_row(row) for row in rows]
        if self._embedder is None:
            return [troubled_row(task.number, self._trouble) for task in tasks]
        try:
            return list(self._done(tasks, self._embedder))
        except LibraryError as error:
            return [troubled_row(task.number, f"{STORE_TROUBLE}{one_line(str(error))}") for task in tasks]
        except Exception as error:  # what one file does to us must not cost the others of its batch
            trouble = one_line(f"{type(error).__name__}: {error}")
            return [troubled_row(task.number, trouble) for task in tasks]

    def _done(self, tasks: Sequence[Task], embedder: Embedder) -> Iterator[Row]:
        found = [
            prepare_article(one, embedder.count_tokens, source=task.source, stamp=task.stamp)
            if isinstance(one, Article)
            else one
            for task, one in zip(tasks, _found(tasks), strict=True)
        ]
        rows = iter(self._rows([one for one in found if isinstance(one, Prepared)], embedder))
        for task, one in zip(tasks, found, strict=True):
            yield (
                failed_row(task.number, one) if isinstance(one, ReadFailure) else {**next(rows), "number": task.number}
            )

    def _rows(self, read: Sequence[Prepared], embedder: Embedder) -> Iterator[Row]:
        if self._address is None:
            for prepared, addition in zip(read, embed_prepared(read, embedder), strict=True):
                yield embedded_row(0, prepared, addition, embedder.id)
            return
        self._store = self._store or open_store(self._address, create=True)
        outcomes = store_batch(read, self._store, embedder, skip_copies=False) if read else []
        for prepared, outcome in zip(read, outcomes, strict=True):
            yield stored_row(0, prepared, outcome, embedder.id)


def _found(tasks: Sequence[Task]) -> Iterator[Article | ReadFailure]:
    with TemporaryDirectory(prefix="qa-") as folder:
        files = [_laid_out(task, Path(folder) / str(task.number)) for task in tasks]
        for task, (file, found) in zip(tasks, read_bounded(files), strict=True):
            if isinstance(found, ReadFailure):
                yield ReadFailure(task.path, one_line(found.message.replace(str(file), str(task.path))))
            else:
                yield found


def _laid_out(task: Task, folder: Path) -> Path:
    """The file to read: the one of that name, or what was sent of it, under its own name in a new folder."""
    if task.content is None:
        return task.path
    folder.mkdir()
    file = folder / task.path.name
    file.write_bytes(task.content)
    if task.sidecar is not None:
        with suppress(OSError):
            (folder / Path(task.sidecar[0]).name).write_bytes(task.sidecar[1])
    return file
