"""``python -m benchmarks.load``: askers side by side, as a table and JSON."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.load.articles import Story, stories
from benchmarks.load.measure import Load, Outcome, run_load, slope
from benchmarks.load.server import Server, serving
from qa import Engine

__all__ = ["main", "measured"]

SOAK = 1_800.0
"""Seconds of a soak."""
WARM_UP = 60.0
"""Seconds of asking before memory is first looked at: buffers and threads grow to their size in them, which takes some
600 answers."""
STEADY = 0.02
"""The share of its memory by which a server may grow over the second half of a run and count as flat.

Over the first, each of its threads takes what it needs, once; and every conversation is kept for an hour, up to 1,000
of some 20 kB.
"""
MEGABYTE = 1_000_000


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--askers", type=int, default=50, help="side by side (default: 50)")
    parser.add_argument("--seconds", type=float, default=120.0, help="of asking (default: 120)")
    parser.add_argument("--soak", action="store_true", help=f"ask for {SOAK / 60:.0f} minutes, to see slow leaks")
    parser.add_argument("--warm-up", type=float, default=WARM_UP, help=f"seconds before that (default: {WARM_UP:.0f})")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file, too")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where a request failed, an answer was not the asker's own, or memory was not flat."""
    options = _parser().parse_args(argv)
    seconds = SOAK if options.soak else options.seconds
    figures = measured(options.askers, seconds, options.warm_up)
    print(_table(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0 if figures["is_well"] else 1


def measured(askers: int, seconds: float, warm_up: float = WARM_UP) -> dict[str, Any]:
    """The figures of one run on a library of its own."""
    told = list(stories())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = _prepared(folder, told)
        with serving(folder / "library", folder) as server:
            load = Load(server, told, expected)
            if warm_up:
                run_load(load, askers, warm_up)
            before = server.memory()
            outcome = run_load(load, askers, seconds)
            different = len(set(expected.values()) - {None})
            return {"askers": askers, "different_answers": different, **_figures(outcome, before, server)}


def _prepared(folder: Path, told: Sequence[Story]) -> dict[str, str | None]:
    """A library of the stories, and what its engine, asked one question after the other, answers to each."""
    files = folder / "files"
    files.mkdir()
    for story in told:
        (files / story.name).write_text(story.text, encoding="utf-8")
    with Engine.open(folder / "library", create=True) as engine:
        for found in engine.add([files]):
            if isinstance(found, Exception):
                raise found
        answers = engine.answer_many([story.question for story in told])
    return {story.question: answer.text for story, answer in zip(told, answers, strict=True)}


def _figures(outcome: Outcome, before: int, server: Server) -> dict[str, Any]:
    kinds = {kind.name: kind.figures() for kind in outcome.kinds}
    after = server.memory()
    growth = slope(outcome.looks)
    is_flat = growth * outcome.seconds / 2 <= STEADY * before
    faults = [line for kind in outcome.kinds for line in (*kind.errors, *kind.wrong)]
    asked = sum(len(kind.seconds) for kind in outcome.kinds)
    return {
        "seconds": round(outcome.seconds, 1),
        "requests_a_second": round(asked / outcome.seconds, 2),
        "kinds": kinds,
        "memory_at_start": before,
        "memory_at_end": after,
        "memory_most": max((look[1] for look in outcome.looks), default=0),
        "memory_slope": round(growth),
        "files_at_end": server.files(),
        "faults": faults[:20],
        "is_flat": is_flat,
        "is_well": is_flat and not faults,
    }


def _table(figures: dict[str, Any]) -> str:
    columns = ("requests", "errors", "wrong", "held_back", "p50", "p95", "p99", "longest")
    lines = [f"{figures['askers']} askers, {figures['seconds']} s, {figures['requests_a_second']} answers a second", ""]
    lines.append(f"{'':16}" + "".join(f"{name.replace('_', ' '):>11}" for name in columns))
    for name, found in figures["kinds"].items():
        lines.append(f"{name:16}" + "".join(f"{found[column]:>11}" for column in columns))
    first, last, most = (figures[name] / MEGABYTE for name in ("memory_at_start", "memory_at_end", "memory_most"))
    flat = "flat" if figures["is_flat"] else "NOT flat"
    lines += ["", f"memory: {first:.0f} MB after warm-up, {last:.0f} MB at the end, {most:.0f} MB at most ({flat})"]
    lines += [
        f"slope over the second half: {figures['memory_slope'] / 1000:+.1f} kB/s; open files: {figures['files_at_end']}"
    ]
    return "\n".join([*lines, *figures["faults"]])


if __name__ == "__main__":
    sys.exit(main())
