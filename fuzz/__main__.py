"""``python -m fuzz``: every reader under atheris, which looks for inputs that reach new code; finds are kept.

Each target runs in a process of its own, since a find, and a crash in a native parser, ends it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from random import Random

from fuzz.mutations import hostile_input

ROOT = Path(__file__).parent
FOUND, CORPUS = ROOT / "found", ROOT / "corpus"
NAMES = (
    *("txt", "md", "html", "docx", "pdf", "sidecar", "gold", "ratings", "predict", "resume", "records"),
    *("config", "confidence", "checksums", "stored", "answer", "link"),
)
LARGEST = 65_536
SECONDS_OF_ONE = 30
MEGABYTES = 3_000


def main() -> int:
    """Run the targets one after the other; 1 where one of them found something."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("names", metavar="TARGET", nargs="*", help=f"some of: {', '.join(NAMES)} (default: all)")
    parser.add_argument("--minutes", type=float, default=5.0, help="for all together (default: %(default)s)")
    options = parser.parse_args()
    names = options.names or NAMES
    if unknown := set(names) - set(NAMES):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    seconds = max(1, round(options.minutes * 60 / len(names)))
    fallen = [name for name in names if not _run(name, seconds)]
    for name in fallen:
        print(f"{name}: see {FOUND / name}; run one again with: python -m fuzz.drive {name} FILE")
    print(f"{len(names) - len(fallen)} of {len(names)} targets held for {seconds} seconds each")
    return 1 if fallen else 0


def _run(name: str, seconds: int) -> bool:
    """Whether a target held."""
    found, corpus = FOUND / name, CORPUS / name
    for folder in (found, corpus):
        folder.mkdir(parents=True, exist_ok=True)
    for seed in range(100):
        (corpus / f"made-{seed}").write_bytes(hostile_input(name, Random(seed)))  # noqa: S311
    limits = [f"-max_total_time={seconds}", f"-timeout={SECONDS_OF_ONE}", f"-rss_limit_mb={MEGABYTES}"]
    shape = [f"-max_len={LARGEST}", f"-artifact_prefix={found}/", "-print_final_stats=1", "-verbosity=1"]
    print(f"{name}: {seconds} seconds", flush=True)
    command = [sys.executable, "-m", "fuzz.drive", name, str(corpus), *limits, *shape]
    with (found / "log.txt").open("wb") as log:
        return subprocess.run(command, stdout=log, stderr=log, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
