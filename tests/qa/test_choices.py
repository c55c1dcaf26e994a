from __future__ import annotations

from datetime import date

import pytest

from corpus.errors import InputError
from corpus.filters import Filter
from corpus.library import Library
from corpus.types import Article
from qa import Engine
from qa.choices import Choices, chosen, filter_of, offers


def test_nothing_chosen_is_no_filter() -> None:
    assert filter_of(Choices()) is None
    assert filter_of(Choices((), [], [], "  ", "")) is None
    assert filter_of(Choices(None, None, None, None, None)) is None  # type: ignore[arg-type]  # as an empty menu sends it


def test_all_that_was_chosen_must_hold() -> None:
    choices = Choices(["a1"], ["Bo Post"], ["Ida Lo"], " 2021-05-31 ", "2024-12-31T23:59:00")
    assert filter_of(choices) == Filter(
        frozenset({"a1"}), frozenset({"Bo Post"}), frozenset({"Ida Lo"}), date(2021, 5, 31), date(2024, 12, 31)
    )


@pytest.mark.parametrize(
    "day",
    [
        "31/05/2021",
        "2021-05",
        "2021",
        "2021-02-30",
        "2021-05-310",
        "2021-05-31 or so",
        "yesterday",
        "0000-00-00",
        "x" * 400,
        "<b>",
    ],
)
def test_what_is_no_date_is_told_with_how_to_write_one(day: str) -> None:
    for choices, name in ((Choices(since=day), "From"), (Choices(until=day), "To")):
        with pytest.raises(InputError, match=f"“{name}” is not a date.*write it as in 2021-05-31") as caught:
            filter_of(choices)
        assert len(str(caught.value)) < 120


def test_a_range_that_ends_before_it_begins_is_told_with_the_remedy() -> None:
    with pytest.raises(InputError, match="swap the two"):
        filter_of(Choices(since="2024-01-01", until="2021-01-01"))
    assert filter_of(Choices(since="2024-01-01", until="2024-01-01")) is not None


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        (Choices(), ""),
        (Choices((), (), (), " ", ""), ""),
        (Choices(["a"], ["p", "q"], ["s"]), "1 article, 2 publishers, 1 speaker"),
        (Choices(since="2021-05-31", until="2024-12-31"), "from 2021-05-31, to 2024-12-31"),
    ],
)
def test_what_was_chosen_is_said_in_words(choices: Choices, words: str) -> None:
    assert chosen(choices) == words


def test_a_library_offers_what_it_holds(unread: Engine, speech: Article, weather: Article) -> None:
    articles, publishers, speakers = offers(unread)
    assert articles == [("New quays for Lugo (Lugo Post)", speech.id), (weather.title or "Without a title", weather.id)]
    assert publishers == [("Lugo Post (1)", "Lugo Post")]
    assert ("Ana Silva (1)", "Ana Silva") in speakers


def test_everything_offered_can_be_chosen(unread: Engine) -> None:
    articles, publishers, speakers = offers(unread)
    for choices in (
        *(Choices(articles=[value]) for _, value in articles),
        *(Choices(publishers=[value]) for _, value in publishers),
        *(Choices(speakers=[value]) for _, value in speakers),
    ):
        where = filter_of(choices)
        assert where is not None
        assert isinstance(unread.library, Library)
        assert len(unread.library.catalogue().rowids(where)) >= 1


@pytest.mark.parametrize(
    "choices", [Choices(["00ff"]), Choices(publishers=["Gone Post"]), Choices(speakers=["Nobody Here"])]
)
def test_a_name_that_has_vanished_is_told(unread: Engine, choices: Choices) -> None:
    where = filter_of(choices)
    assert where is not None
    assert isinstance(unread.library, Library)
    with pytest.raises(InputError, match=r"00ff|Gone Post|Nobody Here"):
        unread.library.catalogue().rowids(where)
