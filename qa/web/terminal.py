"""What the server writes to its terminal, without what would drive it: strangers' words are in error messages."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

__all__ = ["Inert", "inert_terminal"]

_DRIVING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Inert:
    """A text stream that passes on what is written to it, control characters shown as what they are.

    >>> import io
    >>> into = io.StringIO()
    >>> _ = Inert(into).write("red: \\x1b[31m")
    >>> into.getvalue()
    'red: \\\\x1b[31m'
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, and say how many characters were taken."""
        self._stream.write(_DRIVING.sub(lambda found: ascii(found[0])[1:-1], text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def inert_terminal() -> Iterator[None]:
    """Inside the block, nothing that this process prints can drive the terminal that it runs in."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Inert(before[0]), Inert(before[1])
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
