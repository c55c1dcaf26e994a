"""Work that runs ahead of whoever uses it: in a thread of its own, in order, and only so far."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Generic, Self, TypeVar

__all__ = ["ReadAhead", "Stopped"]

Item = TypeVar("Item")

GRACE = 2.0  # seconds that leaving waits for the thread: it may be in the middle of a file


class Stopped(Exception):  # noqa: N818  (no error: nobody wants more)
    """Raised inside the producer once nobody takes its items any more."""


class ReadAhead(Generic[Item]):
    """Runs ``produce(put)`` in a thread; ``put`` waits while the items not yet taken weigh more than ``room``.

    The thread is a daemon, so that a file which hangs its reader cannot keep the program from ending.
    """

    def __init__(
        self, produce: Callable[[Callable[[Item], None]], None], *, weigh: Callable[[Item], int], room: int
    ) -> None:
        self._produce = produce
        self._weigh = weigh
        self._room = room
        self._changed = threading.Condition()
        self._ready: deque[tuple[Item, int]] = deque()
        self._weight = 0
        self._ended = self._stopped = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="reading ahead", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join(GRACE)

    @property
    def is_over(self) -> bool:
        """Whether all items were taken."""
        with self._changed:
            return self._ended and not self._ready and self._error is None

    def take(self, seconds: float | None = None) -> Item | None:
        """The next item; ``None`` where none came within ``seconds`` or none is left.

        What the producer raised is raised here, after the items before it.
        """
        until = None if seconds is None else monotonic() + seconds
        with self._changed:
            while not self._ready and not self._ended:
                left = None if until is None else until - monotonic()
                if left is not None and left <= 0:
                    return None
                self._changed.wait(left)
            if self._ready:
                item, weight = self._ready.popleft()
                self._weight -= weight
                self._changed.notify_all()
                return item
            error, self._error = self._error, None
        if error is not None:
            raise error
        return None

    def _run(self) -> None:
        try:
            self._produce(self._put)
        except Stopped:
            pass
        except BaseException as error:
            self._error = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _put(self, item: Item) -> None:
        weight = self._weigh(item)
        with self._changed:
            while self._ready and self._weight + weight > self._room and not self._stopped:
                self._changed.wait()
            if self._stopped:
                raise Stopped
            self._ready.append((item, weight))
            self._weight += weight
            self._changed.notify_all()
