"""What an error of Milvus means: one that passes by itself, or what to tell the user in one line."""

from __future__ import annotations

import contextlib
from typing import Final

from corpus.errors import LibraryError
from index.milvus_address import TOKEN_VARIABLE, MilvusAddress

__all__ = ["explained", "passes", "passes_soon"]

# Codes of Milvus: not ready, unavailable, too many requests, slow down, not loaded yet.
PASSING: Final = frozenset({1, 2, 4, 8, 103})
GONE: Final = 100
REFUSED: Final = frozenset({1400, 1401})
FULL: Final = frozenset({3, 7, 9})
ENGINE: Final = 2000

PASSING_STATUS: Final = frozenset({"UNAVAILABLE", "DEADLINE_EXCEEDED", "ABORTED", "CANCELLED"})
PASSING_KINDS: Final = frozenset({"FutureTimeoutError", "MilvusUnavailableException", "ConnectError"})


def passes(error: Exception) -> bool:
    """Whether the same call may succeed a moment later."""
    status, kind = _status(error), type(error).__name__
    if status:
        return status in PASSING_STATUS
    if kind != "MilvusException":  # of its subclasses most say that the request itself is wrong
        return kind in PASSING_KINDS
    return bool(getattr(error, "retriable", False)) or getattr(error, "code", None) in PASSING


def passes_soon(error: Exception) -> bool:
    """Whether it may be that a collection is just being made by another process, which is over in a moment."""
    return getattr(error, "code", None) == ENGINE


def explained(error: Exception, address: MilvusAddress) -> LibraryError:
    """The error for the user, with the remedy."""
    code, reason = getattr(error, "code", None), _reason(error)
    if _status(error) in ("UNAUTHENTICATED", "PERMISSION_DENIED") or code in REFUSED or "auth check fail" in reason:
        told = f"the server refuses the password; set the variable {TOKEN_VARIABLE} to USER:PASSWORD"
    elif code == GONE:
        told = "the collection is gone; add the articles again, or name another"
    elif code in FULL:
        told = f"the server has no room left ({reason}); give it more, then try again (what was added is kept)"
    elif passes(error):
        told = f"no answer within {address.seconds:.0f} s; see that the server runs, then try again"
    else:
        told = f"the server refuses: {reason}; see its log"
    return LibraryError(f"library {address}: {told}")


def _status(error: Exception) -> str:
    """The name of the gRPC status behind an error; "" where there is none."""
    code = getattr(error, "code", None)
    with contextlib.suppress(Exception):
        code = code() if callable(code) else code
    return str(getattr(code, "name", "")) if type(code).__name__ == "StatusCode" else ""


def _reason(error: Exception) -> str:
    details = getattr(error, "details", None)
    told = getattr(error, "message", None) or (details() if callable(details) else None) or str(error)
    return " ".join(str(told).split())[:300]
