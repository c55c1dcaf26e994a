from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from corpus.errors import InputError
from corpus.filters import Filter


def test_nothing_named_lets_everything_through() -> None:
    assert Filter().is_empty
    assert Filter(articles=frozenset()).is_empty
    assert not Filter(until=date(2020, 1, 1)).is_empty


def test_any_collection_of_names_will_do() -> None:
    assert Filter(speakers=["Ana", "Ana"]) == Filter(speakers=frozenset({"Ana"}))  # type: ignore[arg-type]
    assert hash(Filter(publishers={"A"})) == hash(Filter(publishers=frozenset("A")))  # type: ignore[arg-type]


def test_a_moment_stands_for_its_day() -> None:
    assert Filter(since=datetime(2020, 5, 8, 23, 59, tzinfo=UTC)).since == date(2020, 5, 8)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"articles": "c36c"}, "not a set of names"),
        ({"publishers": [3]}, "not a set of names"),
        ({"speakers": {" "}}, "is empty"),
        ({"since": "2020-05-08"}, "is not a date"),
        ({"since": date(2021, 1, 2), "until": date(2021, 1, 1)}, "swap the two"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(fields, said) -> None:
    with pytest.raises(InputError, match=said) as caught:
        Filter(**fields)
    assert "\n" not in str(caught.value)
