"""A conversation as Markdown: each question, the words that answer it, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from qa.conversation import Turn, Turns
from qa.excerpts import Excerpt
from qa.quotation import quotation
from qa.reply import Reply
from qa.wording import in_words, percent

__all__ = ["transcript"]

# What Markdown would take for markup in the middle of a line, and at its beginning.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#$~!&])")
_AT_START = re.compile(r"^(\s*)([-+]|\d+(?=[.)]))")


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
    if reply.asked and reply.asked != turn.question:
        yield from (f"Understood as: {_plain(reply.asked)}", "")
    if reply.text is None:
        yield from (f"Not in these articles ({_sure(reply)}).", "")
        return
    for excerpt in reply.excerpts:
        yield from _excerpt(excerpt, reply.post)
    yield from (f"How sure: {_sure(reply)}.", "")


def _excerpt(excerpt: Excerpt, post: str | None) -> Iterator[str]:
    marked = f"{_plain(excerpt.before)}**{_plain(excerpt.quote)}**{_plain(excerpt.after)}"
    yield from (f"> {marked.strip()}", "")
    yield from (f"{_plain(quotation(excerpt, post))}", "")
    yield from (f"Article `{excerpt.article_id}`, characters {excerpt.start}–{excerpt.end}.", "")


def _sure(reply: Reply) -> str:
    return f"{in_words(reply.confidence)}, {percent(reply.confidence)}"


def _plain(text: str) -> str:
    """The text on one line, every character that Markdown would act on escaped."""
    line = re.sub(r"\s", " ", text)
    return _AT_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", line))
