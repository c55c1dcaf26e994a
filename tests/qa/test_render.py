from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.reads import ArticleSummary
from qa.excerpts import Excerpt
from qa.render import (
    add_command,
    render_articles,
    render_header,
    render_notice,
    render_question,
    render_reply,
    spoken_date,
)
from qa.reply import Offer, Reply

EXCERPT = Excerpt(
    "The city paid ", "212 million", " korun.", 40, 51, "Trams are back", "Oravec Post", "2022-06-14", "Tomas Weil"
)
REPLY = Reply("212 million", 0.93, (EXCERPT,), (), (), 0.31)
ARTICLE = ArticleSummary("id", "Trams", "Ann", "Post", "2022-06-14", None, "txt", "2022-06-15T00:00:00+00:00", (), 1)

SAFE_TAGS = {
    "blockquote", "cite", "code", "details", "div", "h1", "h2", "header", "li", "mark", "ol", "p", "section",
    "span", "strong", "summary", "ul",
}  # fmt: skip
SAFE_ATTRIBUTES = {"class", "dir", "role", "aria-label"}


class Tags(HTMLParser):
    """The tags, attributes and text of a piece of HTML."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.names |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def text_of(source: str) -> str:
    return Tags(source).text


def test_an_answer_is_marked_in_its_sentence_with_its_source() -> None:
    shown = render_reply(REPLY)
    assert "The city paid <mark>212 million</mark> korun" in shown
    assert shown.index("qa-answer") < shown.index("qa-sentence")
    assert "Trams are back · Oravec Post · 14 June 2022 · said by Tomas Weil · characters 40–51" in text_of(shown)
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
    assert "<details open" not in shown


def test_without_other_possibilities_there_is_nothing_to_unfold() -> None:
    assert "<details" not in render_reply(REPLY)


@given(st.text(), st.text(), st.one_of(st.none(), st.text()))
def test_no_text_becomes_a_tag_or_breaks_the_block(quote: str, around: str, fact: str | None) -> None:
    hostile = Excerpt(around, quote, around, 0, 1, fact, fact, fact, fact)
    offers = (Offer(hostile, 0.5),)
    reply = Reply(quote, 0.5, (hostile, hostile), offers, (), 0.1)
    article = replace(ARTICLE, title=fact, publisher=fact, published=fact)
    for shown in (
        render_reply(reply),
        render_reply(Reply(None, 0.5, (), offers, (Offer(hostile),), 0.1)),
        render_question(quote),
        render_notice(quote),
        render_articles([article], around),
        render_header([article]),
    ):
        found = Tags(shown)
        assert set(found.tags) <= SAFE_TAGS
        assert found.names <= SAFE_ATTRIBUTES
        assert found.open == []
        assert "\n" not in shown


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
    assert "This library is empty." in text_of(render_articles([]))
    assert add_command() == "qa add FILES"


@pytest.mark.parametrize(
    ("published", "spoken"),
    [("2020-05-08", "8 May 2020"), ("2020-05", "2020-05"), ("soon", "soon"), (None, None)],
)
def test_dates_are_written_as_people_write_them(published: str | None, spoken: str | None) -> None:
    assert spoken_date(published) == spoken
