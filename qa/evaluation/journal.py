"""Outcomes on disk as they come, one JSON object a line, so that an interrupted evaluation can go on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from corpus.closing import Closing
from corpus.errors import InputError
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.outcome import Outcome
from qa.evaluation.record import fingerprint, from_record, to_record
from qa.resume import whole_lines

__all__ = ["Journal"]


class Journal(Closing):
    """A file of outcomes of one run; ``run`` is the digest of its setup, which every line carries."""

    def __init__(self, path: Path, run: str) -> None:
        self._path = path
        self._run = run
        self._size = 0
        self._file: BinaryIO | None = None

    def close(self) -> None:
        """Close the file; ``InputError`` where the last of it cannot be written."""
        if self._file is not None:
            with self._explaining("written"):
                self._file.close()

    def read(self, questions: Iterable[GoldQuestion]) -> dict[str, Outcome]:
        """The finished outcomes, by id, of those of the questions that the file has.

        ``InputError`` where the file is something else, or is about another gold file, library or model. A question
        that is not among ``questions`` (of another ``--set``) stays in the file. A torn last line is dropped, and so
        is what a power cut left of the end of the file: all from the first line that is no JSON, if it is not line 1.
        """
        asked = {gold.id: gold for gold in questions}
        found: dict[str, Outcome] = {}
        with self._explaining("read"):
            lines = list(whole_lines(self._path))
        for number, line in enumerate(lines, 1):
            record = self._record(line, number)
            if record is None:
                break
            gold = asked.get(record["id"])
            if gold is not None:
                if record["fingerprint"] != fingerprint(gold):
                    raise self._other(number, "asks or accepts something else than the gold file does now")
                found[gold.id] = self._outcome(record, gold, number)
            self._size += len(line)
        return found

    def add(self, outcome: Outcome) -> None:
        """Append one outcome, and hand it to the system at once; ``InputError`` where that cannot be written."""
        line = json.dumps({"run": self._run, **to_record(outcome)}, ensure_ascii=False) + "\n"
        with self._explaining("written"):
            if self._file is None:
                # Not earlier: a mistaken command (a missing library, a damaged model) must not cost what the file has.
                self._file = self._path.open("ab")
                self._file.truncate(self._size)
            self._file.write(line.encode("utf-8", "backslashreplace"))
            self._file.flush()

    @contextmanager
    def _explaining(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or error
            raise InputError(
                f"{self._path}: cannot be {what} ({reason}); check the disk, then go on with --resume"
            ) from error

    def _record(self, line: bytes, number: int) -> dict[str, Any] | None:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            # After a power cut blocks of a file that were not yet on the disk may read as zeros, others not.
            if number > 1:
                return None
            record = None
        if not isinstance(record, dict) or not {"run", "id", "fingerprint"} <= record.keys():
            raise InputError(f"{self._path}: line {number} was not written by qa evaluate; name another file")
        if record["run"] != self._run:
            raise self._other(number, "was answered by another library, model or --batch, or with or without --fast")
        return record

    def _outcome(self, record: Mapping[str, Any], gold: GoldQuestion, number: int) -> Outcome:
        try:
            return from_record(record, gold)
        except (KeyError, TypeError, IndexError) as error:
            raise InputError(f"{self._path}: line {number} is damaged; leave out --resume to start anew") from error

    def _other(self, number: int, why: str) -> InputError:
        return InputError(f"{self._path}: line {number} {why}; leave out --resume to start anew")
