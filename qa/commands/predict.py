"""``qa predict``: a file of questions to a file of answers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from corpus.errors import InputError
from qa.batch import Answerer
from qa.commands import options as shared
from qa.commands.printable import inert_json
from qa.commands.progress import progress
from qa.predict import Task, answer_tasks, read_tasks
from qa.resume import Written, read_written, without_written

__all__ = ["add_command"]

BATCH = 32
EXAMPLES = """\
  qa predict --input questions.jsonl --output answers.jsonl --library my-library
  qa predict --input questions.jsonl --output answers.jsonl --resume
  qa predict --input - --output - --batch 1 < questions.jsonl
"""


def add_command(commands: shared.Commands) -> None:
    """Declare ``qa predict``."""
    parser = shared.declare(commands, "predict", run, "answer a file of questions, one JSON object a line", EXAMPLES)
    parser.add_argument(
        "--input", metavar="FILE", type=shared.path, required=True, help="questions; - for standard input"
    )
    parser.add_argument(
        "--output", metavar="FILE", type=shared.path, required=True, help="answers; - for standard output"
    )
    shared.add_library(parser)
    parser.add_argument(
        "--batch",
        metavar="N",
        type=shared.positive,
        default=BATCH,
        help="lines answered together (default: %(default)s)",
    )
    parser.add_argument("--resume", action="store_true", help="go on where an interrupted run stopped")
    shared.add_models(parser)


def run(options: argparse.Namespace) -> int:
    """Answer every line; 1 where some could not be answered."""
    written = _written(options)
    models = Answerer(options.library, embedder=options.embedder, reader=options.reader)
    with _reading(options.input) as lines, _writing(options.output) as output, models as answerer:
        tasks = without_written(read_tasks(lines), written, Path(options.output))
        total, failed = _answer(options, tasks, answerer, output, written)
    if failed:
        print(f'qa: {failed} of {total} lines could not be answered; see their "error"', file=sys.stderr)
    return 1 if failed else 0


def _answer(
    options: argparse.Namespace, tasks: Iterable[Task], answerer: Answerer, output: BinaryIO, written: Written
) -> tuple[int, int]:
    """How many lines the output holds in the end, and how many of them are errors."""
    total, failed = len(written.ids), written.failed
    in_the_way = options.output == "-" and sys.stdout.isatty()
    with progress("Answering", _count(options.input, total), "questions", shown=not in_the_way) as advance:
        for record in _once_begun(answer_tasks(tasks, answerer, options.batch), output, written.size):
            output.write(_line(record))
            output.flush()
            total, failed = total + 1, failed + ("error" in record)
            advance(1)
    return total, failed


def _written(options: argparse.Namespace) -> Written:
    if "-" not in (options.input, options.output) and _same_file(options.input, options.output):
        raise InputError(f"{options.output}: input and output are one file; name another output")
    if not options.resume:
        return Written()
    if options.output == "-":
        raise InputError("--resume needs an output file; name one with --output")
    try:
        return read_written(Path(options.output))
    except OSError as error:
        raise _cannot("read", options.output, error) from error


def _same_file(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except OSError:  # one of them does not exist yet
        return False


@contextmanager
def _reading(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below; only opening it is our own error
    except OSError as error:
        raise _cannot("read", name, error) from error
    with file:
        yield file


@contextmanager
def _writing(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdout.buffer
        return
    try:
        file = Path(name).open("ab")  # noqa: SIM115 - as above
    except OSError as error:
        raise _cannot("write", name, error) from error
    with file:
        yield file


def _once_begun(records: Iterator[dict[str, Any]], output: BinaryIO, keep: int) -> Iterator[dict[str, Any]]:
    """The records; the output is cut to its first ``keep`` bytes when the first batch is answered.

    Not earlier: a mistaken command (a missing library, another run's output) must not cost what the file holds.
    """
    first = list(islice(records, 1))
    if output is not sys.stdout.buffer:
        output.truncate(keep)
    yield from chain(first, records)


def _cannot(what: str, name: str, error: OSError) -> InputError:
    return InputError(f"cannot {what} {name}: {error.strerror or error}; check the path and its permissions")


def _line(record: dict[str, Any]) -> bytes:
    # An id may hold half a character, which only an escape can carry; the escape is JSON's own.
    return (inert_json(json.dumps(record, ensure_ascii=False)) + "\n").encode("utf-8", "backslashreplace")


def _count(name: str, done: int) -> int | None:
    """The lines left to answer, for the progress bar; ``None`` for a stream."""
    if name == "-" or not sys.stderr.isatty() or not Path(name).is_file():
        return None
    with Path(name).open("rb") as file:
        return max(0, sum(1 for line in file if line.strip()) - done)
