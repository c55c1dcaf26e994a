"""Who of the visitors has articles of their own, who is using them at this moment, and who must make room."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import LibraryError
from qa.engine import Engine
from qa.intake import Limits

__all__ = ["Holding", "Holdings"]


@dataclass(slots=True, eq=False)
class Holding:
    """One visitor's own engine and folder, both ``None`` before the first change, and what they uploaded."""

    engine: Engine | None = None
    folder: Path | None = None
    uploads: dict[str, int] = field(default_factory=dict)
    """The bytes of the file of each article that the visitor added, by the article's id."""
    changing: threading.Lock = field(default_factory=threading.Lock)
    """Held during a change; asking does not wait for it."""
    has_place: bool = False
    """Whether it counts among ``Limits.visitors``."""
    is_gone: bool = False
    users: int = 0
    uploading: int = 0
    used: float = 0.0

    def refuse_gone(self) -> None:
        """Raise LibraryError where it was forgotten."""
        if self.is_gone:
            raise LibraryError("this visit was ended; open the page again and send the file again")


class Holdings:
    """The holdings of all visitors by their id; ``dispose`` frees one that is forgotten and not in use."""

    def __init__(self, limits: Limits, dispose: Callable[[Holding], None]) -> None:
        self._limits = limits
        self._dispose = dispose
        self._lock = threading.Lock()  # held for a look at the table, never while something is read or written
        self._by_visitor: dict[str, Holding] = {}
        self._is_closed = False

    @contextmanager
    def asking(self, visitor: str) -> Iterator[Holding | None]:
        """A visitor's holding, which is not freed inside the block; ``None`` for one without."""
        with self._lock:
            idle = self._take_out_idle()
            holding = self._by_visitor.get(visitor)
            self._enter(holding)
        self._free(idle)
        try:
            yield holding
        finally:
            self._leave(holding)

    @contextmanager
    def uploading(self, visitor: str) -> Iterator[Holding]:
        """A visitor's holding, made if there is none and dropped again if nothing came of it.

        Inside the block each change is to be made under ``change``: who merely waits for the next one may be forgotten.
        """
        with self._lock:
            if self._is_closed:
                raise LibraryError("this server is being stopped; open the page again when it is back")
            holding = self._by_visitor.setdefault(visitor, Holding())
            holding.uploading += 1
        try:
            yield holding
        finally:
            with self._lock:
                holding.uploading -= 1
                unused = holding.engine is None and not holding.uploading and not holding.users
                if unused and self._by_visitor.get(visitor) is holding:
                    del self._by_visitor[visitor]

    @contextmanager
    def change(self, holding: Holding) -> Iterator[None]:
        """One change to a holding at a time; raises LibraryError where it was forgotten."""
        with self._lock:
            self._enter(holding)
        try:
            with holding.changing:
                holding.refuse_gone()
                yield
        finally:
            self._leave(holding)

    def take_place(self, holding: Holding) -> None:
        """Count a holding among those with a copy; the one that was not used for longest makes room.

        Raises LibraryError where all the others are in use.
        """
        with self._lock:
            placed = {visitor: one for visitor, one in self._by_visitor.items() if one.has_place}
            free = [visitor for visitor, one in placed.items() if not one.users and not one.uploading]
            free.sort(key=lambda visitor: placed[visitor].used)
            surplus = len(placed) + 1 - self._limits.visitors
            if surplus > len(free):
                raise LibraryError("too many visitors are using files of their own; try again in a few minutes")
            evicted = [self._take_out(visitor) for visitor in free[: max(0, surplus)]]
            holding.has_place = True
        self._free(evicted)

    def forget(self, visitor: str) -> None:
        """Take a holding out of the table and free it, at once or when its last user has left."""
        with self._lock:
            gone = [self._take_out(visitor)] if visitor in self._by_visitor else []
        self._free(gone)

    def close(self) -> None:
        """Forget all visitors and take no new ones."""
        with self._lock:
            self._is_closed = True
            gone = [self._take_out(visitor) for visitor in list(self._by_visitor)]
        self._free(gone)

    def _take_out_idle(self) -> list[Holding]:
        before = time.monotonic() - self._limits.idle_seconds
        idle = [
            visitor
            for visitor, one in self._by_visitor.items()
            if one.engine is not None and not one.users and one.used < before
        ]
        return [self._take_out(visitor) for visitor in idle]

    def _take_out(self, visitor: str) -> Holding:
        holding = self._by_visitor.pop(visitor)
        holding.is_gone = True
        return holding

    def _free(self, gone: list[Holding]) -> None:
        for holding in gone:
            with self._lock:
                is_ours = not holding.users  # else the last user frees it
            if is_ours:
                self._dispose(holding)

    def _enter(self, holding: Holding | None) -> None:
        if holding is not None:
            holding.users += 1
            holding.used = time.monotonic()

    def _leave(self, holding: Holding | None) -> None:
        if holding is None:
            return
        with self._lock:
            holding.users -= 1
            holding.used = time.monotonic()
            is_last = holding.is_gone and not holding.users
        if is_last:
            self._dispose(holding)
