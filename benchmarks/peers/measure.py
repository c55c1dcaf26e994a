"""Runs the projects in processes of their own, by turns, and collects what they said and how long they took.

All processes stay up while a block of questions goes from one to the next, so that what is compared was measured
within the same seconds, whatever else the machine does. The order turns with every block.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.peers.protocol import Document, Reply, Setup
from corpus.errors import InputError
from qa.evaluation.gold import GoldQuestion

__all__ = ["BLOCK", "Child", "Entrant", "Measured", "blocks_of", "measure"]

BLOCK = 16
"""Questions that one project answers before the next one's turn."""

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Entrant:
    """A project to measure: its name in the table, its module here, the interpreter that has its packages."""

    name: str
    module: str
    python: str


@dataclass(slots=True)
class Measured:
    """What one project did: its replies in the questions' order, and its times.

    ``opening`` is the seconds to import it and load its models; ``indexing`` those of each round; ``asking`` the
    seconds of each question, a list for each block of each round. ``megabytes`` is its process's peak memory.
    """

    name: str
    versions: dict[str, str]
    opening: float
    replies: list[Reply] = field(default_factory=list)
    indexing: list[float] = field(default_factory=list)
    asking: list[list[float]] = field(default_factory=list)
    megabytes: float = 0.0


class Child:
    """One project's process."""

    def __init__(self, entrant: Entrant, threads: int) -> None:
        if not Path(entrant.python).exists():
            raise InputError(f"{entrant.name} is not installed: no {entrant.python}; run: make bench")
        self._entrant = entrant
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [entrant.python, "-m", "benchmarks.peers.child", entrant.module],
            cwd=ROOT,
            env=_environment(threads),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._process:
            if kind is not None:
                self._process.kill()
        self._errors.close()

    def request(self, do: str, **fields: Any) -> dict[str, Any]:
        """The result of one request; ``InputError`` where the project could not do it."""
        assert self._process.stdin is not None  # noqa: S101 - both are pipes
        assert self._process.stdout is not None  # noqa: S101
        try:
            self._process.stdin.write(json.dumps({"do": do, **fields}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended, which reading finds as well
        line = self._process.stdout.readline()
        if not line:
            raise InputError(f"{self._entrant.name} ended unasked: {self._last_words()}; run: make bench")
        result: dict[str, Any] = json.loads(line)
        if missing := result.get("missing"):
            raise InputError(f"{self._entrant.name} needs {missing}, which is not installed; run: make bench")
        if error := result.get("error"):
            raise InputError(f"{self._entrant.name} failed to {do}: {error}; leave it out with --peers")
        return result

    def _last_words(self) -> str:
        self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().strip().splitlines()
        return lines[-1] if lines else f"exit code {self._process.returncode}"


def measure(
    entrants: Sequence[Entrant],
    setup: Setup,
    documents: Sequence[Document],
    questions: Sequence[GoldQuestion],
    *,
    rounds: int = 3,
) -> list[Measured]:
    """Every project over the same questions, ``rounds`` times; the replies are those of the first round."""
    with ExitStack() as stack:
        children = [stack.enter_context(Child(entrant, setup.threads)) for entrant in entrants]
        found = [_open(child, entrant, setup) for child, entrant in zip(children, entrants, strict=True)]
        turns = list(zip(children, found, strict=True))
        for number in range(rounds):
            _round(turns, documents, questions, number)
        for child, measured in turns:
            measured.megabytes = float(child.request("memory")["megabytes"])
    return found


def blocks_of(questions: Sequence[GoldQuestion], size: int = BLOCK) -> Iterator[Sequence[GoldQuestion]]:
    """The questions in blocks of ``size``; the last one may be shorter."""
    for start in range(0, len(questions), size):
        yield questions[start : start + size]


def _open(child: Child, entrant: Entrant, setup: Setup) -> Measured:
    result = child.request("open", setup=asdict(setup))
    return Measured(entrant.name, result["versions"], result["seconds"])


def _round(
    turns: Sequence[tuple[Child, Measured]],
    documents: Sequence[Document],
    questions: Sequence[GoldQuestion],
    number: int,
) -> None:
    if documents:
        given = [asdict(document) for document in documents]
        for child, measured in _turned(turns, number):
            measured.indexing.append(child.request("index", documents=given)["seconds"])
    for place, block in enumerate(blocks_of(questions)):
        for child, measured in _turned(turns, number + place):
            _ask(child, block[0])  # not counted: it finds the caches full of another project's work
            results = [_ask(child, gold) for gold in block]
            measured.asking.append([result["seconds"] for result in results])
            if number == 0:
                measured.replies.extend(Reply.from_dict(result["reply"]) for result in results)


def _ask(child: Child, gold: GoldQuestion) -> dict[str, Any]:
    return child.request("ask", question=gold.asked.question, context=gold.asked.context)


def _turned(turns: Sequence[tuple[Child, Measured]], by: int) -> Sequence[tuple[Child, Measured]]:
    first = by % len(turns)
    return [*turns[first:], *turns[:first]]


def _environment(threads: int) -> dict[str, str]:
    """Equal threads for all, nothing fetched from a hub and nothing reported to anybody."""
    return {
        **os.environ,
        "OMP_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "TOKENIZERS_PARALLELISM": "false",
    }
