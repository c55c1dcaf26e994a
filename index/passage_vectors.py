"""The vectors of passages: what an embedder is given of each, and filling in those that a library lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.library import Library, PassageFields
from corpus.reads import fields_of
from corpus.types import Article, Passage
from index.protocol import Embedder

__all__ = ["embed_missing", "embed_passages", "searchable_text"]

BATCH: Final = 512  # passages embedded between two transactions, so that a stopped run keeps what it did


def searchable_text(fields: PassageFields) -> str:
    """What an embedder is given of a passage: one place, so that every vector of a library is made alike."""
    return fields.text


def embed_passages(embedder: Embedder, article: Article, passages: Sequence[Passage]) -> NDArray[np.float32]:
    """The unit vectors (n, d) of an article's n passages, ready for ``Library.add``."""
    if not passages:
        return np.empty((0, embedder.dimension), dtype=np.float32)
    return embedder.embed([searchable_text(fields_of(0, passage, article)) for passage in passages])


def embed_missing(library: Library, embedder: Embedder) -> int:
    """Store the vectors that passages lack of this embedder, as after a change of model; how many were stored."""
    stored = 0
    while rowids := library.missing_embeddings(embedder.id)[:BATCH]:
        with library.snapshot():
            present = np.intersect1d(rowids, library.rowids())  # another process may have removed some meanwhile
            texts = [searchable_text(fields) for fields in library.passage_fields(present)]
        if texts:
            stored += library.add_vectors(present.tolist(), embedder.embed(texts), model_id=embedder.id)
    return stored
