"""What one worker of a cluster does: reads, splits and embeds batches of files, with a model that it loads once."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.errors import QAError
from corpus.files import ReadFailure
from corpus.one_line import one_line
from corpus.reading_pool import read_bounded
from index.embed import load_embedder
from index.prepared import embed_prepared, prepare_article
from index.protocol import Embedder
from index.ray_rows import Row, Task, embedded_row, failed_row, troubled_row

__all__ = ["MODEL_TROUBLE", "EmbeddingWorker"]

MODEL_TROUBLE = "model: "
"""With this begins the trouble that every batch of the worker would have."""


class EmbeddingWorker:
    """Turns batches of files into embedded articles; one to a process.

    Nothing is raised: a model that cannot be loaded is told with every file, so that the cluster does not start the
    process again and again.
    """

    def __init__(self, model: str | Path) -> None:
        self._embedder: Embedder | None = None
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
            return list(_embedded(tasks, self._embedder))
        except Exception as error:  # what one file does to us must not cost the others of its batch
            trouble = one_line(f"{type(error).__name__}: {error}")
            return [troubled_row(task.number, trouble) for task in tasks]


def _embedded(tasks: Sequence[Task], embedder: Embedder) -> Iterator[Row]:
    with TemporaryDirectory(prefix="qa-") as folder:
        files = [_laid_out(task, Path(folder) / str(task.number)) for task in tasks]
        found = [one for _, one in read_bounded(files)]
    read = {
        task.number: prepare_article(one, embedder.count_tokens)
        for task, one in zip(tasks, found, strict=True)
        if not isinstance(one, ReadFailure)
    }
    additions = iter(embed_prepared(list(read.values()), embedder))
    for task, file, one in zip(tasks, files, found, strict=True):
        if isinstance(one, ReadFailure):
            named = one.message.replace(str(file), str(task.path))
            yield failed_row(task.number, ReadFailure(task.path, one_line(named)))
        else:
            yield embedded_row(task.number, read[task.number], next(additions), embedder.id)


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
