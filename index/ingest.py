"""Files into a store: read ahead, embedded in large batches, each batch written in one transaction.

A killed run has lost the batch it was at and nothing else. The stamps of the files that are in let the next run pass
over them unread, so the same call goes on where the last one ended.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Literal

from corpus.errors import ArticleError
from corpus.files import ReadFailure
from corpus.types import Article
from index.protocol import Embedder
from index.read_ahead import ReadAhead
from index.reading import Entry, Passed, Read, Reading, Store
from index.storing import Outcome, store_batch

__all__ = ["Ingested", "State", "Store", "ingest", "outcome_of", "stored_entries"]

BATCH = 256
"""Passages embedded in one call. Per passage 128 cost as little as 512, and progress is told more often; an article at
a time (six passages) costs half as much again, for its padding and its own transaction."""
BATCH_CHARACTERS = 4_000_000
BATCH_FILES = 2_000
"""Files waiting for their batch: those that need no writing are told in their turn."""
SECONDS = 2.0
"""For which an article waits for others, where reading is slower than embedding."""

State = Literal["added", "replaced", "unchanged", "left_out", "failed"]
"""``replaced``: the file was known and its article has changed. ``left_out``: a near-duplicate that was not wanted."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file.

    ``article_id`` and ``title`` are ``None`` where it failed, ``article`` where the file was not read. ``passages``
    counts those newly embedded. ``near_duplicate_of`` is the id of an article of nearly the same words.
    """

    path: Path
    state: State
    article_id: str | None = None
    title: str | None = None
    article: Article | None = None
    near_duplicate_of: str | None = None
    failure: ReadFailure | None = None
    passages: int = 0


def ingest(
    paths: Iterable[Path | ReadFailure],
    store: Store,
    embedder: Embedder,
    *,
    again: bool = False,
    skip_near_duplicates: bool = False,
    readers: int = 1,
) -> Generator[Ingested]:
    """What became of each file, in the order of ``paths``; memory does not grow with their number.

    A `ReadFailure` among ``paths`` is passed on. Files whose stamp is the stored one are not read, unless ``again``;
    a file that cannot be read stops no other. What was yielded is safely stored. ``readers`` processes read files.
    Raises LibraryError where the store cannot be written.
    """
    reading = Reading(paths, store, embedder, again=again, readers=readers)
    with ReadAhead[Entry](reading.run, weigh=_weight, room=2 * BATCH) as ahead:
        while not ahead.is_over:
            yield from stored_entries(_gather(ahead), store, embedder, skip_near_duplicates)


def _weight(entry: Entry) -> int:
    return 1 + len(entry.prepared.passages) if isinstance(entry, Read) else 1


def _gather(ahead: ReadAhead[Entry]) -> list[Entry]:
    """The next files, up to a full batch or until the first of them that was read has waited long enough."""
    gathered: list[Entry] = []
    passages = characters = 0
    deadline: float | None = None
    while passages < BATCH and characters < BATCH_CHARACTERS and len(gathered) < BATCH_FILES:
        entry = ahead.take(None if deadline is None else max(0.0, deadline - monotonic()))
        if entry is None:
            break
        gathered.append(entry)
        if isinstance(entry, Read):
            passages += len(entry.prepared.passages)
            characters += len(entry.prepared.article.text)
            deadline = deadline or monotonic() + SECONDS
        elif deadline is None:  # nothing to store before it: told at once
            break
    return gathered


def stored_entries(
    gathered: Sequence[Entry], store: Store, embedder: Embedder, skip_copies: bool
) -> Iterator[Ingested]:
    """What became of these files; those that were read are stored before the first is told."""
    read = [entry.prepared for entry in gathered if isinstance(entry, Read)]
    outcomes = iter(store_batch(read, store, embedder, skip_copies=skip_copies) if read else ())
    for entry in gathered:
        yield outcome_of(entry, next(outcomes)) if isinstance(entry, Read) else _of_passed(entry)


def _of_passed(entry: Passed) -> Ingested:
    if entry.held is None:
        return Ingested(entry.path, "failed", failure=entry.failure)
    return Ingested(entry.path, "unchanged", entry.held.article_id, entry.held.title)


def outcome_of(entry: Read, outcome: Outcome) -> Ingested:
    """What is told of a file whose article a batch has stored."""
    article = entry.prepared.article
    if outcome.error is not None:
        error = ArticleError(f"{entry.path}: it cannot be stored ({outcome.error})")
        return Ingested(entry.path, "failed", failure=ReadFailure.because(entry.path, error))
    state: State = "left_out" if not outcome.stored else "unchanged"
    if outcome.changed:
        state = "replaced" if outcome.known else "added"
    copied = outcome.near_duplicate_of if state != "unchanged" else None
    return Ingested(entry.path, state, article.id, article.title, article, copied, passages=outcome.passages)
