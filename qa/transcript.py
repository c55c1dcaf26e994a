"""A conversation as Markdown: each question, the words that answer it, and where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from qa.conversation import Turn, Turns
from qa.excerpts import Excerpt
from qa.quotation import source_of
from qa.reply import Reply
from qa.wording import in_words, percent

__all__ = ["transcript"]

# What Markdown would take for markup in the middle of a line, also "https://", "www." and "a@b"; and at its beginning.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#$~!&@^]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_AT_START = re.compile(r"^([0-9]*)([-+=]|(?<=[0-9])[.)])")
_LINE_ENDS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")


def transcript(turns: Turns, day: date) -> str:
    """The turns as a Markdown document that shows every quotation to the letter; failed turns are left out."""
    talk = [turn for turn in turns if turn.reply is not None]
    lines = ["# Questions to the articles", "", f"{day.isoformat()}, {len(talk)} question{'s'[: len(talk) != 1]}", ""]
    for number, turn in enumerate(talk, 1):
        lines += _turn(number, turn)
    return "\n".join(lines).rstrip() + "\n"


def _turn(number: int, turn: Turn) -> Iterator[str]:
    reply = turn.reply
    if reply is None:
        return
    yield from (f"## {number}. {_plain(turn.question)}", "")
    if reply.asked and reply.asked != " ".join(turn.question.split()):
        yield from (f"Understood as: {_plain(reply.asked)}", "")
    if turn.only:
        yield from (f"Looked only in: {_plain(turn.only)}", "")
    if reply.text is None:
        yield from (f"Not in these articles ({_sure(reply)}).", "")
        return
    for excerpt in reply.excerpts:
        yield from _excerpt(excerpt, reply.post if excerpt.speaker == reply.excerpts[0].speaker else None)
    yield from (f"How sure: {_sure(reply)}.", "")


def _excerpt(excerpt: Excerpt, post: str | None) -> Iterator[str]:
    yield from (f"> {_marked(excerpt)}", "")
    if source := source_of(excerpt, post):
        yield from (f"— {_plain(source)}", "")
    yield from (f"Article `{excerpt.article_id}`, characters {excerpt.start}–{excerpt.end}.", "")


def _sure(reply: Reply) -> str:
    return f"{in_words(reply.confidence)}, {percent(reply.confidence)}"


def _marked(excerpt: Excerpt) -> str:
    """The excerpt with its quotation in bold.

    Whether Markdown takes ``**`` for bold hangs on the characters beside it. A letter or digit inside always does, and
    other characters do once both beside it are entities, which count as punctuation and show as what they stand for.
    """
    before, quote, after = _line(excerpt.before).lstrip(" "), _line(excerpt.quote), _line(excerpt.after).rstrip(" ")
    if not quote:
        return _at_start(_escaped(before + after))
    opened, closed = _is_unclear(quote[0], before[-1:]), _is_unclear(quote[-1], after[:1])
    outer, inner = max(0, len(before) - opened), max(opened, len(quote) - closed)
    bold = f"{_entities(quote[:opened])}{_escaped(quote[opened:inner])}{_entities(quote[inner:])}"
    left = _escaped(before[:outer]) + _entities(before[outer:])
    return _at_start(f"{left}**{bold}**{_entities(after[:closed])}{_escaped(after[closed:])}")


def _is_unclear(inside: str, outside: str) -> bool:
    return inside.isspace() or not (inside.isalnum() or outside in ("", " "))


def _plain(text: str) -> str:
    """The text on one line, every character that Markdown would act on escaped."""
    return _at_start(_escaped(_line(text).strip(" ")))


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def _at_start(line: str) -> str:
    return _AT_START.sub(r"\1\\\2", line)


def _entities(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def _line(text: str) -> str:
    """The text without ends of lines; control characters, which would act on a terminal, are shown as unreadable."""
    return "".join(" " if c in _LINE_ENDS else "\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
