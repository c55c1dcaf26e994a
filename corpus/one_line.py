"""Words of strangers on one line that is fit for a terminal: titles, passages, names of files."""

from __future__ import annotations

import re

__all__ = ["one_line"]

# Escape sequences would drive the terminal, and marks of direction show words in another order than they are written
# in. Half a character, which stands for a byte of a file's name that is no letter, cannot be printed at all.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
_HALF = re.compile("[\ud800-\udfff]")


def one_line(text: str) -> str:
    """``text`` on one line, without what could drive a terminal.

    >>> one_line("two\\nlines\\x1b[2J")
    'two lines [2J'
    """
    return " ".join(_HALF.sub("\ufffd", _UNSAFE.sub(" ", text)).split())
