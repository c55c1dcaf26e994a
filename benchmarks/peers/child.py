"""The process one project runs in: requests come as JSON lines on standard input, results go to standard output.

A request is ``{"do": ..., ...}``; its result holds ``seconds``, taken around the project's own call alone, so that
neither starting the process nor talking to it is counted. The project may print what it likes: its output is turned
away from the pipe.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.peers.protocol import Document, Peer, Reply, Setup

__all__ = ["Served", "peak_megabytes", "serve"]

Handler: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]


class Served:
    """One project behind requests."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._peer: Peer | None = None
        self._handlers: dict[str, Handler] = {
            "open": self._open,
            "index": self._index,
            "ask": self._ask,
            "memory": lambda _: {"megabytes": peak_megabytes()},
        }

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """The result of one request; a missing package or an error of the project's is told, not raised."""
        try:
            return self._handlers[request["do"]](request)
        except ImportError as error:
            return {"missing": error.name or str(error), "error": _line(error)}
        except Exception as error:  # whatever the project raises belongs into the comparison
            return {"error": _line(error)}

    def _open(self, request: dict[str, Any]) -> dict[str, Any]:
        setup = Setup.from_dict(request["setup"])
        started = time.perf_counter()
        self._peer = import_module(self._module).open_peer(setup)
        return {"seconds": time.perf_counter() - started, "versions": dict(self._opened().versions)}

    def _index(self, request: dict[str, Any]) -> dict[str, Any]:
        documents = [Document(**raw) for raw in request["documents"]]
        started = time.perf_counter()
        self._opened().index(documents)
        return {"seconds": time.perf_counter() - started}

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        question, context = request["question"], request.get("context")
        peer = self._opened()
        started = time.perf_counter()
        try:
            reply = peer.answer(question) if context is None else peer.read(question, context)
        except Exception as error:
            reply = Reply(failure=_line(error))
        return {"seconds": time.perf_counter() - started, "reply": asdict(reply)}

    def _opened(self) -> Peer:
        if self._peer is None:
            raise RuntimeError("the first request must be to open the project")
        return self._peer


def peak_megabytes() -> float:
    """The most memory this process has held, in MiB."""
    try:
        # Not ru_maxrss where this can be read: Linux carries the starting process's own peak over into it.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def serve(module: str) -> None:
    """Answer requests until standard input ends."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as results:
        os.dup2(2, 1)
        served = Served(module)
        for line in sys.stdin:
            results.write(json.dumps(served.handle(json.loads(line))) + "\n")
            results.flush()


def _line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


if __name__ == "__main__":
    serve(sys.argv[1])
