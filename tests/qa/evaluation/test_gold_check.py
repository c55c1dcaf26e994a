from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Span
from qa.batch import Asked
from qa.evaluation.gold import GoldQuestion, Spot
from qa.evaluation.gold_check import check_against
from qa.evaluation.gold_closest import closest

FERRY = "The ferry Halcyon sailed at 6:15. Captain Runa Berg counted 212 passengers. Captain Berg smiled."
TEXTS = {"ferry": FERRY, "mill": "The old mill at Tarn grinds rye again."}


def question(*spots: Spot, context: str | None = None, place: str = "line 1") -> GoldQuestion:
    answers = tuple(spot.text for spot in spots)
    return GoldQuestion("q", Asked("Who?", (), context), answers, "fact", None, place, spots)


def messages(*questions: GoldQuestion) -> list[str]:
    return [problem.message for problem in check_against(questions, TEXTS)]


def test_words_that_stand_in_their_article_are_right() -> None:
    spots = (Spot("ferry", "Runa Berg", None), Spot("ferry", "Captain", 76), Spot(None, "anything", None))
    assert FERRY.index("Captain", 40) == 76
    assert messages(question(*spots)) == []


@pytest.mark.parametrize(
    ("spot", "message"),
    [
        (
            Spot("ferry", "runa  berg", None),
            "answer 1 “runa berg” is not in article ferry; the closest text is “Runa Berg” at 42",
        ),
        (
            Spot("ferry", "over 212 pasengers", None),
            "answer 1 “over 212 pasengers” is not in article ferry; the closest text is “212 passengers” at 60",
        ),
        (
            Spot("ferry", "old mill", None),
            "answer 1 “old mill” is not in article ferry; it stands in article mill at 4",
        ),
        (
            Spot("ferry", "quantum", None),
            "answer 1 “quantum” is not in article ferry; nothing like it stands there: quote the article's own words",
        ),
        (Spot("ferry", "Captain", 70), "answer 1 “Captain” does not start at 70 of article ferry; it starts at 76"),
        (Spot("ferry", "Captain", 40), "answer 1 “Captain” does not start at 40 of article ferry; it starts at 34"),
        (Spot("ferry", "212", 9_999), "answer 1 “212” does not start at 9,999 of article ferry; it starts at 60"),
        (
            Spot("ferry", "Halcyon", None, in_text=False),
            'answer 1 stands in article ferry at 10; delete its "in_text": false',
        ),
    ],
)
def test_what_is_wrong_is_said_with_the_remedy(spot: Spot, message: str) -> None:
    assert messages(question(Spot("mill", "rye", None), place="line 1"), question(spot)) == [message]


def test_words_said_to_be_outside_the_text_are_not_looked_for() -> None:
    assert messages(question(Spot("ferry", "+47 55 12", None, in_text=False))) == []


def test_an_unknown_article_is_one_problem_with_the_count_of_its_questions() -> None:
    lost = [question(Spot("fery", "212", None), Spot("fery", "6:15", None), place=f"line {n}") for n in (2, 3)]
    (problem,) = check_against([question(), *lost], TEXTS)
    assert problem.place == "line 2"
    assert problem.message == "article “fery” is not in the library (2 questions); is “ferry” meant?"
    (far,) = messages(question(Spot("0123456789", "212", None)))
    assert far.endswith("add it, or name the library that holds it")


def test_an_answer_to_a_question_with_its_own_text_must_stand_there() -> None:
    (message,) = messages(question(Spot(None, "troy", None), context="Troy fell."))
    assert message == "answer 1 “troy” is not in its context; the closest text is “Troy” at 0"
    assert messages(question(Spot("nowhere", "Troy", 0), context="Troy fell.")) == []


def test_every_wrong_answer_is_named_in_order() -> None:
    bad = question(Spot("ferry", "x1", None), Spot("ferry", "212", None), Spot("ferry", "x3", None), place="line 7")
    problems = check_against([bad, question(Spot("mill", "zzz", None), place="line 8")], TEXTS)
    assert [(problem.place, problem.message[:8]) for problem in problems] == [
        ("line 7", "answer 1"),
        ("line 7", "answer 3"),
        ("line 8", "answer 1"),
    ]


def test_closest_prefers_the_rare_words() -> None:
    text = "The mayor of the town met the mayor of the port. The lighthouse of Orsk burnt down."
    span = closest(text, "the lighthouse in Orsk")
    assert span is not None
    assert span.of(text) == "The lighthouse of Orsk"


@given(st.text(max_size=200), st.text(max_size=60))
def test_closest_gives_a_span_of_the_text_or_nothing(text: str, wanted: str) -> None:
    span = closest(text, wanted)
    assert span is None or (len(span) > 0 and span.end <= len(text))


@given(st.text(alphabet="ab \n.,", min_size=1, max_size=80), st.data())
def test_a_stretch_of_the_text_is_never_wrong_where_it_stands(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    spot = Spot("a", span.of(text), span.start)
    assert check_against([question(spot)], {"a": text}) == []
