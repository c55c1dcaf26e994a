"""Texts from articles and file names, made safe and fit for a terminal; JSON as it is printed."""

from __future__ import annotations

import codecs
import json
import re
import sys
from datetime import date
from typing import Any

from corpus.one_line import one_line

__all__ = ["at", "inert_json", "is_terminal", "one_line", "print_json", "shortened", "source_line"]

# JSON escapes the first 32 control characters, and neither these nor the marks that turn the direction of writing.
_DRIVING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MONTHS = ("January February March April May June July August September October November December").split()


def shortened(text: str, limit: int = 280) -> str:
    """``text`` on one line, cut at a space before ``limit`` characters."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    return line[: limit - 2].rpartition(" ")[0].rstrip() + " …"


def source_line(
    *, speaker: str | None, title: str | None, publisher: str | None, published: str | None, page: int | None = None
) -> str:
    """Who says it and where, of what is known: ``Speaker, “Title”, Publisher, 8 May 2020, p. 12``."""
    parts = (speaker, f"“{title}”" if title else None, publisher, _day(published), f"p. {page}" if page else None)
    return one_line(", ".join(part for part in parts if part)) or "untitled article"


def at(article_id: str, start: int, end: int) -> str:
    """A place in an article: ``c36c3053700209cd:120-122``."""
    return f"{article_id}:{start}-{end}"


def is_terminal() -> bool:
    """Whether a person reads the output."""
    return sys.stdout.isatty()


def print_json(value: Any) -> None:
    """Print ``value`` as JSON: on one line, or indented for a person; letters are escaped only outside UTF-8."""
    is_utf8 = codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8"
    print(inert_json(json.dumps(value, ensure_ascii=not is_utf8, indent=2 if is_terminal() else None)))


def inert_json(text: str) -> str:
    """JSON that says the same and holds nothing that could drive a terminal, should it be shown in one."""
    return _DRIVING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _day(published: str | None) -> str | None:
    """``2020-05-08`` as people write it; anything else as it stands."""
    if not published:
        return None
    try:
        day = date.fromisoformat(published)
    except ValueError:
        return published
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
