"""The test's side of the faults: builds the shim, keeps the server that forks, names what is to go wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path
from typing import Any, Literal, Self

__all__ = ["CHANGES", "Fault", "Kind", "Server", "build_shim", "why_not"]

ROOT = Path(__file__).resolve().parents[3]
SOURCE = Path(__file__).with_name("shim.c")
COUNTED = 16384  # MOST in shim.c


class Kind(IntFlag):
    """Operations on files; the same numbers stand in shim.c."""

    CREATE = 1
    WRITE = 2
    SYNC = 4
    TRUNCATE = 8
    RENAME = 16
    UNLINK = 32
    LINK = 64
    MKDIR = 128
    RMDIR = 256
    OPEN = 512
    READ = 1024
    MARK = 2048


CHANGES = Kind(511)
"""All that alter what a disk holds, or have it kept."""

ACTIONS = {"nothing": 0, "kill": 1, "tear": 2, "fail": 3, "shorten": 4}
Action = Literal["nothing", "kill", "tear", "fail", "shorten"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at the ``at``-th operation of ``kinds``, counted from 1.

    The process is killed before it, or after half of a write ("tear"); the operation fails with ``error``, and with
    ``lasting`` so do all after it; or only half of it is written ("shorten").
    """

    action: Action = "nothing"
    at: int = 0
    kinds: Kind = CHANGES
    error: int = 0
    lasting: bool = False

    def text(self, root: Path, state: Path, log: Path | None) -> str:
        """The fault as the shim reads it."""
        numbers = (int(self.kinds), ACTIONS[self.action], self.error, int(self.lasting), self.at)
        return "\n".join(map(str, (*numbers, root, state, log or "-")))


def why_not() -> str | None:
    """Why no faults can be made on this machine; ``None`` where they can."""
    if not sys.platform.startswith("linux") or os.uname().machine not in ("x86_64", "aarch64"):
        return "faults are made with seccomp, on Linux with x86-64 or arm64 only"
    if shutil.which("cc") is None:
        return "faults need a C compiler: sh scripts/system.sh faults"
    return None


def build_shim(folder: Path) -> Path:
    """Compile the shim into ``folder``."""
    made = folder / "faults.so"
    command = ["cc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", made, SOURCE]
    subprocess.run([str(part) for part in command], check=True)
    return made


class Server:
    """The process that makes steps in children of its own; ``folder`` is for its files."""

    def __init__(self, shim: Path, folder: Path) -> None:
        self.shim = shim
        self.state = folder / "state"
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.trust.faults.server"],
            cwd=ROOT,
            env={**os.environ, **threads, "LD_PRELOAD": str(shim)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def call(
        self,
        call: str,
        step: str,
        folder: Path,
        fault: Fault | None = None,
        *,
        log: Path | None = None,
        **options: int,
    ) -> dict[str, Any]:
        """Have ``call`` made in a child, under a fault if one is given; what became of it.

        ``clock`` seconds move the child's clock, ``files`` limits how many it may have open.
        """
        request: dict[str, Any] = {"call": call, "step": step, "folder": str(folder), **options}
        if fault is not None:
            self.state.unlink(missing_ok=True)
            request["faults"] = fault.text(folder, self.state, log)
            request["wide"] = int(bool(fault.kinds & (Kind.OPEN | Kind.READ)))
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def done(self, call: str, step: str, folder: Path, **options: Any) -> Any:
        """The result of a call that must go well."""
        answer = self.call(call, step, folder, **options)
        if "result" not in answer:
            raise AssertionError(f"{call} of {step}: {answer.get('trace') or answer}")
        return answer["result"]

    @property
    def counted(self) -> list[Kind]:
        """The operations of the last call with a fault, in order."""
        data = self.state.read_bytes()
        count = int.from_bytes(data[:8], sys.byteorder)
        kinds = memoryview(data)[16 : 16 + 2 * min(count, COUNTED)].cast("H")
        return [Kind(kind) for kind in kinds]

    @property
    def fired(self) -> bool:
        """Whether the last call met its fault."""
        return self.state.read_bytes()[12:16] != bytes(4)


@contextmanager
def working_copy(base: Path, folder: Path) -> Iterator[Path]:
    """A copy of ``base`` in the new ``folder``, deleted afterwards."""
    shutil.copytree(base, folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def spread(points: Iterable[Any], most: int) -> list[Any]:
    """At most so many of the points, evenly from the first to the last."""
    points = list(points)
    if len(points) <= most:
        return points
    return [points[round(place * (len(points) - 1) / (most - 1))] for place in range(most)]
