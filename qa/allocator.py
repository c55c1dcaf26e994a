"""The C library's allocator where it can be told what to do: glibc's, on Linux.

The settings are those of mallopt(3), https://man7.org/linux/man-pages/man3/mallopt.3.html.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

__all__ = ["ARENA_MAX", "MMAP_MAX", "TOP_PAD", "TRIM_THRESHOLD", "glibc"]

TRIM_THRESHOLD, TOP_PAD, MMAP_MAX, ARENA_MAX = -1, -2, -4, -8
"""The names of ``mallopt``'s settings, as numbers."""


def glibc() -> Any:
    """The loaded C library, with its ``mallopt`` and ``malloc_trim``; None where it is another one."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
