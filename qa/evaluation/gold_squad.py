"""Questions from SQuAD 1.1 and 2.0 files: each asked of the paragraph it comes with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from corpus.errors import InputError
from qa.batch import Asked
from qa.evaluation.gold_entry import (
    Entry,
    GoldProblem,
    GoldQuestion,
    list_in,
    object_from,
    plain_kind,
    refuse_misplaced,
    spots_in,
    text_in,
)
from qa.question import checked_question

__all__ = ["read_squad", "squad_data"]


def squad_data(text: str) -> list[Any] | None:
    """The articles of a SQuAD file's text; ``None`` if it is another format."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):  # several lines of JSON, or something broken: reported line by line
        return None
    data = whole.get("data") if isinstance(whole, dict) else None
    return data if isinstance(data, list) else None


def read_squad(data: list[Any]) -> Iterator[Entry]:
    """Every question of the articles, usable or not, in order."""
    for number, article in enumerate(data, 1):
        where = f"article {number}"
        try:
            for count, paragraph in enumerate(list_in(_object(article, where), "paragraphs"), 1):
                where = f"article {number}, paragraph {count}"
                yield from _from_paragraph(_object(paragraph, where), where)
        except InputError as error:
            yield GoldProblem(where, str(error))


def _from_paragraph(paragraph: Mapping[str, Any], where: str) -> Iterator[Entry]:
    context = text_in(paragraph, "context")
    for number, raw in enumerate(list_in(paragraph, "qas"), 1):
        place = f"{where}, question {number}"
        try:
            yield _from_question(_object(raw, "the question"), context, place)
        except InputError as error:
            yield GoldProblem(place, str(error))


def _from_question(fields: Mapping[str, Any], context: str, place: str) -> GoldQuestion:
    given = list_in(fields, "answers") if "answers" in fields or not fields.get("is_impossible") else []
    # An impossible question of SQuAD 2.0 lists only "plausible_answers", which are the traps.
    if "is_impossible" in fields and bool(fields["is_impossible"]) is bool(given):
        said = "true, and there are answers" if given else "false, and there is no answer"
        raise InputError(f'"is_impossible" is {said}; mend one of the two')
    spots = spots_in(given, "answer_start")
    refuse_misplaced(spots, context)
    answers = tuple(dict.fromkeys(spot.text for spot in spots))
    asked = Asked(checked_question(text_in(fields, "question")), (), context)
    return GoldQuestion(str(fields.get("id", place)), asked, answers, plain_kind(answers), None, place, spots)


def _object(value: object, what: str) -> Mapping[str, Any]:
    return object_from(value, what, "what SQuAD has there")
