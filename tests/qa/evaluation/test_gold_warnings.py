from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from qa.batch import Asked
from qa.evaluation.gold import Entry, GoldDraft, GoldProblem, GoldQuestion, Spot
from qa.evaluation.gold_checkup import check_gold

TEXTS = {"ferry": "The ferry Halcyon sailed at 6:15 with 212 passengers from Orsk.\n\nIt was late.", "mill": "Rye."}
WIDE = "The ferry Halcyon sailed at 6:15 with 212 passengers from Orsk.\n\nIt was late."


def question(
    text: str, *answers: str, kind: str = "fact", place: str = "line 1", article: str | None = "ferry", **more: object
) -> GoldQuestion:
    asked = Asked(text, **more)  # type: ignore[arg-type]
    return GoldQuestion(place, asked, answers, kind, None, place, tuple(Spot(article, a, None) for a in answers))


def warned(*questions: GoldQuestion, articles: Mapping[str, str] = TEXTS, place: str = "line 1") -> list[str]:
    found = check_gold(questions, articles)
    assert found.problems == ()
    return [warning.message for warning in found.warnings if warning.place == place]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (("Halcyon", "212"), None),
        (("Halcyon", "The ferry Halcyon"), None),
        (("Halcyon", "Halcyon"), "answers 1 and 2 are the same; delete one"),
        (("The", "212"), "answer 1 “The” has no word that counts; scores pass over it"),
        (("212", WIDE), "answer 2 holds answer 1 and is 13 times as long; is all of it right?"),
        (("212", "ferry Halcyon sailed at 6:15 with 212 passengers", WIDE), None),
    ],
)
def test_doubtful_answers_are_told(answers: tuple[str, ...], message: str | None) -> None:
    assert warned(question("Which ferry?", *answers)) == ([message] if message else [])


def test_answers_that_differ_only_in_case_are_told() -> None:
    texts = {"ferry": "The mill. the mill."}
    assert warned(question("What?", "The mill", "the mill"), articles=texts) == [
        "answers 1 and 2 differ only in case, which scores pass over; delete one"
    ]


def test_squad_may_repeat_an_answer() -> None:
    assert warned(question("Which?", "Rye", "Rye", article=None, context="Rye.")) == []


def test_a_question_asked_twice_is_told_at_the_second() -> None:
    first = question("Which ferry sailed?", "Halcyon")
    second = question("which ferry  sailed", "Halcyon", place="line 2")
    third = question("Which ferry sailed?", "212", place="line 3")
    turns = ({"role": "user", "content": "Hello?"}, {"role": "assistant", "content": "Yes."})
    other = question("Which ferry sailed?", "Halcyon", place="line 4", history=turns)
    found = check_gold([first, second, third, other], TEXTS).warnings
    assert [(warning.place, warning.message) for warning in found if warning.place.startswith("line")] == [
        ("line 2", "asks the same as line 1; delete one of the two"),
        ("line 3", "asks the same as line 1 and accepts other answers; delete one of the two"),
    ]


def test_a_near_question_must_be_near_something() -> None:
    near = question("Who built the ferry Halcyon?", kind="none_near")
    lost = question("Who composed this opera?", kind="none_near")
    assert warned(near) == []
    assert warned(lost) == ['is of kind "none_near", and no paragraph shares 2 words with it; call it far']
    assert warned(question("Who composed this opera?", kind="none_far")) == []


def test_what_the_set_as_a_whole_lacks_is_told() -> None:
    several = [question(f"Question {n}?", "Halcyon", place=f"line {n}") for n in range(1, 6)]
    assert warned(*several, place="the set") == ["1 of 2 articles have no question: mill"]
    mixed = [*several[:4], question("Empty?", place="line 5")]
    messages = warned(*mixed, place="the set")
    assert 'kind "fact" mixes 4 with and 1 without an answer; part the two' in messages
    assert 'only 4 of kind "fact"; from 5 on its figures begin to say something' in warned(
        *several[:4], place="the set"
    )


def test_drafts_are_counted_and_are_no_problem() -> None:
    drafts = [*(GoldDraft(f"d{n}", f"line {n}", "question") for n in (1, 2)), GoldDraft("d3", "line 3", "answers")]
    found = check_gold(drafts, TEXTS)
    assert (found.questions, found.drafts, found.problems) == (0, 3, ())
    assert found.warnings[0] == GoldProblem("line 1", "2 drafts still without a question; write it, or delete the line")
    assert found.warnings[1].message.startswith("1 draft still without answers")


def test_problems_come_in_the_order_of_the_file_with_the_counts() -> None:
    entries: list[Entry] = [
        question("A?", "Halcyon", "absent", place="line 1"),
        GoldProblem("line 2", "not JSON"),
        question("B?", "Rye", article="mill", kind="date", place="line 3"),
        question("C?", kind="none_far", place="line 4"),
        question("D?", "Rye", article=None, context="Rye.", kind="date", place="line 5"),
    ]
    found = check_gold(entries, TEXTS)
    assert [problem.place for problem in found.problems] == ["line 1", "line 2"]
    assert found.kinds == {"fact": 1, "date": 2, "none_far": 1}
    assert found.sets == {"none": 4}
    assert found.articles == {"ferry": 1, "mill": 1, "none": 1, "own text": 1}
    assert json.loads(json.dumps(found.to_dict()))["articles"] == found.articles
    assert found.to_dict()["problems"][1] == {"place": "line 2", "message": "not JSON"}
