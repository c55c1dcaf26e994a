"""An article ready to be embedded, and whole batches of them embedded in one call.

The two halves of adding an article: reading and splitting a file needs no model but its tokenizer and can be done
anywhere, many at a time; embedding is fastest on the passages of many articles at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.file_stamps import with_model
from corpus.library import Addition
from corpus.near_duplicates import band_hashes, shingles_of
from corpus.passages import split_passages
from corpus.reads import fields_of
from corpus.types import Article, Passage
from index.passage_vectors import searchable_text
from index.protocol import Embedder

__all__ = ["CountTokens", "Prepared", "addition_of", "embed_prepared", "prepare_article"]

CountTokens = Callable[[Sequence[str]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with its passages, not yet embedded.

    ``source`` is the whole path of the file that it was read from; ``stamp`` is what ``stamp_of_file`` said before;
    ``bands`` are what its near-duplicates share with it (``corpus.near_duplicates``).
    """

    article: Article
    passages: tuple[Passage, ...]
    source: str | None = None
    stamp: str | None = None
    bands: tuple[int, ...] = ()


def prepare_article(
    article: Article, count_tokens: CountTokens, *, source: str | None = None, stamp: str | None = None
) -> Prepared:
    """An article that has been read, split."""
    passages = split_passages(article, count_tokens=count_tokens)
    return Prepared(article, passages, source, stamp, band_hashes(shingles_of(article.text)))


def embed_prepared(batch: Sequence[Prepared], embedder: Embedder) -> list[Addition]:
    """What is to be stored of each article, in order: the passages of all are embedded in one call, sorted by length.

    Texts that occur several times are embedded once.
    """
    texts = [
        searchable_text(fields_of(0, passage, prepared.article)) for prepared in batch for passage in prepared.passages
    ]
    rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
    empty = np.empty((0, embedder.dimension), dtype=np.float32)
    vectors = embedder.embed(list(rows))[[rows[text] for text in texts]] if texts else empty
    additions, start = [], 0
    for prepared in batch:
        stop = start + len(prepared.passages)
        additions.append(addition_of(prepared, vectors[start:stop], embedder.id))
        start = stop
    return additions


def addition_of(prepared: Prepared, vectors: NDArray[np.float32], model_id: str) -> Addition:
    """What is to be stored of an article whose passages have these vectors (n, d) by this model."""
    stamp = with_model(prepared.stamp, model_id)
    return Addition(prepared.article, prepared.passages, vectors, prepared.source, stamp, prepared.bands)
