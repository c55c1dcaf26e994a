from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.reads import ArticleSummary
from qa.links import Link, read_link
from qa.shelf import SHOWN, render_intake, render_shelf

Reader = Callable[[str], Any]
TRAMS = ArticleSummary("a1", "Trams are back", "Ida Lo", "Oravec Post", "2022-06-14", None, "txt", "2022", (), 7)
CAFE = ArticleSummary("b2", "A Cafe\u0301 in Bo", None, None, None, None, "txt", "2022", (), 1)
SAFE_TAGS = {"div", "p", "table", "thead", "tbody", "tr", "th", "td", "a"}


def rows(page: Any) -> list[str]:
    """The ids of the articles that are listed."""
    links = map(read_link, page.addresses)
    return [link.article_id for link in links if link is not None and link.kind == "article"]


def test_each_article_can_be_opened_and_removed(shown: Reader) -> None:
    page = shown(render_shelf([TRAMS, CAFE]))
    assert [read_link(address) for address in page.addresses] == [
        Link("article", article_id="b2"),
        Link("remove", article_id="b2"),
        Link("article", article_id="a1"),
        Link("remove", article_id="a1"),
    ]
    cells = [page.words(cell) for cell in page.of_tag("td")]
    assert cells == [
        *("A Cafe\u0301 in Bo", "", "", "1", "Remove"),
        *("Trams are back", "Oravec Post", "14 June 2022", "7", "Remove"),
    ]
    assert len(page.of_tag("th")) == 5


@pytest.mark.parametrize(
    ("count", "wanted", "listed", "note"),
    [
        (1, "", 1, "1 article; 7 passages in all."),
        (1, "bridge", 0, "0 of 1 article; 7 passages in all."),
        (3, "", 3, "3 articles; 21 passages in all."),
        (1000, "", SHOWN, "1,000 articles, the first 300 shown; 7,000 passages in all."),
        (1000, "no. 99", 19, "19 of 1,000 articles; 7,000 passages in all."),
    ],
)
def test_the_table_tells_how_many_there_are(shown: Reader, count: int, wanted: str, listed: int, note: str) -> None:
    articles = [replace(TRAMS, id=f"{number:x}", title=f"Trams, no. {number}") for number in range(count)]
    page = shown(render_shelf(articles, wanted))
    assert note in page.text
    assert len(rows(page)) == listed
    assert not listed or rows(page)[0] == f"{count - 1 if not wanted else 999:x}"


def test_an_empty_library_says_how_to_begin(shown: Reader) -> None:
    for wanted in ("", "trams"):
        page = shown(render_shelf([], wanted))
        assert page.text == "No articles yet. Drop files above to begin."


@pytest.mark.parametrize(
    ("wanted", "listed"),
    [
        ("TRAMS", ["a1"]),
        ("back trams", ["a1"]),
        ("  ida   post ", ["a1"]),
        ("trams cafe", []),
        ("caf\xe9", ["b2"]),
        ("cafe\u0301", ["b2"]),
        ("ａ１ oravec", []),
        ("Ｏravec", ["a1"]),
        ("*", []),
        ("", ["b2", "a1"]),
    ],
)
def test_words_are_looked_for_in_title_publisher_and_author(shown: Reader, wanted: str, listed: list[str]) -> None:
    assert rows(shown(render_shelf([TRAMS, CAFE], wanted))) == listed


@given(st.text(), st.one_of(st.none(), st.text()), st.text(), st.booleans())
def test_no_text_acts(shown: Reader, title: str, fact: str | None, wanted: str, well: bool) -> None:
    article = replace(TRAMS, title=title, publisher=fact, published=fact, author=fact)
    page = shown(render_shelf([article, TRAMS], wanted))
    assert {one.tag for one in page.elements} <= SAFE_TAGS
    assert all(read_link(address) for address in page.addresses)
    assert "\n" not in page.source
    intake = shown(render_intake([(title, well)], 1, 1))
    assert {one.tag for one in intake.elements} == {"div", "p", "ul", "li"}
    assert "\n" not in intake.source


def test_a_link_is_never_without_words(shown: Reader) -> None:
    for title in (None, "", "  ", "\n"):
        page = shown(render_shelf([replace(TRAMS, title=title)]))
        assert all(page.words(link).strip() for link in page.of_tag("a"))


@pytest.mark.parametrize(
    ("lines", "done", "total", "state"),
    [
        ([], 0, 2, "Reading 1 of 2…"),
        ([("a.pdf: added", True)], 1, 2, "Reading 2 of 2…"),
        ([("a.pdf: added", True), ("b.exe: not an article", False)], 2, 2, "2 files read."),
        ([("a.pdf: added", True)], 1, 1, "1 file read."),
    ],
)
def test_uploads_are_told_one_after_another(
    shown: Reader, lines: list[tuple[str, bool]], done: int, total: int, state: str
) -> None:
    page = shown(render_intake(lines, done, total))
    assert page.words(page.of_tag("p")[0]) == state
    assert [page.words(item) for item in page.of_tag("li")] == [message for message, _ in lines]
    assert [page.words(item) for item in page.of_class("qa-failed")] == [message for message, well in lines if not well]
