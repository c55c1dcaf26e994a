"""What became of the files of one ``qa add``: counted as they go in, told at the end in words or as JSON."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.files import ReadFailure
from corpus.library import Held
from qa.commands.printable import one_line

if TYPE_CHECKING:
    from index.ingest import Ingested

__all__ = ["Tally"]

NAMED_FAILURES = 20
"""Files that failed are named up to this many; ``--json`` names all."""


@dataclass(slots=True)
class Tally:
    """Counts; names only where they are told (``named``), as memory must not grow with the number of files."""

    named: bool
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[ReadFailure] = field(default_factory=list)
    names: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """Files that are done, whatever became of them."""
        return sum(self.counts[state] for state in ("added", "replaced", "unchanged", "left_out", "failed"))

    def count(self, one: Ingested) -> None:
        """One more file."""
        if one.failure is not None:
            self.fail(one.failure)
            return
        self.counts[one.state] += 1
        name = {"id": one.article_id, "title": one.title}
        if one.near_duplicate_of is not None:
            self.counts["near"] += 1
            near = {"path": str(one.path), "near": one.near_duplicate_of, "added": one.state != "left_out"}
            self._name("near_duplicates", name | near)
        if one.state != "left_out":
            self._name(one.state, name)

    def fail(self, failure: ReadFailure) -> None:
        """One more file that failed."""
        self.counts["failed"] += 1
        if self.named or len(self.failures) < NAMED_FAILURES:
            self.failures.append(failure)

    def prune(self, gone: Sequence[Held]) -> None:
        """Articles that went with their files."""
        self.counts["pruned"] += len(gone)
        for held in gone:
            self._name("pruned", {"id": held.article_id, "title": held.title})

    def exit_code(self) -> int:
        """0; 1 where some files failed, 2 where all did."""
        if not self.counts["failed"]:
            return 0
        return 1 if self.done > self.counts["failed"] else 2

    def summary(self) -> str:
        """One line: ``3 articles added, 1 replaced, 12 already there, 2 failed``."""
        counts = self.counts
        parts = [f"{counts['added']} article{'' if counts['added'] == 1 else 's'} added"]
        for state, words in (
            ("replaced", "replaced"),
            ("unchanged", "already there"),
            ("left_out", "left out as near-duplicates"),
            ("pruned", "removed with their files"),
            ("failed", "failed"),
        ):
            if counts[state]:
                parts.append(f"{counts[state]} {words}")
        line = ", ".join(parts)
        near = counts["near"] - counts["left_out"]
        return f"{line} ({near} nearly the same as another; --json names them)" if near else line

    def object(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        kinds = ("added", "replaced", "unchanged", "near_duplicates", "pruned")
        failed = [{"path": str(failure.path), "error": failure.message} for failure in self.failures]
        return {**{kind: self.names.get(kind, []) for kind in kinds}, "failed": failed}

    def name_failures(self) -> None:
        """Name each file that failed on stderr, with its reason; of many the first."""
        for failure in self.failures[:NAMED_FAILURES]:
            print(f"qa: {one_line(failure.message)}", file=sys.stderr)
        if (more := self.counts["failed"] - NAMED_FAILURES) > 0:
            print(f"qa: {more} more failed; --json names all", file=sys.stderr)

    def _name(self, kind: str, what: dict[str, Any]) -> None:
        if self.named:
            self.names.setdefault(kind, []).append(what)
