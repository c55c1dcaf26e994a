"""How the ingest on Ray scales from one worker to more, on this machine.

::

    python -m benchmarks.ray_scaling                    # 1 and 2 workers, three rounds, 320 articles
    python -m benchmarks.ray_scaling --workers 1 2 4 --rounds 5 --articles 1000

Articles are made of sentences of real texts. One cluster serves all runs, which alternate, so that what else the
machine does falls on all alike. A rate counts from when each worker may have done its first batch, without their start.
Processor time is told beside it, as it depends little on who else computes: that of the workers, of whom there may be
many, and that of this process, of which there is one. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scale.archive import plain
from corpus.library import Library
from index.embed import DEFAULT_EMBEDDER, load_embedder
from index.protocol import Embedder
from index.ray_cluster import RayCluster, RayOptions
from index.ray_ingest import BATCH_FILES, ingest_on_cluster

ROOT = Path(__file__).resolve().parents[1]
PARAGRAPHS, SENTENCES = 7, 4
TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """One ingest: seconds until it is counted, then passages a second, and ms of processor for each."""

    start: float
    rate: float
    workers_ms: float
    driver_ms: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ray_scaling", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=320)
    parser.add_argument("--texts", type=Path, default=ROOT / "training" / "written", help="where sentences come from")
    options = parser.parse_args(arguments)
    embedder = load_embedder()
    with (
        tempfile.TemporaryDirectory() as folder,
        RayCluster(RayOptions(workers=max(options.workers)), DEFAULT_EMBEDDER),
    ):
        files = _write(Path(folder) / "articles", options.texts, options.articles)
        runs: dict[int, list[Run]] = {count: [] for count in options.workers}
        for number in range(options.rounds):
            for count in options.workers:
                runs[count].append(
                    _run(Path(folder) / f"{number}-{count}", files, embedder, count, BATCH_FILES * max(options.workers))
                )
    _print(runs)
    return 0


def _write(folder: Path, texts: Path, count: int) -> list[Path]:
    draw = random.Random(7)  # noqa: S311 - not for secrets
    pool = plain(texts).texts
    folder.mkdir()
    for number in range(count):
        paragraphs = [" ".join(draw.choices(pool, k=SENTENCES)) for _ in range(draw.randint(2, 2 * PARAGRAPHS - 2))]
        (folder / f"{number:06}.txt").write_text("\n\n".join([f"Article {number}", *paragraphs]), encoding="utf-8")
    return sorted(folder.iterdir())


def _run(folder: Path, files: Sequence[Path], embedder: Embedder, workers: int, skipped: int) -> Run:
    cluster = RayCluster(RayOptions(workers=workers), DEFAULT_EMBEDDER)
    begun = first = time.perf_counter()
    before: dict[str, float] = {}
    spent: dict[str, float] = {}
    passages = held = 0
    own = 0.0
    with Library.open(folder, create=True) as library:
        for number, one in enumerate(ingest_on_cluster(files, library, embedder, cluster), start=1):
            passages += one.passages
            if number == skipped:
                first, before, own, held = time.perf_counter(), _spent(), time.process_time(), passages
            elif number > skipped and number % BATCH_FILES == 1:  # a batch has come
                spent = _spent() or spent
        done = passages - held
        seconds = time.perf_counter() - first
        worked = sum(spent[process] - before.get(process, 0.0) for process in spent)
        driven = time.process_time() - own
    return Run(first - begun, done / seconds, 1000 * worked / done, 1000 * driven / done)


def _spent() -> dict[str, float]:
    """The processor time in s of each process that embeds, by its number."""
    spent = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "cmdline").read_bytes().startswith(b"ray::MapWorker"):
                numbers = (folder / "stat").read_text().rpartition(")")[2].split()
                spent[folder.name] = TICK * (int(numbers[11]) + int(numbers[12]))
        except OSError:  # it has ended
            continue
    return spent


def _print(runs: dict[int, list[Run]]) -> None:
    one = next(iter(runs.values()))
    print(
        "| workers | passages/s | against the first | worker, ms of processor a passage | this process, ms | start, s |"
    )
    print("|---|---|---|---|---|---|")
    for count, made in runs.items():
        ratio = statistics.median(run.rate / base.rate for run, base in zip(made, one, strict=True))
        rate, worker, driver, start = (
            statistics.median(getattr(run, name) for run in made)
            for name in ("rate", "workers_ms", "driver_ms", "start")
        )
        print(f"| {count} | {rate:.0f} | {ratio:.2f} | {worker:.1f} | {driver:.2f} | {start:.1f} |")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\nCores: {os.cpu_count()}; load of the machine in the last 1, 5 and 15 minutes: {load}.")


if __name__ == "__main__":
    raise SystemExit(main())
