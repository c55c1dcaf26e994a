"""The search by meaning at several sizes: time, recall, memory, disk, and what a change of the library costs.

::

    python -m benchmarks.vectors --folder /tmp/vectors                    # 10,000, 100,000 and 1,000,000 passages
    python -m benchmarks.vectors --folder /tmp/vectors --counts 200000 --compare

Makes libraries of real vectors, multiplied (``benchmarks/vector_data.py``); they are kept in the folder for the next
run (2 GB for 1,000,000 passages). ``--compare`` measures other kinds of index of FAISS on the same vectors. Each step
is a process of its own, so that its memory is its own too. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.vector_data import MODEL, addition, fill, multiply, read_real, similarities
from benchmarks.vector_kinds import compare
from corpus.library import Library
from index.dense import EXACT_LIMIT, DenseIndex

ROOT = Path(__file__).resolve().parents[1]
Vectors: TypeAlias = NDArray[np.float32]
Rowids: TypeAlias = NDArray[np.int64]
Result: TypeAlias = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.vectors", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--folder", type=Path, required=True, help="where libraries and vectors are kept")
    parser.add_argument("--counts", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="passages")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--limit", type=int, default=EXACT_LIMIT, help="up to so many passages search exactly")
    parser.add_argument("--compare", action="store_true", help="measure other kinds of index at the first count")
    options = parser.parse_args(arguments)
    real = read_real(sorted((ROOT / "training" / "written").glob("*.json")), options.folder / "real")
    _describe(real.passages)
    questions = real.questions[: options.queries]
    if options.compare:
        vectors = np.concatenate(list(multiply(real.passages, options.counts[0], 10_000)))
        compare(vectors, questions)
        return 0
    for count in options.counts:
        library = options.folder / f"library-{count}"
        fill(library, real.passages, count)
        _measure(library, count, questions, options.limit)
    return 0


def _describe(real: Vectors) -> None:
    print("how near the nearest neighbour is (percentiles 10, 50, 90):\n")
    for count in (len(real) // 9, len(real) // 3, len(real)):
        some = np.random.default_rng(5).choice(len(real), count, replace=False)
        print(f"- among {count:,} real passages: {similarities(real[some])}")


def _measure(folder: Path, count: int, questions: Vectors, limit: int) -> None:
    print(f"## {count:,} passages\n")
    shutil.rmtree(folder / "index", ignore_errors=True)
    steps: list[tuple[str, Callable[..., Result], tuple[Any, ...]]] = [
        ("how near neighbours are", neighbours, (folder,)),
        ("exact search of all", search, (folder, questions, sys.maxsize)),
        ("making the stored index", make, (folder, limit)),
        ("search", search, (folder, questions, limit)),
        ("filters", filters, (folder, questions[:100], limit)),
        ("changes", changes, (folder, limit)),
    ]
    for name, step, values in steps:
        print(f"- {name}: {_apart(step, *values)}", flush=True)
    print()


def _apart(step: Callable[..., Result], *values: Any) -> str:
    """The result of a step in a process of its own, with the most memory that it held."""
    with get_context("spawn").Pool(1) as pool:
        result = pool.apply(step, values)
        result["peak MB"] = round(pool.apply(peak) / 1024)
    return ", ".join(f"{name} {value:g}" for name, value in result.items())


def peak() -> int:
    """The most memory this process has held, in KB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def neighbours(folder: Path) -> Result:
    """How near the nearest neighbour of a passage is."""
    with Library.open(folder) as library, library.snapshot():
        table = library.vector_table(MODEL)
        _, asked = table.of(np.random.default_rng(6).choice(table.rowids(), 200, replace=False))
        best = np.full((len(asked), 1), -1, dtype=np.float32)
        for _, vectors in table.blocks():
            best = np.sort(np.hstack([best, asked @ vectors.T]), axis=1)[:, -2:]
    return {f"percentile {at}": round(float(np.percentile(best[:, 0], at)), 3) for at in (10, 50, 90)}


def make(folder: Path, limit: int) -> Result:
    """Make and store the index."""
    with Library.open(folder) as library:
        started, worked = time.perf_counter(), time.process_time()
        made = DenseIndex.store(library, MODEL, limit=limit)
        seconds, work = time.perf_counter() - started, time.process_time() - worked
    size = sum(file.stat().st_size for file in (folder / "index").rglob("*") if file.is_file()) if made else 0
    return {"made": made, "seconds": round(seconds, 1), "work s": round(work, 1), "disk MB": round(size / 1e6)}


def search(folder: Path, questions: Vectors, limit: int) -> Result:
    """Open, then ask one question after another for the best 100, and compare with the exact best."""
    truth = _truth(folder, questions, 100)
    with Library.open(folder) as library, library.snapshot():
        started = time.perf_counter()
        index = DenseIndex.follow(library, MODEL, limit=limit)
        opened = time.perf_counter() - started
        memory = _resident()
        found, taken = _ask(index, questions, 100, None)
    standing = index.state.standing
    return {
        "open s": round(opened, 2),
        "resident MB": memory,
        **taken,
        "recall@10": _recall(found, truth, 10),
        "recall@100": _recall(found, truth, 100),
        **({} if standing is None else {"lists": len(standing.base.centroids), "probes": standing.base.facts.probes}),
    }


def filters(folder: Path, questions: Vectors, limit: int) -> Result:
    """Recall at 10 and time where a filter leaves a share of the passages: any of them, or those of one subject."""
    result: Result = {}
    with Library.open(folder) as library, library.snapshot():
        index = DenseIndex.follow(library, MODEL, limit=limit)
        rowids = library.vector_table(MODEL).rowids()
        subject = _likeness(library, questions[-1])
        for share in (0.5, 0.1, 0.01, 3 / len(rowids)):
            left = max(3, int(share * len(rowids)))
            any_of = np.sort(np.random.default_rng(4).choice(rowids, left, replace=False))
            for name, allowed in (("any", any_of), ("far subject", np.sort(rowids[np.argsort(subject)[:left]]))):
                truth = _truth(folder, questions, 10, allowed)
                found, taken = _ask(index, questions, 10, allowed)
                case = f"{share:.2g} {name}:"
                result[f"{case} recall@10"] = _recall(found, truth, 10)
                result |= {f"{case} {what}": value for what, value in taken.items()}
    return result


def changes(folder: Path, limit: int) -> Result:
    """What following costs after an article of ten passages was added, and after it was removed again."""
    with Library.open(folder) as library:
        table = library.vector_table(MODEL)
        with library.snapshot():
            index = DenseIndex.follow(library, MODEL, limit=limit)
            _, vectors = table.of(table.rowids()[:10])
        times: dict[str, list[float]] = {"add": [], "remove": []}
        for number in range(6):
            library.add_many([addition(f"new-{number}", vectors)], model_id=MODEL)
            index = _timed(times["add"], library, index, limit)
            library.remove(f"article-new-{number}")
            index = _timed(times["remove"], library, index, limit)
    first = round(1000 * times["add"][0], 1)
    return {"first add ms": first, **{f"{name} ms": _ms(taken, 50) for name, taken in times.items()}}


def _timed(times: list[float], library: Library, index: DenseIndex, limit: int) -> DenseIndex:
    started = time.perf_counter()
    following = DenseIndex.follow(library, MODEL, index, limit=limit)
    times.append(time.perf_counter() - started)
    return following


def _truth(folder: Path, questions: Vectors, k: int, allowed: Rowids | None = None) -> Rowids:
    """The rowids (q, k) of the exact k nearest to each question, over all blocks of the database."""
    scores, rowids = np.empty((len(questions), 0), np.float32), np.empty((len(questions), 0), np.int64)
    with Library.open(folder) as library, library.snapshot():
        for block, vectors in library.vector_table(MODEL).blocks():
            kept = slice(None) if allowed is None else np.isin(block, allowed)
            scores = np.hstack([scores, questions @ vectors[kept].T])
            rowids = np.hstack([rowids, np.broadcast_to(block[kept], (len(questions), len(block[kept])))])
            order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
            scores, rowids = np.take_along_axis(scores, order, 1), np.take_along_axis(rowids, order, 1)
    return rowids


def _likeness(library: Library, direction: Vectors) -> Vectors:
    return np.concatenate([vectors @ direction for _, vectors in library.vector_table(MODEL).blocks()])


def _ask(
    index: DenseIndex, questions: Vectors, k: int, allowed: Rowids | None
) -> tuple[list[list[int]], dict[str, float]]:
    """What is found for each question, and in ms how long it took and how much of that the processor worked."""
    found, times = [], []
    worked = time.thread_time()
    for question in questions:
        started = time.perf_counter()
        rowids, _ = index.search(question[None], k, restrict=allowed)
        times.append(time.perf_counter() - started)
        found.append(rowids[0].tolist())
    work = 1000 * (time.thread_time() - worked) / len(questions)
    return found, {"p50 ms": _ms(times, 50), "p95 ms": _ms(times, 95), "work ms": round(work, 1)}


def _recall(found: list[list[int]], truth: Rowids, k: int) -> float:
    shares = [
        len(set(row[:k]) & set(best[:k].tolist())) / min(k, len(best)) for row, best in zip(found, truth, strict=True)
    ]
    return round(float(np.mean(shares)), 4)


def _ms(times: Sequence[float], percentile: int) -> float:
    return round(1000 * float(np.percentile(times, percentile)), 1)


def _resident() -> int:
    """The memory that this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)


if __name__ == "__main__":
    sys.exit(main())
