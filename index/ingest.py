"""Files into a store: read ahead, embedded in large batches, each batch written in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from corpus.files import ReadFailure
from corpus.library import Addition
from corpus.types import Article
from index.protocol import Embedder

__all__ = ["Ingested", "State", "Store", "ingest"]

State = Literal["added", "replaced", "unchanged", "left_out", "failed"]
"""``replaced``: the file was known and its article has changed. ``left_out``: a near-duplicate that was not wanted."""


class Store(Protocol):
    """What a place for articles must offer to take in files; ``Library`` does."""

    def add_many(self, additions: Iterable[Addition], *, model_id: str) -> list[bool]:
        """Store all of them or none; whether each changed anything."""

    def stamps(self, sources: Sequence[str]) -> dict[str, str]:
        """The stamp that each of these files had when it was added; those that are unknown are left out."""

    def held(self, sources: Sequence[str]) -> dict[str, str]:
        """The id of the article that each of these files holds; those that are unknown are left out."""

    def article(self, article_id: str) -> Article:
        """One article; raises UnknownArticleError."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file.

    ``article_id`` and ``title`` are ``None`` where it failed. ``near_duplicate_of`` is the id of an article of nearly
    the same words. ``article`` is there where the file was read. ``passages`` counts those newly embedded.
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
    paths: Iterable[Path],
    store: Store,
    embedder: Embedder,
    *,
    again: bool = False,
    skip_near_duplicates: bool = False,
) -> Iterator[Ingested]:
    """What became of each file, in the order of ``paths``; memory does not grow with their number.

    Files whose stamp is the stored one are not read, unless ``again``. A file that cannot be read stops no other.
    What was yielded is safely stored; raises LibraryError where the store cannot be written.
    """
    raise NotImplementedError
