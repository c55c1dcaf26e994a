"""One reader's conversation: the turns so far, and the next one with its error shown as part of the talk."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corpus.errors import InputError, QAError
from qa.choices import Choices, chosen, filter_of
from qa.engine import DEFAULT_TOP_K, Engine
from qa.followup import Message
from qa.inert import shortened
from qa.question import MAX_QUESTION_CHARACTERS
from qa.render import render_notice, render_question, render_reply
from qa.reply import Reply, reply_to

__all__ = ["MOST_TURNS", "Turn", "Turns", "answer_as_json", "history_of", "messages_of", "next_turn", "waiting"]

REMEMBERED = 10
"""Earlier questions that a follow-up may refer to."""
MOST_TURNS = 200
"""Questions of one conversation: all of it is kept, and shown anew, with each."""
AT_WORK = "Reading…"
EMPTY = "There are no articles in this library yet: add some under “Articles” above."
BROKEN = "Something went wrong inside the program; the terminal it runs in shows what. You can go on asking."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, the words that answered it ("" for none) and the HTML shown; a failed one is not referred to.

    ``reply`` is what the HTML was made of, which its links lead into; ``only`` tells in words what the question was
    restricted to, "" where all articles were looked in.
    """

    question: str
    said: str
    shown: str
    failed: bool = False
    reply: Reply | None = None
    only: str = ""


Turns = tuple[Turn, ...]


def next_turn(engine: Engine, question: str, turns: Turns, choices: Choices | None = None) -> Turn:
    """Ask a question after those before it, of the ``choices`` only; an error becomes a turn that says so.

    The talk goes on after it.
    """
    try:
        if not engine.articles():
            return _failed(question, EMPTY)
        reply = reply_to(engine, question, history_of(turns), filter_of(choices) if choices else None)
        only = chosen(choices) if choices else ""
        shown = render_reply(reply, len(turns), question, only)
        return Turn(question, reply.text or "", shown, reply=reply, only=only)
    except QAError as error:
        return _failed(question, str(error))
    except Exception:  # the last place that can keep the talk going
        logger.exception("a question could not be answered")
        return _failed(question, BROKEN)


def answer_as_json(
    engine: Engine,
    question: object,
    history: object = None,
    *,
    choices: Choices | None = None,
    top_k: int = DEFAULT_TOP_K,
) -> dict[str, Any]:
    """One answer as JSON values for a program that sends its own history; raises ``QAError``, also for wrong types."""
    if not isinstance(question, str):
        raise InputError("the question is not a text; send one string")
    where = filter_of(choices) if choices else None
    return engine.answer(question, history=_checked(history), top_k=top_k, where=where).to_dict()


def history_of(turns: Turns) -> list[Message]:
    """The last turns as plain text, oldest first, in the form that ``Engine.answer`` takes."""
    talk = [turn for turn in turns if not turn.failed][-REMEMBERED:]
    return [
        message
        for turn in talk
        for message in ({"role": "user", "content": turn.question}, {"role": "assistant", "content": turn.said})
    ]


def messages_of(turns: Turns) -> list[Message]:
    """What the chat window shows of the turns, as HTML."""
    return [message for turn in turns for message in _pair(turn.question, turn.shown)]


def waiting(question: str, turns: Turns) -> list[Message]:
    """What the chat window shows while a question is being answered."""
    return [*messages_of(turns), *_pair(question, render_notice(AT_WORK))]


def _checked(history: object) -> Sequence[Message]:
    if history is None:
        return []
    if not isinstance(history, list) or not all(map(_is_message, history)):
        raise InputError('the history is not a list of {"role": "user" or "assistant", "content": text}; mend it')
    return history[-2 * REMEMBERED :]


def _is_message(value: object) -> bool:
    return (
        isinstance(value, dict) and value.get("role") in ("user", "assistant") and isinstance(value.get("content"), str)
    )


def _pair(question: str, shown: str) -> tuple[Message, Message]:
    return {"role": "user", "content": render_question(question)}, {"role": "assistant", "content": shown}


def _failed(question: str, message: str) -> Turn:
    """A turn that says so, with no more of a question than could have been asked."""
    return Turn(shortened(question, MAX_QUESTION_CHARACTERS), "", render_notice(message), failed=True)
