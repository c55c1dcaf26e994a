"""``python -m tests.trust.table FILE...``: the accounts of several runs of the trust suite, as one table."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

__all__ = ["TITLE", "Tallies", "save_tallies", "table"]

Tallies = Mapping[str, tuple[int, int]]
"""Cases, and how many of them survived, by what was tried."""

TITLE = "trust: what was tried"


def table(tallies: Tallies) -> Iterator[tuple[str, bool]]:
    """The lines, each with whether something in it fell."""
    width = max(len(what) for what in [*tallies, "all together"])
    yield f"{'':{width}}  {'cases':>9}  {'survived':>9}", False
    totals = [sum(figures) for figures in zip(*tallies.values(), strict=True)]
    for what, (cases, survived) in [*sorted(tallies.items()), ("all together", (totals[0], totals[1]))]:
        yield f"{what:{width}}  {cases:>9,}  {survived:>9,}", survived < cases


def save_tallies(tallies: Tallies, path: Path) -> None:
    """Write an account for ``python -m tests.trust.table`` to read."""
    path.write_text(json.dumps(tallies), encoding="utf-8")


def _main(paths: list[str]) -> None:
    cases: Counter[str] = Counter()
    survived: Counter[str] = Counter()
    for path in map(Path, paths):
        for what, figures in (json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}).items():
            cases[what] += figures[0]
            survived[what] += figures[1]
    if cases:
        print(f" {TITLE} ".center(80, "="))
        print(*(line for line, _ in table({what: (cases[what], survived[what]) for what in cases})), sep="\n")


if __name__ == "__main__":
    _main(sys.argv[1:])
