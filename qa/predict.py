"""Lines of questions to lines of answers, in order: what ``qa predict`` reads and writes.

A line that cannot be used gets an ``error`` in its place, and the others go on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from corpus.errors import InputError
from qa.batch import Answerer, Asked, Refusal
from qa.followup import Message
from qa.question import checked_question
from qa.types import Answer

__all__ = ["Task", "answer_tasks", "parse_history", "read_tasks"]

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Task:
    """One input line: ``asked`` or, where the line cannot be used, ``problem``; ``id`` is ``None`` if it has none."""

    id: str | int | None = None
    asked: Asked | None = None
    problem: str | None = None


def read_tasks(lines: Iterable[bytes]) -> Iterator[Task]:
    """A task for each line that is not blank; one that cannot be used says so with its line number."""
    for number, line in enumerate(lines, 1):
        line = line.removeprefix(_BOM) if number == 1 else line
        if line.strip():
            yield _read_task(line, number)


def answer_tasks(tasks: Iterable[Task], answerer: Answerer, batch: int) -> Iterator[dict[str, Any]]:
    """The JSON-ready object of each task's answer or error, in order; read and answered ``batch`` at a time."""
    waiting = iter(tasks)
    while some := list(islice(waiting, batch)):
        answers = iter(answerer.answer([task.asked for task in some if task.asked is not None]))
        yield from (_record(task, None if task.asked is None else next(answers)) for task in some)


def parse_history(raw: object) -> tuple[Message, ...]:
    """The turns before a question, from JSON; ``InputError`` unless each has a role and content in words."""
    turns: Sequence[Any] = raw if isinstance(raw, list) else [None]
    for turn in turns:
        if not (
            isinstance(turn, dict)
            and turn.get("role") in ("user", "assistant")
            and isinstance(turn.get("content"), str)
        ):
            raise InputError('"history" must be a list of {"role": "user" or "assistant", "content": "..."}')
    return tuple({"role": turn["role"], "content": turn["content"]} for turn in turns)


def _read_task(line: bytes, number: int) -> Task:
    task_id: str | int | None = None
    try:
        fields = _fields(line)
        task_id = _id(fields.get("id"))
        return Task(task_id, _asked(fields))
    except InputError as error:
        return Task(task_id, problem=f"line {number}: {error}")


def _fields(line: bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8 text; save the file in UTF-8") from error
    except json.JSONDecodeError as error:
        raise InputError(
            f"not JSON ({error.msg} at character {error.pos + 1}); write one JSON object a line"
        ) from error
    except (ValueError, RecursionError) as error:  # a number of too many digits, brackets too deep
        raise InputError(f"not usable as JSON ({error}); write one JSON object a line") from error
    if not isinstance(fields, dict):
        raise InputError('not a JSON object; write {"id": ..., "question": "..."} on each line')
    return fields


def _id(raw: object) -> str | int | None:
    if raw is None or isinstance(raw, str) or (isinstance(raw, int) and not isinstance(raw, bool)):
        return raw
    raise InputError('"id" must be a text or a whole number')


def _asked(fields: Mapping[str, Any]) -> Asked:
    question, context = fields.get("question"), fields.get("context")
    if not isinstance(question, str):
        raise InputError('no "question"; give each line a question in words')
    if not (context is None or isinstance(context, str)):
        raise InputError('"context" must be a text')
    history = fields.get("history")
    return Asked(checked_question(question), () if history is None else parse_history(history), context)


def _record(task: Task, found: Answer | Refusal | None) -> dict[str, Any]:
    head = {} if task.id is None else {"id": task.id}
    if isinstance(found, Answer):
        return {**head, **found.to_dict()}
    return {**head, "error": task.problem if found is None else str(found)}
