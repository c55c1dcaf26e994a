from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.reads import ArticleSummary
from qa.excerpts import Excerpt
from qa.links import Link, link_to_article, link_to_copy, link_to_edit, read_link
from qa.quotation import quotation
from qa.render import add_command, render_articles, render_header, render_notice, render_question, render_reply
from qa.reply import Offer, Reply
from qa.wording import spoken_date

EXCERPT = Excerpt(
    "The city paid ", "212 million", " korun.", 40, 51, "Trams are back", "Oravec Post", "2022-06-14", "Tomas Weil"
)
REPLY = Reply("212 million", 0.93, (EXCERPT,), (), (), 0.31)
ARTICLE = ArticleSummary("1d", "Trams", "Ann", "Post", "2022-06-14", None, "txt", "2022-06-15T00:00:00+00:00", (), 1)

SAFE_TAGS = {
    "a", "blockquote", "cite", "code", "details", "div", "h1", "h2", "header", "li", "mark", "ol", "p", "section",
    "span", "strong", "summary", "ul",
}  # fmt: skip
SAFE_ATTRIBUTES = {"aria-label", "class", "dir", "href", "open", "role", "title"}
Reader = Callable[[str], Any]


def text_of(source: str) -> str:
    """What a reader sees: all but the ready quotation, which stands hidden behind a link."""
    return html.unescape(re.sub("<[^>]*>", "", re.sub('<span class="qa-ready">[^<]*</span>', "", source)))


def test_an_answer_is_marked_in_its_sentence_with_its_source() -> None:
    shown = render_reply(REPLY)
    assert "The city paid <mark>212 million</mark> korun" in shown
    assert shown.index("qa-answer") < shown.index("qa-sentence")
    assert "1 Trams are back · Oravec Post · 14 June 2022 · said by Tomas Weil · characters 40–51" in text_of(shown)
    assert re.search(r"sure · 93 % 0\.3 s", text_of(shown))


def test_an_answer_that_is_its_whole_sentence_is_not_said_twice() -> None:
    whole = replace(EXCERPT, before="", after="")
    assert text_of(render_reply(replace(REPLY, excerpts=(whole,)))).count("212 million") == 1


def test_several_citations_are_numbered_in_order() -> None:
    second = replace(EXCERPT, quote="213 million", title="Another paper")
    shown = render_reply(replace(REPLY, excerpts=(EXCERPT, second)))
    assert shown.count("<blockquote") == 2
    assert shown.index("<ol") < shown.index("Trams are back") < shown.index("Another paper")


def test_facts_that_are_not_known_are_left_out() -> None:
    bare = Excerpt("", "212 million", " korun.", 0, 11)
    shown = text_of(render_reply(replace(REPLY, excerpts=(bare,))))
    assert "an article without a title · characters 0–11" in shown
    assert "None" not in shown


def test_no_answer_says_so_and_offers_the_closest_passages() -> None:
    passage = Offer(replace(EXCERPT, before="", after=""))
    maybe = Offer(EXCERPT, 0.2)
    shown = render_reply(Reply(None, 0.8, (), (maybe,), (passage,), 0.2))
    assert "Not in these articles." in text_of(shown)
    assert "The closest passages (1)" in shown
    assert "Found, but probably not the answer (1)" in shown
    assert "20 %" in text_of(shown)
    assert shown.count("<details") == 2
    assert shown.index("probably not") < shown.index("<details open") < shown.index("closest passages")


def test_without_other_possibilities_there_is_nothing_to_unfold() -> None:
    assert "<details" not in render_reply(REPLY)


def reply_of(citations: int, alternatives: int, passages: int) -> Reply:
    """A reply whose excerpts each quote other words, "words 0" the first."""
    made = [replace(EXCERPT, quote=f"words {number},", start=number) for number in range(99)]
    offers = iter(made[citations:])
    return Reply(
        made[0].quote if citations else None,
        0.5,
        tuple(made[:citations]),
        tuple(Offer(next(offers), 0.2) for _ in range(alternatives)),
        tuple(Offer(next(offers)) for _ in range(passages)),
        0.1,
    )


@pytest.mark.parametrize("question", ["", "Why were the trams stopped?"])
@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 3), st.integers(0, 999))
def test_every_number_stands_beside_the_words_of_its_place(
    shown: Reader, question: str, citations: int, alternatives: int, passages: int, turn: int
) -> None:
    reply = replace(reply_of(citations, alternatives, passages), asked=question)
    page = shown(render_reply(reply, turn, question))
    chips = page.of_class("qa-chip")
    assert len(chips) == len(reply.places) == citations + alternatives + passages
    sources = [one for one in page.elements if "qa-source" in (one.attributes.get("class") or "")]
    quoted = page.of_tag("blockquote") + [one for one in page.of_tag("span") if one.attributes.get("dir")]
    for number, (chip, source, words) in enumerate(zip(chips, sources, quoted, strict=True)):
        assert page.words(chip) == str(number + 1)
        assert read_link(chip.attributes["href"]) == Link("place", turn, number)
        place = reply.places[number]
        assert place.quote in page.words(words)
        assert words.end <= source.start <= chip.start
        assert page.words(source).endswith(f"characters {place.start}–{place.end}")


def test_the_ready_quotation_stands_behind_its_link(shown: Reader) -> None:
    page = shown(render_reply(replace(REPLY, post="head of the office"), 3))
    (ready,) = page.of_class("qa-ready")
    assert page.words(ready) == quotation(EXCERPT, "head of the office")
    assert link_to_copy(3, 0) in page.addresses
    assert shown(render_reply(reply_of(0, 1, 2))).of_class("qa-ready") == []


@pytest.mark.parametrize(
    ("asked", "typed", "told"),
    [
        ("When did it open?", "When  did it\nopen? ", False),
        ("When did the bridge open?", "When did it open?", True),
        ("When did the bridge open?", "", False),
    ],
)
def test_what_a_question_was_taken_to_mean_is_told_and_can_be_changed(
    shown: Reader, asked: str, typed: str, told: bool
) -> None:
    page = shown(render_reply(replace(REPLY, asked=asked), 5, typed))
    assert (f"Understood as “{asked}”" in page.text) is told
    assert (link_to_edit(5) in page.addresses) is told


@given(st.text(), st.text(), st.one_of(st.none(), st.text()))
def test_no_text_becomes_a_tag_or_leads_elsewhere_or_breaks_the_block(
    shown: Reader, quote: str, around: str, fact: str | None
) -> None:
    hostile = Excerpt(around, quote, around, 0, 1, fact, fact, fact, fact)
    offers = (Offer(hostile, 0.5),)
    reply = Reply(quote, 0.5, (hostile, hostile), offers, (), 0.1, around, fact)
    article = replace(ARTICLE, title=fact, publisher=fact, published=fact)
    for source in (
        render_reply(reply, 1, quote),
        render_reply(Reply(None, 0.5, (), offers, (Offer(hostile),), 0.1, around), 1, quote),
        render_question(quote),
        render_notice(quote),
        render_articles([article], around),
        render_header([article]),
    ):
        page = shown(source)
        assert {one.tag for one in page.elements} <= SAFE_TAGS
        assert {name for one in page.elements for name in one.attributes} <= SAFE_ATTRIBUTES
        assert all(re.fullmatch(r"#qa-(place-1-\d|edit-1|copy-1-0|article-1d)", address) for address in page.addresses)
        assert "\n" not in source


def test_a_question_is_shown_as_typed_and_a_very_long_one_cut() -> None:
    assert html.unescape(render_question("*Who* <b>?")) == '<div class="qa-question">*Who* <b>?</div>'
    assert len(text_of(render_question("why " * 1000))) <= 600


def test_a_notice_begins_with_a_capital() -> None:
    assert text_of(render_notice("the question is empty; type one")) == "The question is empty; type one"
    assert text_of(render_notice("")) == ""


@pytest.mark.parametrize(
    ("articles", "counts"),
    [([], "No articles yet"), ([ARTICLE], "1 article, 1 passage."), ([ARTICLE] * 1200, "1,200 articles, 1,200 pass")],
)
def test_the_header_counts(articles: list[ArticleSummary], counts: str) -> None:
    assert counts in text_of(render_header(articles))


def test_the_list_names_each_article_and_how_to_add_more() -> None:
    shown = text_of(render_articles([ARTICLE], "my library"))
    assert "TramsPost · 14 June 2022" in shown
    assert "qa add FILES --library 'my library'" in shown
    assert link_to_article("1d") in render_articles([ARTICLE])
    assert "This library is empty." in text_of(render_articles([]))
    assert add_command() == "qa add FILES"


@pytest.mark.parametrize(
    ("published", "spoken"),
    [
        ("2020-05-08", "8 May 2020"),
        ("2020-05", "2020-05"),
        ("2021-02-30", "2021-02-30"),
        ("", ""),
        ("soon", "soon"),
        (None, None),
    ],
)
def test_dates_are_written_as_people_write_them(published: str | None, spoken: str | None) -> None:
    assert spoken_date(published) == spoken
