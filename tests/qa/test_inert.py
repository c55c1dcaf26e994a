from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st

from qa.inert import inert, shortened

# Without what a browser would not give back: control characters, half surrogates, and what is no character at all.
VISIBLE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]))


@given(VISIBLE)
def test_a_browser_reads_the_same_text_back(text: str) -> None:
    assert html.unescape(inert(text)) == text


@given(st.text())
def test_nothing_that_html_or_markdown_reads_is_left(text: str) -> None:
    left = inert(text)
    assert all(c.isalnum() or c in " &#;\ufffd" for c in left)
    assert left.count("&") == left.count("&#")
    left.encode()


def test_line_ends_and_tabs_are_kept_and_control_characters_shown_as_unreadable() -> None:
    assert html.unescape(inert("a\n\tb\x00\x80\ud800")) == "a\n\tb\ufffd\ufffd\ufffd"


@given(st.text(), st.integers(2, 50))
def test_a_shortened_text_fits(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert "\n" not in short


def test_a_short_text_stays_whole_and_a_long_word_is_cut() -> None:
    assert shortened("one  two", 9) == "one two"
    assert shortened("x" * 20, 5) == "xxxx…"
