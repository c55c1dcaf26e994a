"""The C library's allocator, told to give back what a server of many threads no longer needs.

glibc keeps what was freed, for each of many threads apart, and its share of holes grows with the questions: after 2
minutes of 50 askers a tenth of the memory was held so. The call is malloc_trim(3),
https://man7.org/linux/man-pages/man3/malloc_trim.3.html.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from qa.allocator import ARENA_MAX, glibc

__all__ = ["EVERY", "given_back"]

EVERY = 20.0
"""Seconds after which what is free is given back again: it takes some milliseconds."""

_ARENAS = 2


@contextmanager
def given_back(every: float = EVERY) -> Iterator[bool]:
    """While the block runs, free memory goes back to the system; whether the platform can be told so."""
    libc = glibc()
    if libc is None:
        yield False
        return
    libc.mallopt(ARENA_MAX, _ARENAS)
    over = threading.Event()
    thread = threading.Thread(target=_trim, args=(libc, every, over), name="memory", daemon=True)
    thread.start()
    try:
        yield True
    finally:
        over.set()
        thread.join()


def _trim(libc: Any, every: float, over: threading.Event) -> None:
    while not over.wait(every):
        libc.malloc_trim(0)
