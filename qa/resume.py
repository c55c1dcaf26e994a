"""What an interrupted run has written already, and how ``qa predict`` goes on behind it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InputError
from qa.predict import Task

__all__ = ["Written", "read_written", "whole_lines", "without_written"]


@dataclass(frozen=True, slots=True)
class Written:
    """The complete lines of an output: the id of each, how many hold errors, and where in the file they end."""

    ids: tuple[str | int | None, ...] = ()
    failed: int = 0
    size: int = 0


def read_written(path: Path) -> Written:
    """The complete lines in ``path``; a torn last line is not counted. ``InputError`` if the file is something else."""
    ids: list[str | int | None] = []
    failed = size = 0
    for line in whole_lines(path):
        record = _record(line, path, len(ids) + 1)
        ids.append(record.get("id"))
        failed += "error" in record
        size += len(line)
    return Written(tuple(ids), failed, size)


def whole_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file with their ends, none if there is no file; a last line that was torn is left out."""
    if path.exists():
        with path.open("rb") as file:
            yield from (line for line in file if line.endswith(b"\n"))


def without_written(tasks: Iterable[Task], written: Written, path: Path) -> Iterator[Task]:
    """The tasks behind those written; ``InputError`` where the output does not belong to these tasks."""
    left = iter(tasks)
    for number, task_id in enumerate(written.ids, 1):
        task = next(left, None)
        if task is None or task.id != task_id:
            raise InputError(f"{path}: line {number} answers another input; leave out --resume to start anew")
    yield from left


def _record(line: bytes, path: Path, number: int) -> dict[str, str | int | None]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict) or not {"answer", "error"} & record.keys():
        raise InputError(f"{path}: line {number} was not written by qa predict; name another output")
    return record
