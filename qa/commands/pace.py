"""How fast files go in and how long the rest takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

__all__ = ["Pace"]

WINDOW = 60.0  # seconds looked back: long enough to be steady over batches, short enough to follow a change
STEP = 0.5
"""Between two marks: the files of a batch are told at once, and belong to the moment of the first."""


@dataclass(slots=True)
class Pace:
    """Counts files and passages; ``clock`` tells the time in seconds.

    The speed is that of the files that were read: those found unchanged take no time worth telling, and a run that
    goes on after an interrupt begins with thousands of them.
    """

    total: int
    clock: Callable[[], float] = monotonic
    done: int = 0
    passages: int = 0
    _read: int = 0
    _marks: deque[tuple[float, int, int]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._marks.append((self.clock(), 0, 0))

    def count(self, passages: int, *, read: bool) -> None:
        """One more file is done, with so many new passages."""
        self.done += 1
        self.passages += passages
        now = self.clock()
        if not read:
            if not self._read:  # nothing to measure yet: the time starts with the first file that is read
                self._marks[0] = (now, 0, 0)
            return
        self._read += 1
        at = self._marks[-1][0]
        if len(self._marks) > 1 and now - at < STEP:
            self._marks.pop()
            now = at
        self._marks.append((now, self._read, self.passages))
        while len(self._marks) > 2 and now - self._marks[1][0] >= WINDOW:
            self._marks.popleft()

    @property
    def speed(self) -> float | None:
        """Passages a second of late; ``None`` where there is nothing to tell from."""
        spent, _, passages = self._of_late()
        return passages / spent if spent > 0 and passages else None

    @property
    def seconds_left(self) -> float | None:
        """Until the last file is done, if all are to be read; ``None`` where there is nothing to tell from."""
        spent, read, _ = self._of_late()
        return (self.total - self.done) * spent / read if spent > 0 and read else None

    def _of_late(self) -> tuple[float, int, int]:
        (begun, read, passages), (now, read_now, passages_now) = self._marks[0], self._marks[-1]
        return now - begun, read_now - read, passages_now - passages
