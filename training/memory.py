"""The C library's allocator, told to keep what it has: a step asks for the same gigabyte as the step before.

By default glibc gives every large tensor back to the system and asks for it again, and the system clears the pages
each time. The settings are those of mallopt(3), https://man7.org/linux/man-pages/man3/mallopt.3.html.
"""

from __future__ import annotations

import ctypes
import sys

__all__ = ["keep_memory"]

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX, _ARENA_MAX = -1, -2, -4, -8
_MOST = 2**31 - 1


def keep_memory() -> bool:
    """Keep freed memory for the next step; whether the platform could be told so.

    The backward pass runs in a thread of its own, so one arena is shared: memory freed there serves the forward pass.
    """
    if not sys.platform.startswith("linux"):
        return False
    change = getattr(ctypes.CDLL(None), "mallopt", None)
    if change is None:
        return False
    settings = ((_ARENA_MAX, 1), (_MMAP_MAX, 0), (_TRIM_THRESHOLD, _MOST), (_TOP_PAD, 2**28))
    done = [change(name, value) == 1 for name, value in settings]
    return all(done)
