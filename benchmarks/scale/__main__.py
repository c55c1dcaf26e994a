"""How the program behaves from a thousand to a million passages: adding, size, opening, searching, answering.

::

    python -m benchmarks.scale                              # 1,000 / 10,000 / 100,000 / 1,000,000 passages
    python -m benchmarks.scale --sizes 1000 10000 --embed 1000 --json figures.json

Up to ``--embed`` passages are article files that go the whole way of ``qa add``. Larger libraries are filled with the
same kind of passages whose vectors are put together from those of their sentences, since embedding a million takes
hours here: their adding rate is the store's alone. ``benchmarks/scale/archive.py`` tells how the archive is made.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.scale.table import render

ROOT: Final = Path(__file__).parents[2]
SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="passages")
    parser.add_argument("--embed", type=int, default=10_000, help="embed up to this many passages for real")
    parser.add_argument("--texts", type=Path, default=ROOT / "training" / "written", help="where sentences come from")
    parser.add_argument(
        "--folder", type=Path, help="where to make the libraries, kept afterwards (else a temporary one)"
    )
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args(arguments)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="qa-scale-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        figures = {size: _measure(folder, options.texts, size, size <= options.embed) for size in sorted(options.sizes)}
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(render(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def _measure(folder: Path, texts: Path, passages: int, is_embedded: bool) -> dict[str, float]:
    library = folder / f"library-{passages}"
    made = library.with_suffix(".json")
    if not made.exists():  # a half-made one of an interrupted run is begun again
        shutil.rmtree(library, ignore_errors=True)
        steps = ("ingest" if is_embedded else "fill", "build")
        figures = {name: value for step in steps for name, value in _step(step, library, texts, passages).items()}
        made.write_text(json.dumps(figures), encoding="utf-8")
    figures = {**json.loads(made.read_text(encoding="utf-8")), **_step("probe", library, texts, passages)}
    figures["disk_mb"] = math.fsum(file.stat().st_size for file in library.rglob("*") if file.is_file()) / 1e6
    return figures


def _step(step: str, library: Path, texts: Path, passages: int) -> dict[str, float]:
    print(f"{passages:,} passages: {step}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks.scale.child", step, str(library), str(texts), str(passages)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    print(f"  {json.dumps({name: round(value, 2) for name, value in found.items()})}", file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    raise SystemExit(main())
