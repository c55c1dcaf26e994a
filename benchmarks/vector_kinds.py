"""Kinds of index that FAISS has, on the same vectors: how much work to make, how large, how fast, how right."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

__all__ = ["compare"]

Vectors = NDArray[np.float32]
api: Any = faiss

MORE: Final = 250  # candidates, as many as are scored exactly for the best 100
KINDS: Final = (
    "Flat",
    "SQ8",
    "IVF{lists},Flat",
    "IVF{lists},SQ8",
    "IVF{lists},SQ4",
    "IVF{lists},PQ{pairs}x4fs",
    "HNSW32,Flat",
    "HNSW32_SQ8",
)


def compare(vectors: Vectors, questions: Vectors) -> None:
    """Print a line for each kind and setting: recall at 10 and 100 after exact scoring, times of one thread."""
    truth = np.argsort(-(questions @ vectors.T), axis=1)[:, :100]
    print("| kind | setting | work to make, s | MB | p50 ms | p95 ms | recall@10 | recall@100 |")
    print("|---" * 8 + "|")
    lists = round(2 * len(vectors) ** 0.5)
    for kind in (kind.format(lists=lists, pairs=vectors.shape[1] // 2) for kind in KINDS):
        started = time.process_time()
        index = api.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        if kind.startswith("HNSW"):
            index.hnsw.efConstruction = 80
        index.train(vectors[:: max(1, len(vectors) // (40 * lists))])
        index.add(vectors)
        made, size = time.process_time() - started, api.serialize_index(index).nbytes / 1e6
        for setting, parameters in _settings(index, kind):
            search = partial(index.search, k=MORE, params=parameters)
            figures = " | ".join(_figures(search, vectors, questions, truth))
            print(f"| {kind} | {setting} | {made:.0f} | {size:.0f} | {figures} |", flush=True)


def _settings(index: Any, kind: str) -> Iterator[tuple[str, Any]]:
    """Each setting of a kind by its name, with the parameters that FAISS takes for it."""
    if kind.startswith("IVF"):
        yield from ((f"probes {probes}", api.SearchParametersIVF(nprobe=probes)) for probes in (16, 32, 64, 128))
    elif kind.startswith("HNSW"):
        yield from ((f"efSearch {wide}", api.SearchParametersHNSW(efSearch=wide)) for wide in (256, 512))
    else:
        yield "", None


def _figures(search: Callable[..., Any], vectors: Vectors, questions: Vectors, truth: NDArray[np.int64]) -> list[str]:
    times, tens, hundreds = [], [], []
    for question, best in zip(questions, truth, strict=True):
        started = time.perf_counter()
        found = search(question[None])[1][0]
        found = found[found >= 0]
        found = found[np.argsort(-(vectors[found] @ question))]
        times.append(1000 * (time.perf_counter() - started))
        tens.append(np.isin(best[:10], found[:10]).mean())
        hundreds.append(np.isin(best, found[:100]).mean())
    return [
        f"{np.percentile(times, 50):.1f}",
        f"{np.percentile(times, 95):.1f}",
        f"{100 * np.mean(tens):.1f} %",
        f"{100 * np.mean(hundreds):.1f} %",
    ]
