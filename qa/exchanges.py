"""The turns before a question to pairs of what was asked and what was answered, whatever an interface sends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Exchange", "exchanges_of"]

MAX_EXCHANGES = 6
"""Earlier turns are forgotten: a reference hardly reaches further, and the work stays bounded."""
_MAX_CONTENT = 2_000

_SPACE = re.compile(r"\s+")
_TAG = re.compile(r"<[^<>]{1,200}>")
_BOLD = re.compile(r"\*\*([^*\n]{1,300})\*\*")
_QUOTE_LINE = re.compile(r"^\s*>\s*(.{1,400})$", re.MULTILINE)
_QUOTED = re.compile(r"[“\"]([^“”\"\n]{2,300})[”\"]")
_NOTE = re.compile(r"\s*\[\d{1,3}\]")
_NO_ANSWER = re.compile(
    r"\b(?:not (?:in|found in|answered in) (?:these|the|your|any) (?:articles?|texts?|documents?)|no answer|"
    r"(?:could|can|did)(?: not|n't|n’t) find|do(?: not|n't|n’t) (?:know|say|answer))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and the span that answered it, ``None`` where nothing did; both on one line."""

    question: str
    answer: str | None = None


def exchanges_of(history: object) -> list[Exchange]:
    """The last six questions of a history with their answers, oldest first; odd entries are passed over."""
    found: list[Exchange] = []
    if not isinstance(history, Iterable) or isinstance(history, str | bytes | Mapping):
        return found
    for entry in history:
        role, content = _role_and_content(entry)
        if role == "user" and content.strip():
            found.append(Exchange(_one_line(content)))
        elif role == "assistant" and found and found[-1].answer is None:
            found[-1] = Exchange(found[-1].question, _answer_in(content))
    return found[-MAX_EXCHANGES:]


def _role_and_content(entry: object) -> tuple[str, str]:
    if not isinstance(entry, Mapping):
        return "", ""
    return str(entry.get("role") or ""), _text_of(entry.get("content"))[:_MAX_CONTENT]


def _text_of(content: object, depth: int = 3) -> str:
    """The text of a message: a string, a part with ``text``, or a list of parts."""
    if isinstance(content, str):
        return content
    if depth and isinstance(content, Mapping):
        return _text_of(content.get("text"), depth - 1)
    if depth and isinstance(content, list | tuple):
        return "\n".join(filter(None, (_text_of(part, depth - 1) for part in content[:20])))
    return ""


def _answer_in(content: str) -> str | None:
    """The answer in a chat message: what it sets in bold, in a quotation or in quotation marks, else its first line."""
    if _NO_ANSWER.search(content[:200]):
        return None
    plain = _NOTE.sub("", _TAG.sub("", content)).strip()
    short = len(plain) <= 80 and "\n" not in plain and not plain.startswith((">", "**"))
    patterns = () if short else (_BOLD, _QUOTE_LINE, _QUOTED)
    marked = next((found[1] for pattern in patterns if (found := pattern.search(plain))), None)
    line = _one_line(marked or plain.split("\n", 1)[0])[:300]
    return line.strip(' *_>"“”«»:,;') or None


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
