from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.types import Article, Span, Turn
from qa.links import Link, link_to_place, read_link
from qa.source_view import LONGEST_VIEW, render_source, window_of

Places = list[tuple[int, int, Span]]
Reader = Callable[[str], Any]

# What texts are hard to show: other scripts and directions, letters of several characters, ends of lines, markup.
HARD = st.sampled_from(
    ["👩‍🚀", "e\u0301", "שלום", "\u202e", "\r\n", "\n\n", "\x00", "\x85", "\t", "  ", "<b>", "&amp;", "*", "中"]
)
TEXTS = st.lists(st.one_of(st.text(), HARD), min_size=1).map("".join).filter(bool)


@st.composite
def articles(draw: st.DrawFn) -> tuple[Article, Places, int]:
    """An article with labels, with places found in it, and which of them was asked for."""
    text = draw(TEXTS)
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted).filter(lambda s: s[0] < s[1])
    drawn = [Span(*span) for span in draw(st.lists(spans, min_size=1, max_size=7))]
    labels, found = drawn[: len(drawn) // 2], drawn[len(drawn) // 2 :]
    turns = tuple(Turn(Span(label.start, len(text)), label.of(text), label) for label in labels)
    places = [(7, number, span) for number, span in enumerate(found)]
    return Article("ab", text, turns=turns), places, draw(st.integers(0, max(0, len(found) - 1)))


def as_seen(text: str) -> str:
    """The text with what no browser shows replaced."""
    return "".join(
        "\ufffd" if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r" else c for c in text
    )  # fmt: skip


def covered(spans: list[Span]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


@settings(deadline=None)
@given(articles())
def test_the_text_is_shown_to_the_character_and_every_place_marked(
    shown: Reader, drawn: tuple[Article, Places, int]
) -> None:
    article, places, current = drawn
    page = shown(render_source(article, places, current))
    (body,) = page.of_class("qa-body")
    assert page.words(body) == as_seen(article.text)

    def spans(elements: list[Any]) -> list[Span]:
        return [Span(one.start - body.start, one.end - body.start) for one in elements]

    assert covered(spans(page.of_tag("mark"))) == covered([span for _, _, span in places])
    assert covered(spans(page.of_tag("b"))) == covered([turn.label for turn in article.turns])
    asked_for = [places[current][2]] if places else []
    assert covered(spans(page.of_class("qa-current"))) == covered(asked_for)
    hits = spans([one for one in page.elements if one.attributes.get("id") == "qa-hit"])
    assert [hit.start for hit in hits] == [span.start for span in asked_for]
    assert all(one.start < one.end for one in page.of_tag("mark"))
    assert "\n" not in page.source


@given(st.text(), st.text(), st.text(), st.text())
def test_what_is_known_of_an_article_is_shown_without_effect(
    shown: Reader, title: str, author: str, publisher: str, published: str
) -> None:
    page = shown(render_source(Article("ab", "Text.", title, author, publisher, published)))
    (heading,) = page.of_tag("h2")
    assert page.words(heading) == as_seen(title or "Without a title")
    assert {one.tag for one in page.elements} <= {"p", "a", "article", "header", "h2", "div"}
    assert page.addresses == ["#qa-list"]


def test_facts_are_told_in_words(shown: Reader) -> None:
    article = Article("ab", "Text.", "Rain", "Ida Lo", "Bo Post", "2021-03-02")
    assert "Bo Post · by Ida Lo · 2 March 2021" in shown(render_source(article)).text
    assert "None" not in shown(render_source(Article("ab", "Text."))).text


def test_an_article_without_places_has_no_way_between_them(shown: Reader) -> None:
    for places in ([], [(0, 0, Span(0, 4))]):
        page = shown(render_source(Article("ab", "Text."), places))
        assert page.of_tag("nav") == []


def test_the_ways_lead_round_all_places_in_both_directions(shown: Reader) -> None:
    article = Article("ab", "one two three four")
    places = [(4, 2, Span(8, 13)), (4, 0, Span(0, 3)), (4, 5, Span(4, 7))]
    for current in range(3):
        page = shown(render_source(article, places, current))
        listed, before, after = map(read_link, page.addresses)
        assert listed == Link("list")
        assert before == Link("place", *places[current - 1][:2])
        assert after == Link("place", *places[(current + 1) % 3][:2])
        assert f"{current + 1} of 3" in page.text
        (paper,) = page.of_class("qa-paper")
        assert link_to_place(*places[current][:2]).endswith(f"-place-{paper.attributes['data-place']}")


@pytest.mark.parametrize("line", [80, 50_000, 1_000_000], ids=["short lines", "long lines", "one line"])
@pytest.mark.parametrize("at", [0, 3, 400_000, 999_990])
def test_of_a_million_characters_those_around_the_place_are_shown(shown: Reader, line: int, at: int) -> None:
    text = (("abcdefghijklm" * line)[: line - 1] + "\n") * (1_000_000 // line)
    place = Span(at, at + 10)
    html = render_source(Article("ab", text), [(0, 0, place)])
    page = shown(html)
    (body,) = page.of_class("qa-body")
    window = window_of(text, place)
    assert page.words(body) == window.of(text)
    assert len(window) <= LONGEST_VIEW
    assert len(html) < 3 * LONGEST_VIEW
    (hit,) = page.of_class("qa-current")
    assert page.words(hit) == place.of(text)
    assert f"Characters {window.start:,}–{window.end:,} of 1,000,000 are shown." in page.text


@settings(deadline=None)
@given(st.lists(st.integers(0, 70_000), min_size=1, max_size=8), st.data())
def test_a_window_holds_its_place_with_much_of_the_text_on_either_side(lines: list[int], data: st.DataObject) -> None:
    text = "\n".join("x" * length for length in lines)
    start = data.draw(st.integers(0, len(text)))
    at = Span(start, data.draw(st.integers(start, min(len(text), start + 20_000))))
    window = window_of(text, at)
    assert window.contains(at)
    assert len(window) <= LONGEST_VIEW
    assert window.start <= max(0, at.start - 29_000)
    assert window.end >= min(len(text), at.start + 29_000)
    if len(text) <= LONGEST_VIEW:
        assert window == Span(0, len(text))


def test_names_before_what_people_say_are_shown_strong_in_a_window_too(shown: Reader) -> None:
    line = "Ida Lo: It rained, and then it rained again.\n"
    text = line * 4_000
    turns = tuple(Turn(Span(at, at + 45), "Ida Lo", Span(at, at + 6)) for at in range(0, len(text), 45))
    page = shown(render_source(Article("ab", text, turns=turns), [(0, 0, Span(90_002, 90_010))]))
    (body,) = page.of_class("qa-body")
    assert "".join(map(page.words, page.of_tag("b"))) == "Ida Lo" * page.words(body).count("Ida Lo")
    assert page.words(page.of_class("qa-current")[0]) == "a Lo"


def test_a_window_begins_and_ends_with_whole_lines_where_they_are_short() -> None:
    text = "\n".join(f"line {number}" for number in range(20_000))
    window = window_of(text, Span(100_000, 100_006))
    assert text[window.start - 1] == "\n"
    assert text[window.end] == "\n"


def test_a_place_longer_than_the_window_is_shown_from_its_beginning(shown: Reader) -> None:
    text = "a" * 200_000
    page = shown(render_source(Article("ab", text), [(0, 0, Span(50_000, 190_000))]))
    (hit,) = page.of_class("qa-current")
    assert hit.attributes["id"] == "qa-hit"
    assert 30_000 <= len(page.words(hit)) <= LONGEST_VIEW
