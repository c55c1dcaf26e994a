"""The C library's allocator, told to keep what it has: a step asks for the same gigabyte as the step before.

By default glibc gives every large tensor back to the system and asks for it again, and the system clears the pages
each time.
"""

from __future__ import annotations

from qa.allocator import ARENA_MAX, MMAP_MAX, TOP_PAD, TRIM_THRESHOLD, glibc

__all__ = ["keep_memory"]

_MOST = 2**31 - 1


def keep_memory() -> bool:
    """Keep freed memory for the next step; whether the platform could be told so.

    The backward pass runs in a thread of its own, so one arena is shared: memory freed there serves the forward pass.
    """
    libc = glibc()
    if libc is None:
        return False
    settings = ((ARENA_MAX, 1), (MMAP_MAX, 0), (TRIM_THRESHOLD, _MOST), (TOP_PAD, 2**28))
    done = [libc.mallopt(name, value) == 1 for name, value in settings]
    return all(done)
