"""What is installed, against the public lists of known holes; or written down as a bill of materials (CycloneDX).

python scripts/audit.py holes            the exit code is 1 where a hole is known, and 0 where nobody can be asked
python scripts/audit.py bill FILE.json
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("pypi", "osv")
HASH = re.compile(r" *\\\n +--hash=\S+")


def locked() -> str:
    """The lock with its hashes and torch, which is installed beside it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    torch = next(str(line) for line in project["dependencies"] if line.startswith("torch=="))
    return (ROOT / "requirements.lock").read_text(encoding="utf-8") + torch + "\n"


def holes() -> int:
    """Ask one service after the other until one knows the packages; the exit code."""
    found: list[dict[str, Any]] = []
    for service in SERVICES:
        found = _asked(service)
        if any("vulns" in package for package in found):
            break
    wrong = [package for package in found if package.get("vulns")]
    unknown = [package["name"] for package in found if "vulns" not in package]
    for package in wrong:
        for hole in package["vulns"]:
            mended = ", ".join(hole.get("fix_versions", ())) or "no version yet"
            print(f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}")
    if not found or len(unknown) == len(found):
        print("WARNING: nothing was checked: no service that lists known holes can be reached from here.")
        return 0
    if unknown:
        print(f"WARNING: {len(unknown)} packages are not known there and were not checked: {', '.join(unknown)}")
    print(f"{len(found) - len(unknown)} packages checked, {len(wrong)} with a known hole.")
    return 1 if wrong else 0


def _asked(service: str) -> list[dict[str, Any]]:
    """What a service says of each package; nothing where it cannot be reached."""
    with tempfile.TemporaryDirectory() as folder:
        plain, told = Path(folder) / "plain.txt", Path(folder) / "told.json"
        plain.write_text(HASH.sub("", locked()), encoding="utf-8")
        command = ["-m", "pip_audit", "--requirement", str(plain), "--no-deps", "--disable-pip"]
        command += ["--vulnerability-service", service, "--progress-spinner", "off", "--timeout", "10"]
        command += ["--format", "json", "--output", str(told)]
        subprocess.run([sys.executable, *command], check=False, stderr=subprocess.DEVNULL)
        if not told.is_file() or not told.stat().st_size:
            return []
        return list(json.loads(told.read_text(encoding="utf-8"))["dependencies"])


def bill(into: Path) -> int:
    """Write the bill of materials; the exit code of the tool that does."""
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder) / "requirements.txt"
        lock.write_text(locked(), encoding="utf-8")
        command = ["-W", "ignore", "-m", "cyclonedx_py", "requirements", str(lock), "--output-reproducible"]
        command += ["--pyproject", str(ROOT / "pyproject.toml"), "--of", "JSON", "--output-file", str(into)]
        done = subprocess.run([sys.executable, *command], check=False)
    if done.returncode == 0:
        parts = json.loads(into.read_text(encoding="utf-8"))["components"]
        print(f"{into}: {len(parts)} packages")
    return done.returncode


def main(arguments: Sequence[str]) -> int:
    """Run one of the two; the exit code."""
    if list(arguments) == ["holes"]:
        return holes()
    if len(arguments) == 2 and arguments[0] == "bill":
        return bill(Path(arguments[1]))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
