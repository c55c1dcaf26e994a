from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import article_from_text, read_article
from corpus.bundled import bundled_articles
from corpus.errors import ArticleError
from corpus.locate import locate
from corpus.metadata import Metadata

INTERVIEW = """Home
News
Contact

Ferries return to the lake

By Ana Diaz|May 08,2020

Reporter: Does the old ferry still float?

Ove Holm: It floats.\r\n\r\nThat is all I ask of it.

© 2020 Lake Post"""


def test_an_article_from_text_is_cleaned_and_described() -> None:
    article = article_from_text(INTERVIEW)
    assert article.text.split("\n\n")[0] == "Ferries return to the lake"
    assert article.text.endswith("That is all I ask of it.")
    assert (article.title, article.author, article.published) == (
        "Ferries return to the lake",
        "Ana Diaz",
        "2020-05-08",
    )
    assert (article.publisher, article.url, article.format) == (None, None, "txt")
    assert [turn.speaker for turn in article.turns] == ["Reporter", "Ove Holm"]
    assert all(turn.label.of(article.text) == turn.speaker for turn in article.turns)


def test_the_id_is_taken_from_the_final_text() -> None:
    article = article_from_text(INTERVIEW)
    assert article.sha256 == hashlib.sha256(article.text.encode()).hexdigest()
    assert article.id == article.sha256[:16]
    assert article_from_text(article.text).id == article.id
    assert article_from_text(INTERVIEW, metadata=Metadata(title="Other")).id == article.id


def test_stated_metadata_outranks_the_text() -> None:
    article = article_from_text(INTERVIEW, metadata=Metadata(author="A. Diaz", url="https://lake.example"))
    assert (article.author, article.url, article.published) == ("A. Diaz", "https://lake.example", "2020-05-08")


@given(st.text(min_size=1, max_size=200))
def test_without_cleaning_the_text_is_taken_as_given(text: str) -> None:
    if not text.strip():
        with pytest.raises(ArticleError, match="empty"):
            article_from_text(text, clean=False)
        return
    article = article_from_text(text, clean=False)
    assert article.text == text
    assert all(span.of(text) for span in locate(article).values())


@pytest.mark.parametrize("text", ["", " \n\u200b", "\u00a0"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(ArticleError, match="empty"):
        article_from_text(text)


def test_half_a_character_is_refused_or_replaced() -> None:
    with pytest.raises(ArticleError, match="surrogate"):
        article_from_text("Ferry \ud800", clean=False)
    assert article_from_text("Ferry \ud800").text == "Ferry \ufffd"


def test_facts_hold_no_half_character_and_drive_no_terminal() -> None:
    facts = Metadata(title="Half \ud800\x1b[2J", author="\u202e\u200b", url="https://\u200b")
    article = article_from_text(INTERVIEW, metadata=facts)
    assert (article.title, article.author, article.url) == ("Half \ufffd[2J", "Ana Diaz", None)


def test_a_sidecar_outranks_front_matter_which_outranks_the_text(tmp_path: Path) -> None:
    path = tmp_path / "ferry.md"
    path.write_text(
        "---\ntitle: From the front matter\nauthor: Front Matter\n---\n"
        "# From the heading\n\nBy Text Byline | 8 May 2024\n\n"
        "The ferry sailed again on Monday, and everybody waved from the old pier."
    )
    (tmp_path / "ferry.meta.json").write_text(json.dumps({"author": "Side Car"}))
    article = read_article(path)
    assert (article.title, article.author, article.published) == ("From the front matter", "Side Car", "2024-05-08")
    assert article.format == "md"


def test_bundled_articles_are_read_with_their_facts_in_place() -> None:
    interview, report = (read_article(path) for path in bundled_articles())
    assert {name: span.of(interview.text) for name, span in locate(interview).items()} == {
        "title": interview.title,
        "author": "YULING CHEN",
        "publisher": "iChongqing",
        "published": "May 08,2020",
    }
    assert {name: span.of(report.text) for name, span in locate(report).items()} == {
        "title": report.title,
        "publisher": "General Office of the People's Government of Sichuan Province",
        "published": "2021.05.31",
    }
    assert [turn.kind for turn in interview.turns] == ["label"] * 12


def test_errors_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "blank.md"
    path.write_text("<!-- nothing -->")
    with pytest.raises(ArticleError, match=r"blank\.md: the article is empty"):
        read_article(path)
