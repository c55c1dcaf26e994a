from __future__ import annotations

import json
from typing import Any

import pytest

from qa.evaluation.gold_feedback import drafts_from_ratings, read_ratings

TEXTS = {"ferry": "The ferry Halcyon sailed at 6:15 with 212 passengers."}


def rating(question: str, answer: str | None, verdict: str = "up", **more: Any) -> dict[str, Any]:
    start = -1 if answer is None else TEXTS["ferry"].find(answer)
    cited = [{"article_id": "ferry", "quote": answer, "start": start, "end": 0}] if start >= 0 else []
    return {"question": question, "answer": answer, "verdict": verdict, "citations": cited, **more}


def drafts(*ratings: dict[str, Any], known: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    found, problems = read_ratings("\n".join(json.dumps(one) for one in ratings))
    assert problems == []
    return drafts_from_ratings(found, TEXTS, known)


def test_a_good_answer_becomes_a_finished_question() -> None:
    (draft,) = drafts(rating("How many passengers?", "212", confidence=0.9, answered=True))
    assert draft.pop("id").startswith("rated-")
    answers = [{"article": "ferry", "text": "212", "start": 38}]
    assert draft == {"set": "feedback", "question": "How many passengers?", "answers": answers}


def test_a_bad_answer_waits_for_the_right_one() -> None:
    (draft,) = drafts(rating("When did it sail?", "212", "down", comment="that is a number of people"))
    assert draft["answers"] == []
    assert "add the answers" in draft["draft"]
    assert draft["rejected"] == ["212"]
    assert draft["comments"] == ["that is a number of people"]


def test_agreement_that_there_is_no_answer_is_a_finished_question() -> None:
    (draft,) = drafts(rating("Who built it?", None))
    assert draft["answers"] == []
    assert "draft" not in draft


def test_ratings_of_one_question_make_one_line() -> None:
    (draft,) = drafts(
        rating("When did it sail?", "6:15"),
        rating("when did it  sail", "at 6:15"),
        rating("When did it sail?", "212", "down"),
        rating("When did it sail?", "6:15"),
    )
    assert [answer["text"] for answer in draft["answers"]] == ["6:15", "at 6:15"]
    assert draft["rejected"] == ["212"]
    assert "draft" not in draft


@pytest.mark.parametrize(
    "second", [rating("When?", "6:15", "down"), rating("When?", None)], ids=["both ways", "an answer and none"]
)
def test_contradicting_ratings_are_left_to_decide(second: dict[str, Any]) -> None:
    (draft,) = drafts(rating("When?", "6:15"), second)
    assert draft["draft"].startswith("rated both ways")


def test_an_answer_whose_article_has_changed_is_left_to_mend() -> None:
    moved = rating("When?", "6:15")
    moved["citations"][0]["start"] = 3
    gone = rating("Where?", "212")
    gone["citations"][0]["article_id"] = "mill"
    assert [draft["draft"][:23] for draft in drafts(moved, gone)] == ["the article has changed"] * 2


def test_an_answer_without_citations_is_kept_without_a_place() -> None:
    (draft,) = drafts({"question": "Who?", "answer": "Ada", "verdict": "up"})
    assert draft["answers"] == [{"text": "Ada"}]


def test_turns_before_a_question_tell_it_from_another() -> None:
    turns = [{"role": "user", "content": "Which ferry?"}, {"role": "assistant", "content": "Halcyon"}]
    alone, later = drafts(rating("When?", "6:15"), rating("When?", "212", history=turns))
    assert "history" not in alone
    assert later["history"] == turns
    assert alone["id"] != later["id"]


def test_questions_of_the_gold_file_are_left_out() -> None:
    assert drafts(rating("When did it sail?", "6:15"), known=("When did it sail",)) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not usable as JSON"),
        ("[]", "the line is not a JSON object"),
        ('{"question": "Who?", "answer": "Ada"}', '"verdict" must be'),
        ('{"question": "Who?", "answer": 5, "verdict": "up"}', '"answer" must be'),
        ('{"question": " ", "answer": "Ada", "verdict": "up"}', "the question is empty"),
        ('{"answer": "Ada", "verdict": "up"}', 'no text "question"'),
        ('{"question": "Who?", "answer": "Ada", "verdict": "up", "citations": {}}', 'no list "citations"'),
        ('{"question": "Who?", "answer": "Ada", "verdict": "up", "citations": [{}]}', 'no text "quote"'),
    ],
)
def test_a_broken_rating_is_named_and_the_others_are_read(line: str, reason: str) -> None:
    good = json.dumps(rating("When?", "6:15"))
    ratings, problems = read_ratings(f"{good}\n\n{line}\n{good}\n")
    assert len(ratings) == 2
    assert [problem.place for problem in problems] == ["line 3"]
    assert reason in problems[0].message
