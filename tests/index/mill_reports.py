"""Stories in files, and what a library and an ingest say of them, for the tests of adding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from corpus.library import Library
from index.ingest import Ingested


class CountingEmbedder:
    """The embedder of these tests, counting what it is given."""

    def __init__(self, inner) -> None:
        self.id, self.dimension, self._inner = inner.id, inner.dimension, inner
        self.calls: list[int] = []

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.calls.append(len(texts))
        return self._inner.embed(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._inner.count_tokens(texts)


def story(number: int, sentences: int = 12) -> str:
    lines = [
        f"In year {number + line} the mill of place {number * 31 + line} sold {line} carts."
        for line in range(sentences)
    ]
    return "\n\n".join([f"Mill report {number}", *lines])


def state_of(library: Library) -> tuple[object, ...]:
    """All of a library but the times and the numbers of rows."""
    with library.snapshot():
        sources = {summary.id: summary.sources for summary in library.articles()}
        articles = {article_id: library.article(article_id) for article_id in sources}
        passages = {passage.id: passage for _, passage in library.iter_passages()}
        rowids, vectors = library.vectors("hashing-64")
        named = {
            passage.id: vector.tobytes() for passage, vector in zip(library.passages(rowids), vectors, strict=True)
        }
        stamps = library.stamps([path for paths in sources.values() for path in paths])
        return sources, articles, passages, named, stamps


def states(told: Iterator[Ingested]) -> list[str]:
    return [one.state for one in told]
