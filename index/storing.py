"""The second half of an ingest: a batch of articles compared, embedded in one call and written in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from corpus.errors import LibraryError
from corpus.library import Addition
from index.likeness import Likeness
from index.prepared import Prepared, addition_of, embed_prepared
from index.protocol import Embedder
from index.reading import Store

__all__ = ["Outcome", "RecallsVectors", "store_batch"]


@runtime_checkable
class RecallsVectors(Protocol):
    """A store that gives back the vectors it holds."""

    def vectors_of(self, article_id: str, model_id: str) -> Mapping[str, NDArray[np.float32]]:
        """The stored vectors (d,) of one article by one model, by the id of the passage."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article.

    ``known``: its file held an article before. ``stored`` is false for a near-duplicate that was left out. ``passages``
    counts those newly embedded.
    """

    known: bool
    near_duplicate_of: str | None
    stored: bool = False
    changed: bool = False
    passages: int = 0
    error: LibraryError | None = None


@dataclass(frozen=True, slots=True)
class _Judged:
    prepared: Prepared
    known: bool
    original: str | None
    wanted: bool


def store_batch(batch: Sequence[Prepared], store: Store, embedder: Embedder, *, skip_copies: bool) -> list[Outcome]:
    """Store the articles of a batch as if one after the other; what became of each.

    ``skip_copies`` leaves out near-duplicates, but never the new version of a file that is known. Raises LibraryError
    where none can be stored; where one cannot, it is that one's ``error``.
    """
    judged = list(_judge(batch, store, skip_copies=skip_copies))
    additions = _embed([one.prepared for one in judged if one.wanted], store, embedder)
    written = iter(zip(additions, _write([addition for addition, _ in additions], store, embedder.id), strict=True))
    outcomes = []
    for one in judged:
        if not one.wanted:
            outcomes.append(Outcome(one.known, one.original))
            continue
        (_, embedded), result = next(written)
        if isinstance(result, LibraryError):
            outcomes.append(Outcome(one.known, None, error=result))
        else:
            outcomes.append(Outcome(one.known, one.original, stored=True, changed=result, passages=embedded))
    return outcomes


def _judge(batch: Sequence[Prepared], store: Store, *, skip_copies: bool) -> Iterator[_Judged]:
    """Which articles are wanted, each seen after those before it."""
    held = store.held([prepared.source for prepared in batch if prepared.source is not None])
    stay = {prepared.article.id for prepared in batch}
    replaced = {article.article_id for article in held.values()} - stay  # old versions are no originals
    likeness, known = Likeness(store), set(held)
    for prepared in batch:
        is_known = prepared.source in known
        original = likeness.original_of(prepared, but=replaced)
        wanted = not skip_copies or original is None or is_known
        if wanted:
            likeness.remember(prepared)
            known.update(() if prepared.source is None else [prepared.source])
        yield _Judged(prepared, is_known, original, wanted)


def _embed(batch: Sequence[Prepared], store: Store, embedder: Embedder) -> list[tuple[Addition, int]]:
    """Each article with its vectors and how many of them were computed: stored ones of the same text are taken over."""
    recalled = [_recalled(prepared, store, embedder.id) for prepared in batch]
    fresh = iter(embed_prepared([one for one, found in zip(batch, recalled, strict=True) if found is None], embedder))
    return [
        (found, 0) if found is not None else (next(fresh), len(prepared.passages))
        for prepared, found in zip(batch, recalled, strict=True)
    ]


def _recalled(prepared: Prepared, store: Store, model_id: str) -> Addition | None:
    """The article with the vectors that the store has of it; ``None`` where it lacks one.

    A passage's id holds its article's, which is its text's, and its place in it: the vector is that of the same words.
    """
    if not isinstance(store, RecallsVectors):
        return None
    vectors = store.vectors_of(prepared.article.id, model_id)
    if not prepared.passages or any(passage.id not in vectors for passage in prepared.passages):
        return None
    stacked = np.stack([vectors[passage.id] for passage in prepared.passages])
    return addition_of(prepared, stacked, model_id)


def _write(additions: Sequence[Addition], store: Store, model_id: str) -> list[bool | LibraryError]:
    """Store all in one transaction; where that fails, one by one, so that a bad one costs no other."""
    if not additions:
        return []
    try:
        return [*store.add_many(additions, model_id=model_id)]
    except LibraryError:
        if len(additions) == 1:
            raise
    results: list[bool | LibraryError] = []
    for addition in additions:
        try:
            results += store.add_many([addition], model_id=model_id)
        except LibraryError as error:
            results.append(error)
    if all(isinstance(result, LibraryError) for result in results):  # the disk is full, or the like
        raise next(result for result in results if isinstance(result, LibraryError))
    return results
