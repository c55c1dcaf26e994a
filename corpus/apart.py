"""A reader in a process of its own, which may be slow, run out of memory or crash without harm to this one.

Native parsers of old formats are where hostile files bite. The child reads bytes from standard input, writes JSON to
standard output, opens no file of the user's, and is bounded in time and memory.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from corpus.errors import ArticleError

__all__ = ["SINGLE_THREADED", "bound_here", "python_child", "read_apart", "serve"]

CPU_SECONDS = 60
"""Computing time for one file: 2,000 full pages of a PDF take about forty."""
WALL_SECONDS = 180
MEMORY_BYTES = 2_000_000_000
"""Address space beyond what Python and its libraries take; held where the system can hold it, as Linux can."""

OPEN_FILES = 64

_SET_PATH = "import json, sys; sys.path[:] = json.loads(sys.argv[1])"
SINGLE_THREADED = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

_is_bounded = False


def python_child(serve: str, *arguments: str) -> list[str]:
    """The command that starts Python with the import path of this process and calls ``serve``: "package.module.name".

    ``-P`` keeps the working folder out of it, where a file named as a module would be run: people work where they
    download.
    """
    module, _, name = serve.rpartition(".")
    program = f"{_SET_PATH}; from {module} import {name}; {name}(*sys.argv[2:])"
    return [sys.executable, "-P", "-c", program, json.dumps(sys.path), *arguments]


def read_apart(module: str, data: bytes, name: str) -> dict[str, Any]:
    """What ``module``'s function ``parse`` makes of ``data``, called in a child process.

    In a process that `bound_here` has bounded it is called right there. Raises `ArticleError` naming the file: what
    ``parse`` raised, or that the file took too much time or memory.
    """
    answer = _parse(module, data) if _is_bounded else _answer_of_child(module, data, name)
    if "error" in answer:
        raise ArticleError(f"{name}: {answer['error']}")
    return answer


def _answer_of_child(module: str, data: bytes, name: str) -> dict[str, Any]:
    try:
        child = subprocess.run(
            python_child("corpus.apart.serve", module),
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            env={**os.environ, **SINGLE_THREADED},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ArticleError(f"{name}: reading it takes too long; print it to a new PDF or save it as .txt") from error
    except OSError as error:
        raise ArticleError(f"{name}: no process can be started to read it ({error}); try again") from error
    try:
        answer = json.loads(child.stdout)
    except ValueError as error:
        raise ArticleError(
            f"{name}: reading it took too much time or memory; print it to a new PDF or save it as .txt"
        ) from error
    if not isinstance(answer, dict):
        raise ArticleError(f"{name}: its reader broke down; print it to a new PDF or save it as .txt")
    return answer


def serve(module: str) -> None:
    """The child's part: one file in, one JSON object out, under limits set once the libraries are loaded."""
    importlib.import_module(module)
    data = sys.stdin.buffer.read()
    bound_here()
    sys.stdout.buffer.write(json.dumps(_parse(module, data)).encode())


def _parse(module: str, data: bytes) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = importlib.import_module(module).parse(data)
    except ArticleError as error:
        return {"error": str(error)}
    except (MemoryError, RecursionError):
        return {"error": "it is too complex to read; print it to a new PDF or save it as .txt"}
    return answer


def bound_here() -> None:
    """Bound what this process may take from now on, for good; a child that reads several files does so for each.

    Computing time, memory and open files are limited, and no file can be written.
    """
    global _is_bounded
    _is_bounded = True
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit there
        return
    limits = {
        resource.RLIMIT_CPU: int(time.process_time()) + CPU_SECONDS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
    }
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limits[resource.RLIMIT_AS] = pages * resource.getpagesize() + MEMORY_BYTES
    for kind, limit in limits.items():
        _, hard = resource.getrlimit(kind)
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
