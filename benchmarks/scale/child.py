"""One step of the measurement in a process of its own, so that its peak memory and its caches are its own.

``python -m benchmarks.scale.child STEP FOLDER ...`` prints one JSON object.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.archive import PASSAGES_AN_ARTICLE, Sentences, additions, embedded, plain, questions
from corpus.filters import Filter
from corpus.library import Addition, Library
from index.dense import DenseIndex
from index.embed import load_embedder
from index.retriever import Retriever
from qa.engine import Engine

BATCH: Final = 50  # articles written in one transaction
NEAREST: Final = 10
SEARCHES: Final = 200
ANSWERS: Final = 60
EXACT: Final = 100  # questions whose approximate neighbours are held against the exact ones
BLOCK: Final = 50_000


def fill(folder: Path, texts: Path, passages: int) -> dict[str, float]:
    """A library of ready vectors."""
    embedder = load_embedder()
    pool = embedded(texts, embedder, folder.with_name("sentences.npy"))
    before, seconds = _peak(), 0.0
    with Library.open(folder, create=True) as library:
        for batch in _batches(additions(pool, passages)):
            started = time.process_time()
            library.add_many(batch, model_id=embedder.id)
            seconds += time.process_time() - started
    return {"stored_per_second": passages / seconds, "add_growth_mb": _peak() - before}


def ingest(folder: Path, texts: Path, passages: int) -> dict[str, float]:
    """A library of article files, read, split and embedded as ``qa add`` does it."""
    from index.ingest import ingest as take_in

    files = folder.with_name(folder.name + "-files")
    files.mkdir(parents=True)
    for number, addition in enumerate(additions(plain(texts), passages)):
        article, file = addition.article, files / f"{number:06}.txt"
        file.write_text(f"{article.title}\n\n{article.text}", "utf-8")
        facts = {"publisher": article.publisher, "published": article.published}
        file.with_name(file.name + ".meta.json").write_text(json.dumps(facts), "utf-8")
    embedder = load_embedder()
    embedder.embed(["warm"])
    started, before = time.perf_counter(), _peak()
    with Library.open(folder, create=True) as library:
        for _ in take_in(sorted(files.glob("*.txt")), library, embedder):
            pass
        stored = library.count_passages()
    return {"added_per_second": stored / (time.perf_counter() - started), "add_growth_mb": _peak() - before}


def build(folder: Path) -> dict[str, float]:
    """The indexes, made for the first time."""
    embedder = load_embedder()
    started = time.process_time()
    with Library.open(folder) as library:
        Retriever(library, embedder).store()
    return {"build_seconds": time.process_time() - started, "build_peak_mb": _peak()}


def probe(folder: Path, texts: Path) -> dict[str, float]:
    """How long opening, searching and answering take, and how many of the exact neighbours are found."""
    asked = questions(texts, SEARCHES)
    embedder = load_embedder()
    embedder.embed(asked[:8])
    started = time.perf_counter()
    engine = Engine(Library.open(folder))
    engine.embedder = embedder
    engine.retriever.refresh()
    opened = time.perf_counter() - started
    engine.answer(asked[0])
    search, answer = engine.retriever.search, engine.answer
    figures = {
        "open_seconds": opened,
        **_times("search", [lambda q=q: search(q, 8) for q in asked]),  # type: ignore[misc]
        **_times("answer", [lambda q=q: answer(q) for q in asked[:ANSWERS]]),  # type: ignore[misc]
        **_filtered(engine, asked),
        "recall": _recall(engine, asked[:EXACT]),
        **_change(engine, asked),
        "peak_mb": _peak(),
    }
    engine.close()
    return figures


def _filtered(engine: Engine, asked: Sequence[str]) -> dict[str, float]:
    """Searches in a fortieth, a half and one article of the library, each checked to have found nothing else."""
    some = engine.articles()[0]
    filters = {
        "publisher": Filter(publishers=frozenset({"Paper 3"})),
        "dates": Filter(since=date(2001, 1, 1), until=date(2013, 4, 27)),
        "article": Filter(articles=frozenset({some.id})),
    }
    figures: dict[str, float] = {}
    for name, where in filters.items():
        started = time.perf_counter()
        engine.search(asked[0], 8, where=where)
        figures[f"{name}_first_ms"] = 1000 * (time.perf_counter() - started)
        found: list[int] = []
        calls = [lambda q=q: found.append(len(engine.search(q, 8, where=where))) for q in asked[:50]]  # noqa: B023
        figures |= _times(name, calls)
        if min(found) < 8:
            raise AssertionError(f"the filter by {name} left {min(found)} hits of 8")
    return figures


def _recall(engine: Engine, asked: Sequence[str]) -> float:
    """The share of the exact nearest passages that the index finds, at ``NEAREST``."""
    queries = engine.embedder.embed(asked)
    with Library.open(str(engine.library.place)) as library, library.snapshot():
        found, _ = DenseIndex.follow(library, engine.embedder.id).search(queries, NEAREST)
        exact = _exact(library, engine.embedder.id, queries)
    return float(np.mean([len(set(a) & set(b)) / NEAREST for a, b in zip(found.tolist(), exact.tolist(), strict=True)]))


def _exact(library: Library, model: str, queries: NDArray[np.float32]) -> NDArray[np.int64]:
    rowids, vectors = library.vectors(model)
    best = np.empty((len(queries), 0), np.int64)
    scores = np.empty((len(queries), 0), np.float32)
    for start in range(0, len(rowids), BLOCK):
        near = queries @ vectors[start : start + BLOCK].T
        top = np.argpartition(-near, min(NEAREST, near.shape[1] - 1), axis=1)[:, :NEAREST]
        best = np.concatenate([best, rowids[start : start + BLOCK][top]], axis=1)
        scores = np.concatenate([scores, np.take_along_axis(near, top, 1)], axis=1)
    order = np.argsort(-scores, axis=1)[:, :NEAREST]
    return np.take_along_axis(best, order, axis=1)


def _change(engine: Engine, asked: Sequence[str]) -> dict[str, float]:
    """One article added and one removed, each with the first search after it."""
    figures = {}
    extra = replace(next(additions(_made_up(), PASSAGES_AN_ARTICLE, seed=99)), source=None)  # it replaces none
    for name, change in (
        ("add_one", lambda: engine.library.add_many([extra], model_id=engine.embedder.id)),
        ("remove_one", lambda: engine.library.remove(extra.article.id)),
    ):
        started = time.perf_counter()
        change()
        changed = time.perf_counter()
        engine.search(asked[0], 8)
        figures[f"{name}_ms"] = 1000 * (changed - started)
        figures[f"{name}_search_ms"] = 1000 * (time.perf_counter() - changed)
    return figures


def _made_up() -> Sentences:
    texts = tuple(f"Sentence {number} of an article that came late was read out in the hall." for number in range(90))
    return Sentences(texts, np.random.default_rng(3).normal(size=(90, 384)).astype(np.float32))


def _times(name: str, calls: Sequence[Callable[[], object]]) -> dict[str, float]:
    spent = []
    for call in calls:
        started = time.perf_counter()
        call()
        spent.append(1000 * (time.perf_counter() - started))
    p50, p95 = np.percentile(spent, [50, 95])
    return {f"{name}_p50_ms": float(p50), f"{name}_p95_ms": float(p95)}


def _batches(made: Iterator[Addition]) -> Iterator[list[Addition]]:
    while batch := list(islice(made, BATCH)):
        yield batch


def _peak() -> float:
    """The most memory that this process has held so far, in MB."""
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    step, folder, texts, passages = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    steps: dict[str, Callable[[], dict[str, float]]] = {
        "fill": lambda: fill(folder, texts, passages),
        "ingest": lambda: ingest(folder, texts, passages),
        "build": lambda: build(folder),
        "probe": lambda: probe(folder, texts),
    }
    print(json.dumps(steps[step]()))
