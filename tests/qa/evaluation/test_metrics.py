from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluation.metrics import best_exact, best_f1, exact, f1, holds, normalize, percentile

TEXTS = st.text(alphabet=st.sampled_from("aAnNthe THE.,'-0 1é\n日"), max_size=25)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The Denver Broncos", "denver broncos"),
        ("  A   man,\na plan! ", "man plan"),
        ("U.S.A.", "usa"),
        ("theatre another", "theatre another"),
        ("a.n", ""),  # punctuation goes first, so this becomes the article "an"
        ("“quoted”", "“quoted”"),  # only ASCII punctuation goes
        ("The", ""),
    ],
)
def test_normalising(text: str, normal: str) -> None:
    assert normalize(text) == normal


@pytest.mark.parametrize(
    ("predicted", "accepted", "score"),
    [
        ("the big red fox", "red fox runs", 2 / 3),  # 2 shared of 3 and 3
        ("1976", "1976", 1.0),
        ("in 1976", "1976", 2 / 3),  # precision 1/2, recall 1
        ("new new york", "new york city", 2 / 3),  # "new" counts once: 2 of 3 and 3
        ("Oslo", "Bergen", 0.0),
        ("", "", 1.0),
        ("", "Oslo", 0.0),
        ("the", "", 1.0),
    ],
)
def test_f1_by_hand(predicted: str, accepted: str, score: float) -> None:
    assert f1(predicted, accepted) == pytest.approx(score)


def test_the_best_accepted_answer_counts() -> None:
    accepted = ["Denver Broncos", "The Broncos", "Broncos of Denver"]
    assert best_exact("broncos", accepted) == 1.0
    assert best_f1("Denver", accepted) == pytest.approx(2 / 3)


def test_silence_is_right_only_where_no_answer_exists() -> None:
    assert (best_exact("", []), best_f1("", [])) == (1.0, 1.0)
    assert (best_exact("Oslo", []), best_f1("Oslo", [])) == (0.0, 0.0)
    assert (best_exact("", ["Oslo"]), best_f1("", ["Oslo"])) == (0.0, 0.0)
    assert best_exact("", ["the", "..."]) == 1.0  # as the official script: they are no answers


# In the manner of SQuAD, which lists the answers of several people; worked out by hand.
@pytest.mark.parametrize(
    ("predicted", "accepted", "em", "score"),
    [
        ("Denver Broncos", ["Denver Broncos", "Denver Broncos", "Denver Broncos"], 1.0, 1.0),
        (
            "Levi's Stadium in Santa Clara",
            ["Santa Clara, California", "Levi's Stadium", "Levi's Stadium in the San Francisco Bay Area"],
            0.0,
            4 / 7,  # levis stadium of 5 and 2 words: 2 * (2/5) * 1 / (2/5 + 1)
        ),
        ("gold", ["gold", "gold", "gold"], 1.0, 1.0),
        ('"golden anniversary"', ["golden anniversary", "gold-themed"], 1.0, 1.0),
        ("Sunday, February 7, 2016", ["February 7, 2016", "February 7", "February 7, 2016"], 0.0, 6 / 7),
    ],
)
def test_the_best_of_several_peoples_answers_by_hand(
    predicted: str, accepted: list[str], em: float, score: float
) -> None:
    assert best_exact(predicted, accepted) == em
    assert best_f1(predicted, accepted) == pytest.approx(score)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_f1_is_symmetric_and_at_least_exact(one: str, other: str) -> None:
    assert f1(one, other) == pytest.approx(f1(other, one))
    assert exact(one, other) <= f1(one, other) <= 1.0


def test_an_answer_is_held_as_whole_words_in_order() -> None:
    assert holds("It was built in 1920.", ["the 1920"])
    assert holds("a one-hour circle", ["two", "one-hour circle"])
    assert not holds("It cost 19200.", ["1920"])
    assert not holds("York New", ["New York"])
    assert not holds("anything", ["the", ""])


@pytest.mark.parametrize(
    ("text", "answer", "is_held"),
    [
        ("(Xinhua) Updated:2021.05.31 16:20", "2021.05.31", True),
        ("Updated:2021.05.311", "2021.05.31", False),
        ("Nr12021.05.31", "2021.05.31", False),
        ("rated A/B by all", "a/b", True),
        ("the (Old)Town", "old", True),
        ("the OldTown", "old", False),
        ("snow_capped", "snow", True),
        ("a+b", "+", False),
        ("x.*y", ".*", False),
        ("price:5.50.", " 5.50 ", True),
        ("重庆市", "重庆", False),
    ],
)
def test_an_answer_is_held_as_it_is_written_too(text: str, answer: str, is_held: bool) -> None:
    assert holds(text, [answer]) is is_held


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_what_stands_alone_between_spaces_is_held(before: str, answer: str, after: str) -> None:
    assert holds(f"{before} {answer} {after}", [answer]) is bool(normalize(answer))


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 5), (0.95, 10), (0.9, 9), (1.0, 10)])
def test_percentiles_are_values_that_occurred(share: float, value: int) -> None:
    assert percentile(list(range(10, 0, -1)), share) == value
