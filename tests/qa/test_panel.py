from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.types import Article, Span
from qa import Engine
from qa.conversation import Turn
from qa.excerpts import Excerpt, excerpt_of_passage, excerpt_of_span
from qa.links import Link, link_to_edit, link_to_place, read_link
from qa.panel import GONE, panel_of, question_of
from qa.render import render_reply
from qa.reply import Offer, Reply

Reader = Callable[[str], Any]


def place(article: Article, words: str) -> Excerpt:
    start = article.text.index(words)
    return excerpt_of_span(article, Span(start, start + len(words)))


@pytest.fixture
def reply(speech: Article, weather: Article) -> Reply:
    """Two citations, two other possibilities and a passage, in two articles."""
    return Reply(
        "two quays",
        0.9,
        (place(speech, "two quays"), place(speech, "the second quay".replace("the", "The"))),
        (Offer(place(weather, "nine days"), 0.2), Offer(place(speech, "May"), 0.1)),
        (Offer(excerpt_of_passage(weather, Span(0, len(weather.text)))),),
        0.2,
        "How many quays?",
    )


@pytest.fixture
def turns(reply: Reply) -> tuple[Turn, ...]:
    """A question that failed and one that was answered."""
    question = "And how many?"
    return Turn("?", "", "", failed=True), Turn(question, "two quays", render_reply(reply, 1, question), reply=reply)


def follow(engine: Engine, turns: tuple[Turn, ...], address: str) -> str | None:
    link = read_link(address)
    return None if link is None else panel_of(engine, turns, link)


def test_each_number_in_an_answer_opens_the_words_it_stands_for(
    unread: Engine, turns: tuple[Turn, ...], reply: Reply, shown: Reader
) -> None:
    answer = shown(turns[1].shown)
    chips = answer.of_class("qa-chip")
    assert [answer.words(chip) for chip in chips] == ["1", "2", "3", "4", "5"]
    for chip, expected in zip(chips, reply.places, strict=True):
        page = shown(follow(unread, turns, chip.attributes["href"]) or "")
        body = page.of_class("qa-body")[0].start
        hit = [Span(one.start - body, one.end - body) for one in page.of_class("qa-current")]
        assert (hit[0].start, hit[-1].end) == (expected.start, expected.end)
        assert page.words(page.of_tag("h2")[0]) == (expected.title or "Without a title")
        assert "".join(map(page.words, page.of_class("qa-current"))) == expected.quote


def test_a_passage_that_answered_nothing_is_marked_quietly(
    unread: Engine, turns: tuple[Turn, ...], reply: Reply, shown: Reader
) -> None:
    passage = shown(follow(unread, turns, link_to_place(1, 4)) or "")
    near = passage.of_class("qa-near")
    assert near
    assert near == passage.of_class("qa-current")
    assert "".join(map(passage.words, near)) == reply.passages[0].excerpt.quote
    beside = shown(follow(unread, turns, link_to_place(1, 2)) or "")
    (asked_for,) = beside.of_class("qa-current")
    assert beside.words(asked_for) == "nine days"
    assert asked_for not in beside.of_class("qa-near")
    assert beside.of_class("qa-near"), "the rest of the passage around it"


def test_the_ways_between_places_stay_in_the_article_and_lead_round(
    unread: Engine, turns: tuple[Turn, ...], shown: Reader
) -> None:
    address, seen = link_to_place(1, 0), []
    for _ in range(3):
        page = shown(follow(unread, turns, address) or "")
        seen.append(page.words(page.of_class("qa-current")[0]))
        (after,) = [one for one in page.elements if one.attributes.get("data-key") == "n"]
        address = after.attributes["href"]
    assert seen == ["two quays", "The second quay", "May"]
    assert address == link_to_place(1, 0)


def test_a_place_that_is_shown_twice_is_one_step(unread: Engine, turns: tuple[Turn, ...], shown: Reader) -> None:
    reply = turns[1].reply
    assert reply is not None
    twice = replace(reply, passages=(Offer(reply.excerpts[0]),))
    talk = (turns[0], replace(turns[1], reply=twice))
    for number in (0, 4):
        assert "of 3" in shown(follow(unread, talk, link_to_place(1, number)) or "").text


@pytest.mark.parametrize(
    "address",
    ["#qa-place-1-5", "#qa-place-0-0", "#qa-place-2-0", "#qa-place-999999-999999", link_to_edit(1), "#qa-remove-ab"],
)
def test_forged_addresses_lead_nowhere(unread: Engine, turns: tuple[Turn, ...], address: str) -> None:
    assert follow(unread, turns, address) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.builds(Link, st.sampled_from(["place", "edit", "article", "remove"]), st.integers(0), st.integers(0)))
def test_no_link_breaks_an_empty_conversation(unread: Engine, link: Link) -> None:
    found = panel_of(unread, (), link)
    assert found is None or (link.kind == "article" and GONE in found.replace("&#46;", "."))
    assert question_of((), link) is None


def test_an_article_that_is_gone_is_told(
    unread: Engine, turns: tuple[Turn, ...], weather: Article, shown: Reader
) -> None:
    assert GONE in shown(follow(unread, turns, "#qa-article-00ff") or "").text
    unread.library.remove(weather.id)
    page = shown(follow(unread, turns, link_to_place(1, 2)) or "")
    assert GONE in page.text
    assert page.addresses == ["#qa-list"]
    assert "two quays" in shown(follow(unread, turns, link_to_place(1, 0)) or "").text


def test_the_list_and_an_article_are_shown(
    unread: Engine, turns: tuple[Turn, ...], speech: Article, shown: Reader
) -> None:
    listed = shown(follow(unread, turns, "#qa-list") or "")
    assert "Lugo Post · 2 March 2021" in listed.text
    opened = shown(follow(unread, (), f"#qa-article-{speech.id}") or "")
    assert opened.words(opened.of_class("qa-body")[0]) == speech.text
    assert opened.of_tag("mark") == []
    assert all(read_link(address) for address in (*listed.addresses, *opened.addresses))


def test_the_question_is_given_back_as_it_was_understood(turns: tuple[Turn, ...]) -> None:
    assert question_of(turns, Link("edit", 1)) == "How many quays?"
    assert question_of(turns, Link("edit", 0)) is None
    assert question_of(turns, Link("edit", 2)) is None
    assert question_of(turns, Link("place", 1)) is None
