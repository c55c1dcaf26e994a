"""Questions with their accepted answers, from our own JSON Lines or from SQuAD 1.1 and 2.0 files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from qa.batch import Asked
from qa.evaluation.gold_entry import (
    Entry,
    GoldDraft,
    GoldProblem,
    GoldQuestion,
    Spot,
    list_in,
    object_from,
    plain_kind,
    refuse_misplaced,
    spots_in,
    text_in,
)
from qa.evaluation.gold_squad import read_squad, squad_data
from qa.predict import parse_history
from qa.question import checked_question

__all__ = ["Entry", "GoldDraft", "GoldProblem", "GoldQuestion", "Spot", "means_no_answer", "read_gold"]

_NO_ANSWER = ("none", "unanswerable", "impossible", "no_answer", "no answer")


def read_gold(path: Path) -> list[Entry]:
    """Every entry of a gold file, usable or not, in order; ``InputError`` if the file cannot be read at all.

    A JSON object with ``data`` is taken for SQuAD, anything else for one JSON object a line. A line whose question
    is empty, or that has a field ``draft``, comes as a ``GoldDraft``; of two questions of one id the second is a
    ``GoldProblem``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}; name a file of questions in UTF-8") from error
    squad = squad_data(text)
    entries = list(_without_doubles(_from_lines(text) if squad is None else read_squad(squad)))
    if not entries:
        raise InputError(f"{path}: no questions in it; see docs/gold.md for the formats")
    return entries


def means_no_answer(kind: str) -> bool:
    """Whether a kind's name says that its questions have no answer: ``none_near``, ``unanswerable``."""
    return kind.casefold().startswith(_NO_ANSWER)


def _without_doubles(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries; one whose id was given before becomes a problem, since nobody could tell the two apart."""
    places: dict[str, str] = {}
    for entry in entries:
        if isinstance(entry, GoldProblem) or entry.id not in places:
            yield entry
        else:
            message = f'the id "{entry.id}" is taken by {places[entry.id]}; give each question its own'
            yield GoldProblem(entry.place, message)
        if not isinstance(entry, GoldProblem):
            places.setdefault(entry.id, entry.place)


def _from_lines(text: str) -> Iterator[Entry]:
    # Not splitlines: it would part a line at the rarer separators that JSON allows inside a text.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _from_line(line, f"line {number}")


def _from_line(line: str, place: str) -> Entry:
    try:
        return _read(object_from(json.loads(line), "the line", '{"question": ..., "answers": [...]}'), place)
    except json.JSONDecodeError as error:
        return GoldProblem(place, f"not JSON ({error.msg} at character {error.pos + 1}); write one object a line")
    except RecursionError:
        return GoldProblem(place, "not usable as JSON (brackets too deep); write one object a line")
    except (InputError, ValueError) as error:
        return GoldProblem(place, str(error))


def _read(raw: Mapping[str, Any], place: str) -> GoldQuestion | GoldDraft:
    question, name = text_in(raw, "question"), str(raw.get("id", place))
    if not question.strip():
        return GoldDraft(name, place, "question")
    if raw.get("draft"):
        return GoldDraft(name, place, "answers")
    spots = spots_in(list_in(raw, "answers"), "start")
    answers = tuple(dict.fromkeys(spot.text for spot in spots))
    history = parse_history(raw["history"]) if raw.get("history") is not None else ()
    context = text_in(raw, "context") if raw.get("context") is not None else None
    if context is not None:
        refuse_misplaced(spots, context)
    asked = Asked(checked_question(question), history, context)
    subset = None if raw.get("set") is None else str(raw["set"])
    return GoldQuestion(name, asked, answers, _kind(raw.get("kind"), answers), subset, place, spots)


def _kind(given: object, answers: tuple[str, ...]) -> str:
    if given is None:
        return plain_kind(answers)
    kind = str(given)
    if answers and means_no_answer(kind):
        raise InputError(f'the kind "{kind}" says that there is no answer, and there are answers; mend one of the two')
    if not answers and kind == "answerable":
        raise InputError('the kind "answerable" stands beside no answers; mend one of the two')
    return kind
