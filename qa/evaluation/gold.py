"""Questions with their accepted answers, from our own JSON Lines or from SQuAD 1.1 and 2.0 files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from corpus.errors import InputError
from qa.batch import Asked
from qa.predict import parse_history
from qa.question import checked_question

__all__ = ["GoldProblem", "GoldQuestion", "Spot", "read_gold"]


@dataclass(frozen=True, slots=True)
class Spot:
    """One accepted answer as the file gives it: its article, its text and the character it starts at, where told.

    ``article`` is ``None`` in SQuAD, where ``start`` indexes the question's own context.
    """

    article: str | None
    text: str
    start: int | None


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
class GoldProblem:
    """An entry that cannot be used, with the reason in one line."""

    place: str
    message: str


Entry: TypeAlias = GoldQuestion | GoldProblem


def read_gold(path: Path) -> list[Entry]:
    """Every entry of a gold file, usable or not, in order; ``InputError`` if the file cannot be read at all.

    A JSON object with ``data`` is taken for SQuAD, anything else for one JSON object a line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}; name a file of questions in UTF-8") from error
    squad = _squad_data(text)
    entries = list(_from_lines(text) if squad is None else _from_squad(squad))
    if not entries:
        raise InputError(f"{path}: no questions in it; see docs/cli.md for the formats")
    return entries


def _squad_data(text: str) -> list[Any] | None:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):  # several lines of JSON, or something broken: reported line by line
        return None
    data = whole.get("data") if isinstance(whole, dict) else None
    return data if isinstance(data, list) else None


def _from_lines(text: str) -> Iterator[Entry]:
    # Not splitlines: it would part a line at the rarer separators that JSON allows inside a text.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _usable(f"line {number}", lambda place, line=line: _from_line(line, place))


def _usable(place: str, read: Any) -> Entry:
    try:
        entry: GoldQuestion = read(place)
    except json.JSONDecodeError as error:
        return GoldProblem(place, f"not JSON ({error.msg} at character {error.pos + 1})")
    except RecursionError:
        return GoldProblem(place, "not usable as JSON (brackets too deep)")
    except (InputError, ValueError) as error:
        return GoldProblem(place, str(error))
    return entry


def _from_line(line: str, place: str) -> GoldQuestion:
    raw = _object(json.loads(line), "the line")
    spots = tuple(_spot(answer, "start") for answer in _list(raw, "answers"))
    answers = tuple(dict.fromkeys(spot.text for spot in spots))
    history = parse_history(raw["history"]) if raw.get("history") is not None else ()
    context = _text(raw, "context") if raw.get("context") is not None else None
    asked = Asked(checked_question(_text(raw, "question")), history, context)
    kind, subset = raw.get("kind"), raw.get("set")
    return GoldQuestion(
        id=str(raw.get("id", place)),
        asked=asked,
        answers=answers,
        kind=str(kind) if kind is not None else _plain_kind(answers),
        subset=None if subset is None else str(subset),
        place=place,
        spots=spots,
    )


def _spot(answer: object, start: str) -> Spot:
    fields = _object(answer, "an answer")
    article, at = fields.get("article"), fields.get(start)
    is_place = isinstance(at, int) and not isinstance(at, bool)
    return Spot(None if article is None else str(article), _text(fields, "text"), at if is_place else None)


def _from_squad(data: list[Any]) -> Iterator[Entry]:
    for number, article in enumerate(data, 1):
        where = f"article {number}"
        try:
            for count, paragraph in enumerate(_list(_object(article, where), "paragraphs"), 1):
                where = f"article {number}, paragraph {count}"
                yield from _from_paragraph(_object(paragraph, where), where)
        except InputError as error:
            yield GoldProblem(where, str(error))


def _from_paragraph(paragraph: Mapping[str, Any], where: str) -> Iterator[Entry]:
    context = _text(paragraph, "context")
    for number, raw in enumerate(_list(paragraph, "qas"), 1):
        yield _usable(f"{where}, question {number}", lambda place, raw=raw: _from_squad_question(raw, context, place))


def _from_squad_question(raw: object, context: str, place: str) -> GoldQuestion:
    fields = _object(raw, "the question")
    # An impossible question of SQuAD 2.0 lists only "plausible_answers", which are the traps.
    given = [] if fields.get("is_impossible") else _list(fields, "answers")
    spots = tuple(_spot(answer, "answer_start") for answer in given)
    answers = tuple(dict.fromkeys(spot.text for spot in spots))
    asked = Asked(checked_question(_text(fields, "question")), (), context)
    return GoldQuestion(str(fields.get("id", place)), asked, answers, _plain_kind(answers), None, place, spots)


def _plain_kind(answers: tuple[str, ...]) -> str:
    return "answerable" if answers else "unanswerable"


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{what} is not a JSON object")
    return value


def _list(fields: Mapping[str, Any], name: str) -> list[Any]:
    value = fields.get(name)
    if not isinstance(value, list):
        raise InputError(f'no list "{name}"')
    return value


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise InputError(f'no text "{name}"')
    return value
