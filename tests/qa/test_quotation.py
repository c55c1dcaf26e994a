from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import article_from_text
from corpus.types import Article
from qa.excerpts import Excerpt
from qa.quotation import post_of, quotation

FACT = st.one_of(st.none(), st.text())


@given(st.text(), FACT, FACT, FACT, FACT, FACT)
def test_a_quotation_is_one_line_whose_end_is_seen(
    quote: str, title: str | None, publisher: str | None, published: str | None, speaker: str | None, post: str | None
) -> None:
    ready = quotation(Excerpt("", quote, "", 0, 1, title, publisher, published, speaker), post)
    assert len(ready.splitlines()) == 1
    assert ready.startswith("“")
    inner, end, _ = ready[1:].partition("”")
    assert end
    assert not set('“"„') & set(inner)
    assert [c for c in inner if c.isalnum()] == [c for c in quote if c.isalnum()]


@pytest.mark.parametrize(
    ("excerpt", "post", "expected"),
    [
        (Excerpt("", "It rained.", "", 0, 10), None, "“It rained.”"),
        (Excerpt("", "It rained.", "", 0, 10, speaker="Ida Lo"), "Mayor of Bo", "“It rained.” — Ida Lo, Mayor of Bo"),
        (Excerpt("", "It rained.", "", 0, 10), "Mayor of Bo", "“It rained.”"),
        (Excerpt("", "It rained.", "", 0, 10, "Rain", page=4), None, "“It rained.” — “Rain”, p. 4"),
        (
            Excerpt("", 'He said “no” and "yes".', "", 0, 10, "A “small” rain", "Bo Post", "spring 2021", "Ida Lo"),
            None,
            "“He said ‘no’ and 'yes'.” — Ida Lo, in “A ‘small’ rain”, Bo Post, spring 2021",
        ),
        (Excerpt("", " two\r\n\n  lines  here\n", "", 0, 10), None, "“two lines  here”"),
        (Excerpt("It ", "rained", " all day.", 3, 9), None, "“It rained all day.”"),
        (
            Excerpt("He said that it ", "rained", ".", 3, 9, "Rain", speaker="Ida Lo", reported=True),
            "Mayor of Bo",
            "“He said that it rained.” — “Rain”, reporting Ida Lo, Mayor of Bo",
        ),
        (Excerpt("", "„Ja“", "", 0, 4, publisher="Bo\nPost"), None, "“‚Ja‘” — Bo Post"),
    ],
)
def test_what_is_known_follows_the_words(excerpt: Excerpt, post: str | None, expected: str) -> None:
    assert quotation(excerpt, post) == expected


def about(text: str) -> Article:
    return article_from_text(text, clean=False)


LUGO = about("The council met, and Ana Silva, Mayor of Lugo, opened the session.\n\nAna Silva: We build two quays.")


@pytest.mark.parametrize("speaker", ["Ana Silva", "ANA SILVA", "Ms. Ana  Silva"])
def test_the_post_beside_a_name_is_found(speaker: str) -> None:
    assert post_of(speaker, [LUGO]) == "Mayor of Lugo"


@pytest.mark.parametrize(
    "speaker", [None, "", "  ", "Bo Lund", "Anas Silva", "Ana Silvas", "Ana de Silva", "Reporter", ".", "(", "👩"]
)
def test_nobody_else_is_given_that_post(speaker: str | None) -> None:
    assert post_of(speaker, [LUGO]) is None


def test_people_whose_names_have_one_stem_are_told_apart() -> None:
    text = "Jan Berg, Mayor of Tarn, came first. Jan Berger, head of the harbour office, came later."
    assert post_of("Jan Berg", [about(text)]) == "Mayor of Tarn"
    assert post_of("Jan Berger", [about(text)]) == "head of the harbour office"


def test_the_first_article_that_names_a_post_tells_it() -> None:
    other = about("Ana Silva, Director of the Port of Vigo, was ill.")
    silent = about("Ana Silva was not asked.")
    assert post_of("Ana Silva", [silent, other, LUGO]) == "Director of the Port of Vigo"
    assert post_of("Ana Silva", []) is None


def test_the_longer_of_two_posts_is_told() -> None:
    text = "Ana Silva, director, spoke.\n\nOn Sunday, Ana Silva, Director of the Port of Vigo, left."
    assert post_of("Ana Silva", [about(text)]) == "Director of the Port of Vigo"
