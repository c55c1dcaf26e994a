"""The chat as a process of its own, and what it takes of the machine."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Server", "serving"]

ROOT = Path(__file__).resolve().parents[2]
START = 300.0
"""Seconds that the models may take to load on a busy machine."""


@dataclass(frozen=True, slots=True)
class Server:
    """A chat that is up; its memory is known where the system tells it (Linux)."""

    url: str
    process: int

    def memory(self) -> int:
        """Resident bytes of the server, without the processes that read uploads; 0 where nobody tells."""
        try:
            status = Path(f"/proc/{self.process}/status").read_text(encoding="ascii")
        except OSError:
            return 0
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) * 1024 if found else 0

    def files(self) -> int:
        """Files and sockets that it has open; 0 where nobody tells."""
        try:
            return sum(1 for _ in Path(f"/proc/{self.process}/fd").iterdir())
        except OSError:
            return 0


@contextmanager
def serving(library: Path, folder: Path) -> Iterator[Server]:
    """The chat over a library, ready; stopped at the end. Raises ``RuntimeError`` with what it printed."""
    log = folder / "server.txt"
    port = _free_port()
    command = [sys.executable, str(ROOT / "app.py"), "--port", str(port), "--library", str(library)]
    command += ["--ratings", str(folder / "ratings.jsonl")]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        deadline = time.monotonic() + START
        while "ready" not in log.read_text(encoding="utf-8"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')}")
            time.sleep(0.1)
        yield Server(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
