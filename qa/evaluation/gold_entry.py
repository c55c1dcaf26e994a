"""What a gold file holds: questions with accepted answers, drafts still to be finished, and what cannot be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from corpus.errors import InputError
from qa.batch import Asked

__all__ = [
    "Entry",
    "GoldDraft",
    "GoldProblem",
    "GoldQuestion",
    "Spot",
    "list_in",
    "object_from",
    "plain_kind",
    "refuse_misplaced",
    "spots_in",
    "text_in",
]


@dataclass(frozen=True, slots=True)
class Spot:
    """One accepted answer as the file gives it: its article, its text and the character it starts at, where told.

    ``article`` is ``None`` in SQuAD, where ``start`` indexes the question's own context. ``in_text`` is ``False`` for
    words that stand in the article's file and not in its text, since cleaning took them for page furniture.
    """

    article: str | None
    text: str
    start: int | None
    in_text: bool = True


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, what it may be answered with (nothing: it has no answer), and what sort of question it is.

    ``place`` tells where in the file it stands; ``subset`` is the field ``set``; ``spots`` are the accepted answers
    with their places, one for each entry of the file, so the same text may come twice.
    """

    id: str
    asked: Asked
    answers: tuple[str, ...]
    kind: str
    subset: str | None
    place: str
    spots: tuple[Spot, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the articles hold an answer."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class GoldDraft:
    """An entry that is still to be finished: its question or its answers are not written yet."""

    id: str
    place: str
    missing: Literal["question", "answers"]


@dataclass(frozen=True, slots=True)
class GoldProblem:
    """An entry that cannot be used, or something wrong with one that can, in one line with the remedy."""

    place: str
    message: str


Entry: TypeAlias = GoldQuestion | GoldDraft | GoldProblem


def spots_in(answers: Sequence[object], start: str) -> tuple[Spot, ...]:
    """The accepted answers of one question, the field ``start`` telling where each stands; raises ``InputError``."""
    return tuple(_spot(answer, start, number) for number, answer in enumerate(answers, 1))


def _spot(answer: object, start: str, number: int) -> Spot:
    fields = object_from(answer, "an answer", '{"article": ..., "text": ...}')
    text, article, at = text_in(fields, "text"), fields.get("article"), fields.get(start)
    if not text.strip():
        raise InputError(f"answer {number} is empty; give its words, or no answer at all")
    if at is not None and (isinstance(at, bool) or not isinstance(at, int) or at < 0):
        raise InputError(f'the "{start}" of answer {number} is no whole number from 0 up; mend it or leave it out')
    return Spot(None if article is None else str(article), text, at, fields.get("in_text") is not False)


def refuse_misplaced(spots: Sequence[Spot], context: str) -> None:
    """Raise ``InputError`` where an answer does not stand at its ``start`` in the question's own ``context``."""
    for number, spot in enumerate(spots, 1):
        if spot.start is None or context.startswith(spot.text, spot.start):
            continue
        right = context.find(spot.text)
        where = "it does not stand there at all" if right < 0 else f"it starts at {right:,}"
        raise InputError(f"answer {number} does not start at {spot.start:,} of its context; {where}")


def plain_kind(answers: Sequence[object]) -> str:
    """The kind of a question whose file names none."""
    return "answerable" if answers else "unanswerable"


def object_from(value: object, what: str, wanted: str) -> Mapping[str, Any]:
    """``value`` as a JSON object, or ``InputError``, which says that ``wanted`` was."""
    if not isinstance(value, dict):
        raise InputError(f"{what} is not a JSON object; write {wanted}")
    return value


def list_in(fields: Mapping[str, Any], name: str) -> list[Any]:
    """The list of that name, or ``InputError``."""
    value = fields.get(name)
    if not isinstance(value, list):
        raise InputError(f'no list "{name}"; add it, empty where there is nothing to list')
    return value


def text_in(fields: Mapping[str, Any], name: str) -> str:
    """The text of that name, or ``InputError``."""
    value = fields.get(name)
    if not isinstance(value, str):
        raise InputError(f'no text "{name}"; add it in quotation marks')
    return value
