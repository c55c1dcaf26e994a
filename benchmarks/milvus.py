"""The store on Milvus beside the embedded one, on the same articles: rates, times, and how alike their rankings are.

    python -m benchmarks.milvus                                   the local engine, 2,000 passages
    python -m benchmarks.milvus --store milvus://HOST:PORT/bench  a server; the collection must not be there yet

Articles are drawn from a vocabulary with Zipf's law; a passage's vector is a sum of its words' random directions, so
that texts which share words are near. No model is loaded: embedding costs the same in both.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.library import Library
from corpus.types import Article, Passage, Span
from corpus.writes import Addition
from index.milvus_retriever import MilvusRetriever
from index.milvus_rows import passage_from
from index.milvus_store import MilvusStore
from index.ranking import DENSE_WEIGHT, DEPTH
from index.retriever import Retriever

__all__ = ["main"]

WORDS, DIMENSION = 20_000, 384
PASSAGES_OF_ONE, WORDS_OF_ONE = 10, 90
BATCH = 50  # articles of one ``add_many``, about what an ingest writes at a time
K = 8


class Directions:
    """An embedder: the sum of a random direction for each word, longer words weighing more."""

    id = "directions-384"
    dimension = DIMENSION

    def __init__(self, seed: int = 7) -> None:
        self._directions = np.random.default_rng(seed).normal(size=(WORDS, DIMENSION)).astype(np.float32)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, 384) of n texts of words such as ``w17``."""
        rows = [np.array([int(word.strip("w.?")) for word in text.split()], dtype=np.int64) for text in texts]
        sums = np.stack([(self._directions[row] * np.log2(2 + row)[:, None]).sum(0) for row in rows])
        unit: NDArray[np.float32] = (sums / np.linalg.norm(sums, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of words of each text."""
        return [len(text.split()) for text in texts]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the comparison as a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.milvus", description=__doc__)
    parser.add_argument("--passages", type=int, default=2_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--store", metavar="ADDRESS")
    options = parser.parse_args(argv)
    embedder = Directions()
    draw = np.random.default_rng(11)
    additions = [_addition(number, draw, embedder) for number in range(options.passages // PASSAGES_OF_ONE)]
    questions = [_question(draw, additions) for _ in range(options.questions)]
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder) / "library", create=True)
        store = MilvusStore.open(options.store or f"milvus-lite://{folder}/bench.db/bench", create=True)
        with library, store:
            rates = [_add(one, additions, embedder.id) for one in (library, store)]
            searchers = Retriever(library, embedder), MilvusRetriever(store, embedder)
            tops = [_search(one.search, questions) for one in searchers]
            fused = [
                [_fused_by_milvus(store, embedder, one, kind) for one in questions] for kind in ("weighted", "rrf")
            ]
    for name, rate, (times, _) in zip(("folder", "milvus"), rates, tops, strict=True):
        p50, p95 = np.percentile(times, [50, 95])
        print(f"{name:8} {rate:8.0f} passages/s added   search {p50:6.1f} ms p50 {p95:6.1f} ms p95")
    names = "milvus, fused here", "milvus, its weighted ranker", "milvus, its reciprocal ranks"
    for name, found in zip(names, (tops[1][1], *fused), strict=True):
        first, all_k = _alike(tops[0][1], found)
        print(f"{name:28} the folder's first hit for {first:.1%}, {all_k:.1%} of its {K} best")
    return 0


def _addition(number: int, draw: Any, embedder: Directions) -> Addition:
    texts = [_sentence(draw) for _ in range(PASSAGES_OF_ONE)]
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
    article = Article(f"article{number}", " ".join(texts))
    spans = [Span(int(start), int(start) + len(text)) for start, text in zip(starts, texts, strict=False)]
    passages = [Passage(f"{article.id}:{span.start}", article.id, span, sentences=(span,)) for span in spans]
    return Addition(article, passages, embedder.embed(texts), f"/bench/{number}")


def _sentence(draw: Any) -> str:
    return " ".join(f"w{word}" for word in np.minimum(draw.zipf(1.25, WORDS_OF_ONE), WORDS) - 1) + "."


def _question(draw: Any, additions: Sequence[Addition]) -> str:
    """Six words of one passage, as a question would share with the passage that answers it."""
    addition = additions[draw.integers(len(additions))]
    words = addition.passages[draw.integers(PASSAGES_OF_ONE)].span.of(addition.article.text).strip(".").split()
    return " ".join(draw.choice(words, 6, replace=False))


def _add(store: Library | MilvusStore, additions: Sequence[Addition], model_id: str) -> float:
    started = time.perf_counter()
    for first in range(0, len(additions), BATCH):
        store.add_many(additions[first : first + BATCH], model_id=model_id)
    return sum(len(one.passages) for one in additions) / (time.perf_counter() - started)


def _search(search: Callable[[str, int], Any], questions: Sequence[str]) -> tuple[list[float], list[list[str]]]:
    """Milliseconds of each question, the first one apart, and the ids found."""
    search(questions[0], K)
    times, found = [], []
    for question in questions:
        started = time.perf_counter()
        found.append([hit.passage.id for hit in search(question, K)])
        times.append(1000 * (time.perf_counter() - started))
    return times, found


def _fused_by_milvus(store: MilvusStore, embedder: Directions, question: str, kind: str) -> list[str]:
    """What the server's own fusion finds with the same weights and depth."""
    from pymilvus import AnnSearchRequest, RRFRanker, WeightedRanker

    requests = [
        AnnSearchRequest(embedder.embed([question]), "dense", {"metric_type": "IP"}, DEPTH),
        AnnSearchRequest([question], "sparse", {"metric_type": "BM25"}, DEPTH),
    ]
    ranker = RRFRanker() if kind == "rrf" else WeightedRanker(DENSE_WEIGHT, 1 - DENSE_WEIGHT)
    client = store.connection._open()
    (found,) = client.hybrid_search(store.passages, requests, ranker, limit=K, output_fields=["record"], timeout=30)
    return [passage_from(hit["entity"]["record"]).id for hit in found]


def _alike(expected: Sequence[Sequence[str]], found: Sequence[Sequence[str]]) -> tuple[float, float]:
    first = np.mean([one[0] == other[0] for one, other in zip(expected, found, strict=True)])
    shared = np.mean([len(set(one) & set(other)) / K for one, other in zip(expected, found, strict=True)])
    return float(first), float(shared)


if __name__ == "__main__":
    raise SystemExit(main())
