"""How many requests are in the engine at a time, and how many may wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar

__all__ = ["BusyError", "Turnstile"]

Result = TypeVar("Result")

AT_ONCE = 2
WAITING = 16
"""A full queue is through in some two seconds on two cores: longer than that, a program does better to come again."""


class BusyError(Exception):
    """As many wait as may; ``str(error)`` is one line for the user."""


class Turnstile:
    """Runs work in ``at_once`` threads of its own; ``waiting`` more may wait, and the next one is refused.

    Safe to use from several event loops.

    >>> asyncio.run(Turnstile().run(lambda: 6 * 7))
    42
    """

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="turnstile")
        self._most = at_once + waiting
        self._inside = 0
        self._lock = Lock()

    async def run(self, work: Callable[[], Result]) -> Result:
        """What ``work`` returns or raises; ``BusyError`` where too many are waiting already."""
        with self._lock:
            if self._inside >= self._most:
                raise BusyError("too many questions are waiting; ask again in some seconds")
            self._inside += 1
        future = self._threads.submit(work)
        future.add_done_callback(self._leave)  # at a cancelled one too: it leaves when its thread does
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Refuse more work, and let go of what waits."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _leave(self, _: Future[Any]) -> None:
        with self._lock:
            self._inside -= 1
