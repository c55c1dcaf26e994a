"""Changes to a store on Milvus, in an order in which a process or server may die at any moment.

Milvus has no transactions over several rows. So an article's rows are written first, under a revision that no search
looks at; then one row, the head, makes the article be there; only then what it replaces is deleted. Before all that an
*intent* is noted, by which a later change finds what an interrupted one left.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.errors import LibraryError
from corpus.writes import Addition
from index.milvus_client import Connection, Row
from index.milvus_layout import Kind, key_of, passages_layout
from index.milvus_records import Head, Records
from index.milvus_rows import Encoded, encode, record_of

__all__ = ["ABANDONED_SECONDS", "Writer"]

ABANDONED_SECONDS: Final = 3600
"""A change that has not ended by then was interrupted: one takes seconds, and no call more than its time-out."""

GROUP: Final = 2000
"""Passages written together: about 4 MB."""
TRIES: Final = 3

_guard = threading.Lock()
_locks: dict[str, threading.RLock] = {}


@dataclass(frozen=True, slots=True)
class Planned:
    """One addition with its rows."""

    addition: Addition
    rows: Encoded


class Writer:
    """Adds and removes articles of one store."""

    def __init__(self, records: Records, passages: str) -> None:
        self._records = records
        self._connection: Connection = records.connection
        self._passages = passages
        self._model: str | None = None
        self._is_tidy = False
        self._lock = _lock_of(str(self._connection.address))

    def add_many(self, additions: Sequence[Addition], model_id: str) -> list[bool]:
        """Add or replace articles, each as a whole; whether each changed anything."""
        planned = [Planned(addition, encode(addition, model_id)) for addition in additions]  # all checks come first
        with self._lock:
            return self._add(planned, model_id)

    def _add(self, planned: Sequence[Planned], model_id: str) -> list[bool]:
        additions = [one.addition for one in planned]
        dimension = next((addition.vectors.shape[1] for addition in additions if addition.vectors.shape[1]), 0)
        if planned:
            self._use_model(model_id, dimension)
            self._tidy_once()
        return [changed for group in _groups(planned) for changed in self._add_group(group)]

    def remove(self, keys: Iterable[str]) -> int:
        """Remove articles; how many there were."""
        with self._lock:
            return self._remove(keys)

    def _remove(self, keys: Iterable[str]) -> int:
        heads = list(self._records.heads(keys).values())
        if not heads:
            return 0
        self._note([(head.article, head.revision) for head in heads])
        listed = _listed(f"{Kind.HEAD}-{head.article}" for head in heads)
        self._connection.delete(self._records.collection, f"id in {listed}")
        articles = _listed(head.article for head in heads)
        self._connection.delete(self._records.collection, f'article in {articles} and kind == "{Kind.SOURCE}"')
        self._delete_rows([head.revision for head in heads])
        self._forget([head.revision for head in heads])
        self.touch()
        return len(heads)

    def release(self, paths: set[str], keys: Iterable[str]) -> list[str]:
        """Forget files of these articles; the articles, by key, that no other file holds and that went with them."""
        held = self._records.sources_of(keys)
        gone = [key for key, known in held.items() if not set(known) - paths]
        self.remove(gone)
        left = sorted(paths)
        if left:
            listed = _listed(f"{Kind.SOURCE}-{key_of(path)}" for path in left)
            self._connection.delete(self._records.collection, f"id in {listed}")
        return gone

    def finish_interrupted(self, seconds: float = ABANDONED_SECONDS) -> int:
        """Delete the rows that changes begun this long ago have left; how many such changes there were."""
        with self._lock:
            return self._finish(seconds)

    def _finish(self, seconds: float) -> int:
        left = self._records.intents(before=time.time_ns() - int(seconds * 1e9) + 1)
        heads = self._records.heads(row["article"] for row in left)
        dead = [row["revision"] for row in left if not _is_current(heads.get(row["article"]), row["revision"])]
        self._delete_rows(dead)
        gone = [row["article"] for row in left if row["article"] not in heads]
        if gone:
            where = f'article in {_listed(gone)} and kind == "{Kind.SOURCE}"'
            self._connection.delete(self._records.collection, where)
        self._sweep({row["article"]: row["revision"] for row in left if row["revision"] not in dead})
        self._forget([row["revision"] for row in left])
        return len(left)

    def touch(self) -> None:
        """Raise the generation."""
        self._records.store_fact("generation", time.time_ns())

    def _use_model(self, model_id: str, dimension: int) -> None:
        """Refuse vectors of another model than those there are; the first one decides."""
        if self._model is None:
            stored = self._records.fact("model")
            if stored is None and dimension:
                self._connection.create(self._passages, passages_layout(dimension))
                self._records.store_fact("model", [model_id, dimension])
                stored = self._records.fact("model")  # another process may have been a moment later
            self._model = None if stored is None else stored[0]
        if self._model not in (None, model_id):
            raise LibraryError(
                f"library {self._connection.address}: its vectors are of the model {self._model!r}; "
                f"use that one rather than {model_id!r}, or another collection"
            )

    def _tidy_once(self) -> None:
        if not self._is_tidy:
            self._is_tidy = True
            self.finish_interrupted()

    def _add_group(self, group: Sequence[Planned]) -> list[bool]:
        heads = self._records.heads(planned.rows.article for planned in group)
        fresh = [planned for planned in group if self._is_new(planned, heads.get(planned.rows.article))]
        if fresh:
            self._write([planned.rows for planned in fresh])
        released = self._claim_sources(group)
        if fresh or released:
            self.touch()
        return [planned in fresh or planned.rows.article in released for planned in group]

    def _is_new(self, planned: Planned, head: Head | None) -> bool:
        """Whether the article is not there, or is stored otherwise and to be replaced."""
        if head is None or head.facts["splitting"] != planned.rows.splitting:
            return True
        if head.revision == planned.rows.revision:
            return False
        # Two files may hold one text with different facts: the first one's stay, or the two would replace each other
        # at every run.
        source = planned.addition.source
        return self._records.sources_of([head.article]).get(head.article, []) == ([] if source is None else [source])

    def _write(self, fresh: Sequence[Encoded]) -> None:
        self._note([(rows.article, rows.revision) for rows in fresh])
        self._write_rows(fresh)
        now = time.time_ns()
        there = self._records.heads(rows.article for rows in fresh)  # another process may have written the same
        self._connection.upsert(
            self._records.collection,
            [
                {**rows.head, "added": now + place}
                for place, rows in enumerate(fresh)
                if not _is_current(there.get(rows.article), rows.revision)
            ],
        )
        outdone = self._sweep({rows.article: rows.revision for rows in fresh})
        ours = [rows for rows in fresh if rows.revision not in outdone]
        if ours and not self._is_whole(ours):  # another process deleted this very revision at the same time
            self._write_rows(ours)
        self._forget([rows.revision for rows in fresh])

    def _write_rows(self, fresh: Sequence[Encoded]) -> None:
        for _ in range(TRIES):
            self._write_missing(self._records.collection, [row for rows in fresh for row in rows.records])
            self._write_missing(self._passages, [row for rows in fresh for row in rows.passages])
            if self._is_whole(fresh):
                return
        raise LibraryError(
            f"library {self._connection.address}: rows are missing just after they were written; try again"
        )

    def _write_missing(self, collection: str, rows: Sequence[Row]) -> None:
        """Write the rows that are not there: the local engine replaces a row in two steps, between which it may die."""
        if rows:
            revisions = sorted({str(row["revision"]) for row in rows})
            there = {row["id"] for row in self._connection.pick(collection, "revision", revisions, ["id"])}
            self._connection.upsert(collection, [row for row in rows if row["id"] not in there])

    def _is_whole(self, fresh: Sequence[Encoded]) -> bool:
        where = f"revision in {_listed(rows.revision for rows in fresh)}"
        kept = self._connection.count(self._records.collection, f'{where} and kind in ["{Kind.TEXT}", "{Kind.VOICES}"]')
        passages = sum(len(rows.passages) for rows in fresh)
        found = self._connection.count(self._passages, where) if passages else 0
        return kept >= sum(len(rows.records) for rows in fresh) and found >= passages

    def _sweep(self, current: dict[str, str]) -> set[str]:
        """Delete all revisions of these articles but the current ones; those that another process has outdone."""
        if not current:
            return set()
        heads = self._records.heads(current)
        others = self._records.revisions(list(current))
        dead = [rev for key, held in others.items() for rev in held - {current[key]} if key in heads]
        at_work = {row["revision"] for row in self._records.intents(dead)} if dead else set()
        outdone = {rev for key, rev in current.items() if key in heads and heads[key].revision != rev}
        kept = at_work | {head.revision for head in heads.values()}
        self._delete_rows([rev for rev in {*dead, *outdone} if rev not in kept])
        return outdone

    def _claim_sources(self, group: Sequence[Planned]) -> set[str]:
        """Note which article each file holds now; the articles whose files released, and so removed, another."""
        claims = {p.addition.source: p for p in group if p.addition.source is not None}
        known = self._records.sources(claims)
        moved = {path: held.article for path, held in known.items() if held.article != claims[path].rows.article}
        still = self._records.sources_of(set(moved.values())) if moved else {}
        wanted = {planned.rows.article for planned in group}
        gone = {key for key in moved.values() if key not in wanted and not set(still.get(key, ())) - set(moved)}
        self.remove(gone)  # before the file is noted, so that a file that is known as it stands has released it
        rows = [
            record_of(
                Kind.SOURCE,
                key_of(path),
                [path, planned.addition.article.id, planned.addition.stamp],
                article=planned.rows.article,
            )
            for path, planned in claims.items()
            if path not in known
            or (known[path].article, known[path].stamp) != (planned.rows.article, planned.addition.stamp)
        ]
        self._connection.upsert(self._records.collection, rows)
        return {claims[path].rows.article for path, key in moved.items() if key in gone}

    def _delete_rows(self, revisions: Sequence[str]) -> None:
        if revisions:
            where = f"revision in {_listed(revisions)}"
            if self._records.fact("model") is not None:
                self._connection.delete(self._passages, where)
            kinds = f'kind in ["{Kind.TEXT}", "{Kind.VOICES}"]'
            self._connection.delete(self._records.collection, f"{where} and {kinds}")

    def _note(self, revisions: Iterable[tuple[str, str]]) -> None:
        rows = [
            record_of(Kind.INTENT, revision, "", article=article, revision=revision, added=time.time_ns())
            for article, revision in revisions
        ]
        self._connection.upsert(self._records.collection, rows)

    def _forget(self, revisions: Sequence[str]) -> None:
        if revisions:
            listed = _listed(f"{Kind.INTENT}-{revision}" for revision in revisions)
            self._connection.delete(self._records.collection, f"id in {listed}")


def _lock_of(address: str) -> threading.RLock:
    """One lock for all writers of this process: several that add the same would do the same work."""
    with _guard:
        return _locks.setdefault(address, threading.RLock())


def _is_current(head: Head | None, revision: str) -> bool:
    return head is not None and head.revision == revision


def _listed(values: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


def _groups(planned: Sequence[Planned]) -> Iterator[list[Planned]]:
    """The additions in groups of a size to be written together, none of which has an article or a file twice."""
    group: list[Planned] = []
    names: set[str] = set()
    size = 0
    for one in planned:
        own = {one.rows.article} | ({f"file {one.addition.source}"} if one.addition.source is not None else set())
        if group and (names & own or size + len(one.rows.passages) > GROUP):
            yield group
            group, names, size = [], set(), 0
        group.append(one)
        names |= own
        size += len(one.rows.passages)
    if group:
        yield group
