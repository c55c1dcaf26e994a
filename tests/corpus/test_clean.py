from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.bundled import bundled_articles
from corpus.clean import clean
from corpus.decode import decode
from corpus.metadata import Metadata
from corpus.sidecar import read_sidecar

BODY = "The bridge over the Orla opened on Monday, two years later than the council had promised."
MORE = "It cost 41 million, said the mayor, who walked across it with three hundred children."

_SHORT = """Home|News|Contact|MUST READ|A Night of Songs|Yes.|Reporter: And then?|Hosted by: The Orla Board|Related||
© 2024 Orla Post|By Ana Diaz ~ 8 May 2024|Read more: Old pier|Tel: 12345|Orla Post Title|I Agree|The winners are:|- One
Home > News > Contact|PRESS RELEASE|Ends|Ferry Returns"""
_LINES = st.sampled_from([BODY, MORE, *_SHORT.replace("\n", "|").replace("~", "·").split("|")])


def paragraphs(text: str, metadata: Metadata | None = None) -> list[str]:
    return clean(text, metadata).split("\n\n")


@given(st.text(max_size=400))
def test_cleaning_any_text_never_raises_and_is_idempotent(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@given(st.lists(_LINES, max_size=25), st.sampled_from(["\n", "\n\n"]), st.sampled_from([None, "Orla Post"]))
def test_cleaning_pages_is_idempotent(lines: list[str], separator: str, publisher: str | None) -> None:
    metadata = Metadata(publisher=publisher)
    once = clean(separator.join(lines), metadata)
    assert clean(once, metadata) == once
    assert not {BODY, MORE, "Reporter: And then?"} & set(lines) - set(once.split("\n\n"))


@pytest.mark.parametrize("with_sidecar", [True, False])
def test_bundled_articles_lose_their_pages_and_keep_their_bodies(with_sidecar: bool) -> None:
    for path in bundled_articles():
        raw = decode(path.read_bytes())
        text = clean(raw, read_sidecar(path) if with_sidecar else None)
        for furniture in ("MUST READ", "ookie", "ICP", "Navigator", "Tourism", "Leaving a message", "Maintenance"):
            assert furniture not in text
        long_lines = [" ".join(line.split()) for line in raw.split("\n") if len(line) > 170]
        assert len(long_lines) > 5
        assert [line for line in long_lines if line not in text] == []


def test_the_interview_keeps_title_byline_headings_and_its_masthead_as_the_publisher() -> None:
    path = bundled_articles()[0]
    lines = paragraphs(decode(path.read_bytes()), read_sidecar(path))
    assert lines[0] == "iChongqing"
    assert lines[1].startswith("Chengdu-Chongqing Economic Circle: Which Aspects")
    assert lines[2] == "By YULING CHEN|May 08,2020"
    assert lines[-1].startswith("In addition, we plan to cooperate")
    assert "Chongqing embraces many development opportunities" in lines


def test_the_report_keeps_its_date_line_and_its_imprint_last() -> None:
    path = bundled_articles()[1]
    lines = paragraphs(decode(path.read_bytes()), read_sidecar(path))
    assert lines[0].startswith("Third Session of Chongqing-Sichuan")
    assert lines[1] == "Updated:2021.05.31"
    assert lines[-2].startswith("Attendees of the meeting/investigation")
    assert lines[-1] == "Hosted by: General Office of the People's Government of Sichuan Province"


def test_a_short_title_right_below_the_menu_stays() -> None:
    assert paragraphs(f"Home\nNews\nSport\nFerry Returns\nBy Ana Diaz\n\n{BODY}") == [
        "Ferry Returns",
        "By Ana Diaz",
        BODY,
    ]


def test_a_teaser_block_inside_the_body_goes_and_the_next_heading_stays() -> None:
    lines = [
        BODY,
        "Related stories",
        "The old pier is sold",
        "What it cost",
        MORE,
        "Read more: The pier",
        "He laughed.",
    ]
    assert paragraphs("\n\n".join(lines)) == [BODY, "What it cost", MORE, "He laughed."]


def test_a_paragraph_that_speaks_of_cookies_inside_the_body_stays() -> None:
    sentence = "We use cookies to analyse traffic and to improve the experience of our visitors."
    assert paragraphs(f"{BODY}\n\n{sentence}\n\n{MORE}") == [BODY, sentence, MORE]


def test_a_list_at_the_end_that_a_paragraph_announces_stays() -> None:
    text = f"{BODY}\n\nThe ministry has three new departments for the coming year:\n\nServices\n\nTourism\n\nInvestment"
    assert paragraphs(text)[-3:] == ["Services", "Tourism", "Investment"]


def test_a_contact_line_at_the_end_of_a_clean_article_stays() -> None:
    line = "For inquiries, please email press@orla.example"
    assert paragraphs(f"{BODY}\n\n{line}")[-1] == line
    assert paragraphs(f"{BODY}\n\n{line}\n\n© 2024 Orla Post") == [BODY]


def test_a_publisher_named_only_in_a_copyright_line_is_kept_by_name() -> None:
    text = f"{BODY}\n\n© 2024 Orla Post. All rights reserved."
    assert paragraphs(text, Metadata(publisher="Orla Post")) == [BODY, "Orla Post"]
    assert paragraphs(text) == [BODY]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "line", ["Home\n", "By A B, C D, E F and G H\n", f"{'A' * 60}: x\n", "MUST READ\nA Night\n", " \n", "\u200d"]
)
def test_a_million_characters_of_anything_are_cleaned_in_seconds(line: str) -> None:
    assert isinstance(clean(line * (1_000_000 // len(line)) + BODY), str)


def test_a_page_of_nothing_but_furniture_stays_whole() -> None:
    assert paragraphs("Home\nNews\nContact") == ["Home", "News", "Contact"]
