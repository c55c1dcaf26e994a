"""Dialogues to be played: each turn with what is typed, what it means by itself and what may be answered."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from qa.evaluation.metrics import best_f1, holds, normalize
from qa.overlap import stem

__all__ = ["Dialogue", "DialogueTurn", "is_right", "keeps_words", "read_dialogues"]

LEAST_F1 = 0.6
MOST_EXTRA_WORDS = 6
"""An answer that holds an accepted one, or is part of it, may be longer or shorter by so many words."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class DialogueTurn:
    """One question of a talk.

    ``alone`` is the same question for a reader who has not heard the others; ``answers`` is ``None`` where no article
    answers it. ``words`` must stand in the question as it is read, one of each entry; ``barred`` must not.
    """

    ask: str
    kind: str
    answers: tuple[str, ...] | None
    alone: str
    words: tuple[tuple[str, ...], ...] = ()
    barred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Turns on one or several articles, in order."""

    name: str
    turns: tuple[DialogueTurn, ...]


def read_dialogues(path: Path) -> list[Dialogue]:
    """The dialogues in a JSON file; raises ``InputError`` where it is not one."""
    try:
        entries = json.loads(path.read_text("utf-8"))
        return [Dialogue(entry["name"], tuple(map(_turn, entry["turns"]))) for entry in entries]
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: not a list of dialogues ({error!r}); mend the entry") from error


def _turn(entry: dict[str, Any]) -> DialogueTurn:
    answers = entry["answers"]
    return DialogueTurn(
        entry["ask"],
        entry["kind"],
        None if answers is None else tuple(answers),
        entry.get("alone", entry["ask"]),
        tuple(tuple(options.split("|")) for options in entry.get("words", ())),
        tuple(entry.get("not", ())),
    )


def is_right(text: str | None, answers: Sequence[str] | None) -> bool:
    """Whether an answer is as good as an accepted one; declining is right where nothing is accepted.

    >>> is_right("for two days", ["two days"]), is_right(None, ["two days"]), is_right(None, None)
    (True, False, True)
    """
    if answers is None or text is None:
        return answers is None and text is None
    return best_f1(text, answers) >= LEAST_F1 or any(_within(text, answer) for answer in answers)


def _within(text: str, answer: str) -> bool:
    apart = abs(len(normalize(text).split()) - len(normalize(answer).split()))
    return apart <= MOST_EXTRA_WORDS and (holds(text, [answer]) or holds(answer, [text]))


def keeps_words(turn: DialogueTurn, asked: str) -> bool:
    """Whether a question as it is read has what the turn needs; one that stands alone must be as it was typed."""
    if turn.alone == turn.ask:
        return asked == turn.ask
    held = {stem(word) for word in _WORD.findall(asked.lower())}
    return all(any(stem(word) in held for word in options) for options in turn.words) and not any(
        stem(word) in held for word in turn.barred
    )
