"""A child that was taken over may say what it likes: the parent takes nothing but an article that keeps the laws."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import article_from_text
from corpus.errors import ArticleError
from corpus.files import ReadFailure
from corpus.laws import broken_laws
from corpus.rows import row_from_article
from corpus.sent_article import received, sent
from corpus.types import Article, Span, Turn

PATH = Path("ferry.txt")
ARTICLE = article_from_text("The ferry sails\n\nReporter: Does it float?\n\nIda Brandt: It does, said nobody else.")
TURN = ARTICLE.turns[0]


def test_what_was_sent_is_received() -> None:
    assert received(sent(ARTICLE), PATH) == ARTICLE
    with pytest.raises(ArticleError, match="it is empty"):
        received(sent(ReadFailure(PATH, "it is empty")), PATH)


def test_an_error_is_one_line_and_never_empty() -> None:
    for message, shown in (("two\nlines\x1b[2J", "two lines [2J"), ("", "ferry.txt: it cannot be read")):
        with pytest.raises(ArticleError) as refused:
            received(json.dumps({"error": message}).encode(), PATH)
        assert str(refused.value) == shown
    with pytest.raises(ArticleError) as refused:
        received(json.dumps({"error": "x" * 10**6}).encode(), PATH)
    assert len(str(refused.value)) == 1_000


LIES: dict[str, dict[str, Any]] = {
    "another id": {"id": "0" * 16},
    "another digest": {"sha256": "0" * 64},
    "no text": {"text": " "},
    "a date that is none": {"published": "2024-13-01"},
    "an address that runs": {"url": "javascript:alert(1)"},
    "a turn outside": {"turns": (replace(TURN, span=Span(0, 10**9)),)},
    "a turn without length": {"turns": (replace(TURN, span=Span(3, 3)),)},
    "a name outside": {"turns": (replace(TURN, label=Span(10**6, 10**6 + 1)),)},
    "an unknown kind": {"turns": (replace(TURN, kind="x"),)},  # type: ignore[arg-type]
    "turns that overlap": {"turns": (TURN, TURN)},
    "a speaker without a name": {"turns": (replace(TURN, speaker=""),)},
    "a speaker that is a number": {"turns": (replace(TURN, speaker=7),)},  # type: ignore[arg-type]
    "a place between characters": {"turns": (Turn(Span(0.5, 2.5), "A", Span(0, 1)),)},  # type: ignore[arg-type]
    "pages too short": {"pages": (Span(0, 3),)},
    "a title that is a list": {"title": ["x"]},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_under_a_sound_seal_is_refused(lie: dict[str, Any]) -> None:
    lying: Article = replace(ARTICLE, **lie)
    with pytest.raises(ArticleError, match=r"ferry\.txt: its reader broke down; save the article as \.txt"):
        received(json.dumps({"article": row_from_article(lying)}).encode(), PATH)


def test_half_a_character_is_refused() -> None:
    row = list(row_from_article(ARTICLE))
    row[2] = "\ud800"
    with pytest.raises(ArticleError, match="broke down"):
        received(json.dumps({"article": row}).encode(), PATH)


VALUES = st.recursive(st.none() | st.integers() | st.text(max_size=9), st.lists, max_leaves=5)


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.binary(max_size=99), VALUES.map(lambda value: {"article": value})))
def test_noise_is_refused(noise: object) -> None:
    line = noise if isinstance(noise, bytes) else json.dumps(noise).encode()
    with pytest.raises(ArticleError):
        received(line, PATH)


def test_brackets_without_end_are_refused() -> None:
    with pytest.raises(ArticleError, match="broke down"):
        received(b"[" * 10**6, PATH)


@settings(deadline=None)
@given(st.text(min_size=1))
def test_every_article_made_from_a_text_keeps_the_laws(text: str) -> None:
    try:
        article = article_from_text(text)
    except ArticleError:
        return
    assert broken_laws(article) == []
