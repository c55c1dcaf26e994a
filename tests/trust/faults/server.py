"""Makes steps in child processes that it forks, so that hundreds of them cost no start of an interpreter.

Reads one JSON object a line and answers each with one: ``{"call", "step", "folder", "faults"?, "wide"?, "clock"?,
"files"?}`` -> ``{"result"}`` or ``{"error", "message"}``, and ``{"signal"}`` where the child was killed. ``clock``
moves the clock by seconds, ``files`` is how many files the child may have open.
"""

from __future__ import annotations

import ctypes
import gc
import io
import json
import os
import resource
import signal
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

from qa.cli import main as run_command
from qa.engine import Engine
from tests.trust.faults.steps import STEPS
from tests.trust.faults.survey import fresh_search, survey
from tests.trust.faults.toy import TOY

LATE = ("corpus.article_reader", "corpus.formats", "index.ingest", "index.passage_vectors", "qa.commands.add")
"""What steps load only when they get there: loaded before the forks."""
PATIENCE = 40
"""Seconds that one child may take."""


def command(line: str, folder: Path) -> dict[str, Any]:
    """Run a command line of ``qa``, in which FOLDER stands for the folder, with the toy vectors."""
    Engine.embedder = TOY  # type: ignore[assignment]
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run_command(line.replace("FOLDER", str(folder)).split())
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


CALLS: dict[str, Any] = {
    "prepare": lambda step, folder: STEPS[step].prepare(folder),
    "act": lambda step, folder: STEPS[step].act(folder),
    "command": command,
    "survey": lambda step, folder: survey(STEPS[step], folder),
    "fresh": lambda step, folder: fresh_search(STEPS[step], folder),
}


def serve(request: dict[str, Any]) -> dict[str, Any]:
    """Do what was asked for in a child and tell what became of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as answers:
            json.dump(_answer(request), answers)
            answers.flush()
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answers:
        text = answers.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return {"signal": signal.Signals(os.WTERMSIG(status)).name}
    return dict(json.loads(text)) if text else {"error": "Exit", "message": f"ended with status {status}"}


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    signal.alarm(PATIENCE)
    try:
        shim = ctypes.CDLL(os.environ["LD_PRELOAD"])
        shim.faults_clock(ctypes.c_long(request.get("clock", 0)))
        if request.get("files"):
            resource.setrlimit(resource.RLIMIT_NOFILE, (request["files"],) * 2)
        if request.get("faults") and (error := shim.faults_arm(request["faults"].encode(), request.get("wide", 0))):
            return {"error": "Unarmed", "message": os.strerror(-error)}
        return {"result": CALLS[request["call"]](request["step"], Path(request["folder"]))}
    except BaseException as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        return {"error": kinds, "message": str(error), "trace": traceback.format_exc()}


def main() -> None:
    """Serve until the input ends."""
    for name in LATE:
        import_module(name)
    gc.freeze()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever prints is no answer
    for line in sys.stdin:
        answers.write(json.dumps(serve(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
