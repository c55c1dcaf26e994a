"""From the vectors of one state of a library to those of the next: what is kept, what is read, what is made anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from corpus.library import Library
from corpus.vectors import VectorTable
from index import stored_dense_files as files
from index.dense_rows import Rows
from index.stored_dense import Standing

__all__ = ["State", "follow", "store"]

DRIFT: Final = 0.1  # passages that came and went since a stored index was made, of those in it
PATIENCE: Final = 2  # times the limit: so many passages are searched exactly where nobody has stored an index yet


@dataclass(frozen=True, slots=True)
class State:
    """The vectors of one generation of a library.

    ``rows`` are searched exactly in memory: all of them, or those that came after the index in ``standing``.
    """

    model_id: str
    generation: int
    rows: Rows
    standing: Standing | None = None

    def __len__(self) -> int:
        return len(self.rows) + (0 if self.standing is None else len(self.standing))

    @property
    def last(self) -> int:
        """The highest rowid that is held."""
        parts = [self.rows.rowids, *([] if self.standing is None else [self.standing.base.rowids])]
        return max((int(rowids[-1]) for rowids in parts if len(rowids)), default=0)


def follow(library: Library, model_id: str, previous: State | None, limit: int) -> State:
    """The state that the library's snapshot shows, out of an earlier one where that pays."""
    if previous is not None and previous.model_id == model_id and previous.generation <= library.generation:
        grown = _grow(library, previous, limit)
        if grown is not None:
            return grown
    table = library.vector_table(model_id)
    total = table.count()
    if total <= limit:
        return _exact(library, model_id)
    stored = _stored(library, model_id, limit)
    if stored is None and total > PATIENCE * limit and not library.read_only:
        with files.alone(library):  # another process may be making one: two would take twice the time each
            stored = _stored(library, model_id, limit) or _present(library, files.make(library, model_id), model_id)
    return stored or _exact(library, model_id)


def store(library: Library, model_id: str, limit: int) -> bool:
    """Store an index of the present state unless one stands that is nearly it; whether one was made."""
    table = library.vector_table(model_id)
    if library.read_only or table.count() <= limit:
        return False
    with files.alone(library), library.snapshot():
        standing = files.latest(library, model_id)
        if standing is not None and _drift(standing.without(library.removed_since(standing.generation))) <= DRIFT:
            return False
        files.make(library, model_id)
        return True


def _drift(standing: Standing) -> float:
    """How many passages came and went since the index was made, as a share of those in it."""
    gone = len(standing.base) - len(standing)
    came = standing.table.count() - len(standing)
    return (came + gone) / len(standing.base)


def _grow(library: Library, previous: State, limit: int) -> State | None:
    """The earlier state with what has changed since; ``None`` where another one has to be made."""
    generation = library.generation
    if previous.generation == generation:
        return previous
    table = library.vector_table(previous.model_id)
    removed = library.removed_since(previous.generation)
    standing = None if previous.standing is None else previous.standing.without(removed)
    kept = replace(previous, generation=generation, rows=previous.rows.without(removed), standing=standing)
    if table.count(up_to=kept.last) != len(kept):  # passages of long ago were given vectors
        return None
    came = table.count(after=kept.last)
    if not _fits(library, kept, came, limit):
        return None
    return replace(kept, rows=kept.rows.plus(*library.vectors(kept.model_id, after=kept.last)))


def _fits(library: Library, kept: State, came: int, limit: int) -> bool:
    """Whether so many more passages leave this the right kind of index."""
    total = len(kept) + came
    if total <= limit:
        return kept.standing is None
    latest = files.latest_generation(library, kept.model_id)
    if kept.standing is None:
        return latest is None and total <= PATIENCE * limit
    return (latest is None or latest <= kept.standing.generation) and len(kept.rows) + came <= limit


def _exact(library: Library, model_id: str) -> State:
    table = library.vector_table(model_id)
    return State(model_id, library.generation, Rows.read(table.count(), table.blocks()))


def _stored(library: Library, model_id: str, limit: int) -> State | None:
    """The state from what is stored and what has changed since; ``None`` where that is too much or nothing is."""
    standing = files.latest(library, model_id)
    if standing is None:
        return None
    standing = standing.without(library.removed_since(standing.generation))
    if standing.table.count() - len(standing) > limit:
        return None
    return _present(library, standing, model_id)


def _present(library: Library, standing: Standing, model_id: str) -> State:
    table, last = standing.table, int(standing.base.rowids[-1])
    if table.count(up_to=last) == len(standing):
        rows = Rows.read(table.count(after=last), table.blocks(after=last))
    else:
        standing, rows = _compared(standing, table)
    return State(model_id, library.generation, rows, standing)


def _compared(standing: Standing, table: VectorTable) -> tuple[Standing, Rows]:
    """Where passages among those of the index were given vectors after it was made: what the two have in common."""
    present, indexed = table.rowids(), standing.base.rowids
    came = np.setdiff1d(present, indexed, assume_unique=True)
    return standing.only(np.isin(indexed, present)), Rows.of(*table.of(came))
