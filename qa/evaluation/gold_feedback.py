"""Ratings that users gave to answers, as gold questions: a good answer is accepted, a bad one waits for the right one.

A rating is one JSON object a line: ``{"question", "answer", "verdict": "up" or "down", "comment"?, "citations"?,
"history"?, "only"?}``, where ``answer`` is ``null`` where the articles were said to hold none, ``citations`` are those
of the answer object that ``qa ask --json`` prints, and ``only`` says which part of the library was looked in, if not
all of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpus.errors import InputError
from qa.evaluation.gold_entry import GoldProblem, list_in, object_from, text_in
from qa.evaluation.metrics import normalize
from qa.predict import parse_history
from qa.question import checked_question

__all__ = ["Rating", "drafts_from_ratings", "read_ratings"]


@dataclass(frozen=True, slots=True)
class Rating:
    """One thumb up or down; ``places`` are the cited places of the answer as (article, start, text)."""

    question: str
    history: tuple[Mapping[str, str], ...]
    answer: str | None
    is_good: bool
    comment: str | None
    places: tuple[tuple[str, int, str], ...]
    is_of_part: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """The same for ratings of one question in one conversation."""
        return (normalize(self.question), tuple((turn["role"], turn["content"]) for turn in self.history))


def read_ratings(text: str) -> tuple[list[Rating], list[GoldProblem]]:
    """The ratings of a file's text, and what is wrong with the lines that hold none."""
    ratings, problems = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            ratings.append(_rating(object_from(json.loads(line), "the line", '{"question": ..., "verdict": ...}')))
        except (InputError, ValueError, RecursionError) as error:
            reason = "not usable as JSON; write one object a line" if not isinstance(error, InputError) else str(error)
            problems.append(GoldProblem(f"line {number}", reason))
    return ratings, problems


def drafts_from_ratings(
    ratings: Iterable[Rating], articles: Mapping[str, str], known: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """One line of a gold file for each rated question, in order; those among the ``known`` questions are left out.

    Answers found good are accepted, together where several were. A question that has only bad ratings, one answer
    rated both ways, and an answer whose words no longer stand in ``articles`` give a line with the field ``draft``.
    """
    skipped = {normalize(question) for question in known}
    rated: dict[tuple[object, ...], list[Rating]] = {}
    for rating in ratings:
        if rating.history or normalize(rating.question) not in skipped:
            rated.setdefault(rating.key, []).append(rating)
    return [_draft(group, articles) for group in rated.values()]


def _rating(raw: Mapping[str, Any]) -> Rating:
    verdict, answer, comment = raw.get("verdict"), raw.get("answer"), raw.get("comment")
    if verdict not in ("up", "down"):
        raise InputError('"verdict" must be "up" or "down"')
    if answer is not None and not isinstance(answer, str):
        raise InputError('"answer" must be a text, or null where none was given')
    history = tuple(parse_history(raw["history"])) if raw.get("history") is not None else ()
    citations = list_in(raw, "citations") if raw.get("citations") is not None else []
    return Rating(
        checked_question(text_in(raw, "question")),
        history,
        answer or None,
        verdict == "up",
        comment if isinstance(comment, str) and comment.strip() else None,
        tuple(_places(answer, citations)) if answer else (),
        bool(raw.get("only")),
    )


def _places(answer: str, citations: Iterable[object]) -> Iterator[tuple[str, int, str]]:
    """Where the citations that quote the answer itself stand."""
    for raw in citations:
        cited = object_from(raw, "a citation", '{"article_id": ..., "quote": ..., "start": ...}')
        start, quote = cited.get("start"), text_in(cited, "quote")
        if (
            isinstance(start, int)
            and not isinstance(start, bool)
            and start >= 0
            and normalize(quote) == normalize(answer)
        ):
            yield text_in(cited, "article_id"), start, quote


def _draft(group: list[Rating], articles: Mapping[str, str]) -> dict[str, Any]:
    good = [rating for rating in group if rating.is_good]
    answers = _accepted(good)
    draft: dict[str, Any] = {"id": _id(group[0]), "set": "feedback", "question": group[0].question}
    if group[0].history:
        draft["history"] = [dict(turn) for turn in group[0].history]
    draft["answers"] = answers
    if todo := _todo(group, good, answers, articles):
        draft["draft"] = todo
    bad = list(dict.fromkeys(rating.answer for rating in group if not rating.is_good))
    comments = list(dict.fromkeys(rating.comment for rating in group if rating.comment))
    return {**draft, **({"rejected": bad} if bad else {}), **({"comments": comments} if comments else {})}


def _accepted(good: Iterable[Rating]) -> list[dict[str, Any]]:
    found: dict[tuple[str | None, str], dict[str, Any]] = {}
    for rating in good:
        for article, start, text in rating.places:
            found.setdefault((article, text), {"article": article, "text": text, "start": start})
        if rating.answer and not rating.places:
            found.setdefault((None, rating.answer), {"text": rating.answer})
    return list(found.values())


def _todo(
    group: list[Rating], good: list[Rating], answers: list[dict[str, Any]], articles: Mapping[str, str]
) -> str | None:
    """What is left to do before the question can be used; ``None`` if it is finished."""
    if not good:
        return "add the answers, or leave the list empty where the articles hold none; then delete this field"
    if all(rating.is_of_part for rating in good):  # what a part does not hold, or holds once, the whole may tell twice
        return "asked of a part of the articles; see whether it is right for all of them, then delete this field"
    liked, disliked = {rating.answer for rating in good}, {rating.answer for rating in group if not rating.is_good}
    if liked & disliked or (None in liked and len(liked) > 1):
        return "rated both ways; decide, then delete this field"
    for answer in answers:
        text = articles.get(answer.get("article", ""), "")
        if "article" in answer and not text.startswith(answer["text"], answer["start"]):
            return "the article has changed or is gone; mend the answers, then delete this field"
    return None


def _id(rating: Rating) -> str:
    # Made of the words, so that the same question rated again next month gets the same id.
    return "rated-" + hashlib.sha256(repr(rating.key).encode("utf-8", "replace")).hexdigest()[:10]
