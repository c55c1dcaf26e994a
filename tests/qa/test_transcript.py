from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from qa.conversation import Turn
from qa.excerpts import Excerpt
from qa.reply import Reply
from qa.transcript import transcript

DAY = date(2024, 5, 8)
EXCERPT = Excerpt(
    "The city paid ",
    "212 million",
    " korun.",
    40,
    51,
    "Trams are back",
    "Oravec Post",
    "2022-06-14",
    "Tom Weil",
    3,
    "ab12",
)
REPLY = Reply("212 million", 0.93, (EXCERPT,), (), (), 0.3, "How much did the city pay?", "head of transport")

# All that Markdown's readers act on: the common rules with HTML, and tables, strikethrough and the like beside them.
READERS = [MarkdownIt("commonmark"), MarkdownIt("js-default", {"html": True})]
EXPECTED = {"heading", "paragraph", "blockquote", "inline", "text", "strong", "code_inline"}
MARKUP = [
    "*", "**", "_", "`", "```", "~~", "~~~", "#", "# ", "> ", "- ", "+ ", "1. ", "12) ", "===", "---", "|",
    "| a | b |\n|---|---|\n", "<b>", "<script>alert(1)</script>", "<!-- ", "![x](http://e.org/p.png)",
    "[x](javascript:alert(1))", "[x]: /y", "[^1]", "&lt;", "&#42;", "\\", "\\*", "$x$", "\n", "\n\n", "\r\n", "    ",
    "\t", "http://e.org", "www.e.org", "a@e.org", "“", "”", "(", ".", "\u2028", "\x00", "\x1b[2J", "\u202e",
    "e\u0301", "中", "«", "\xa0", "1", "a", " ",
]  # fmt: skip
HOSTILE = st.lists(st.one_of(st.sampled_from(MARKUP), st.text(st.characters(exclude_categories=["Cn", "Cs"])))).map(
    "".join
)


def turn_of(reply: Reply, question: str = "How much did the city pay?") -> Turn:
    return Turn(question, reply.text or "", "", reply=reply)


def tokens(reader: MarkdownIt, text: str) -> list[Token]:
    found = []
    for token in reader.parse(text):
        found += [token, *(token.children or [])]
    return found


def kind(token: Token) -> str:
    return re.sub(r"_(open|close)$", "", token.type)


def words(text: str) -> str:
    """The text with every run of white space as one space, and what no page shows replaced."""
    seen = "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") and not c.isspace() else c for c in text)
    return " ".join(seen.split())


def shown_in(reader: MarkdownIt, text: str, block: str) -> list[tuple[str, str]]:
    """Of each block of a kind, what it shows and what of that is bold."""
    found, inside = [], False
    for token in reader.parse(text):
        inside = {f"{block}_open": True, f"{block}_close": False}.get(token.type, inside)
        if inside and token.type == "inline":
            bold, parts, strong = False, [], []
            for child in token.children or []:
                bold = {"strong_open": True, "strong_close": False}.get(child.type, bold)
                parts.append(child.content)
                strong += [child.content] if bold else []
            found.append(("".join(parts), "".join(strong)))
    return found


def test_a_turn_becomes_a_question_with_the_words_and_their_place() -> None:
    assert transcript((turn_of(REPLY),), DAY) == (
        "# Questions to the articles\n\n"
        "2024-05-08, 1 question\n\n"
        "## 1. How much did the city pay?\n\n"
        "> The city paid **212 million** korun.\n\n"
        "— Tom Weil, head of transport, in “Trams are back”, Oravec Post, 14 June 2022, p. 3\n\n"
        "Article `ab12`, characters 40–51.\n\n"
        "How sure: sure, 93 %.\n"
    )


def test_errors_are_left_out_and_a_missing_answer_is_told() -> None:
    none = Reply(None, 0.7, (), (), (), 0.1, "Who paid?")
    talk = (Turn("?", "", "", failed=True), turn_of(none, "Who paid?"), turn_of(REPLY))
    text = transcript(talk, DAY)
    assert "2 questions" in text
    assert "## 1. Who paid?\n\nNot in these articles (fairly sure, 70 %).\n\n## 2. How much" in text
    assert transcript((), DAY) == "# Questions to the articles\n\n2024-05-08, 0 questions\n"


@pytest.mark.parametrize(
    ("typed", "told"), [("How  much did\nthe city pay?", False), ("And how much?", True)], ids=["spacing", "follow-up"]
)
def test_what_a_follow_up_was_taken_to_mean_is_told(typed: str, told: bool) -> None:
    assert ("Understood as: How much did the city pay?" in transcript((turn_of(REPLY, typed),), DAY)) is told


def test_what_was_looked_in_is_told() -> None:
    turn = replace(turn_of(REPLY), only="1 article, from 2021-05-31")
    assert "the city pay?\n\nLooked only in: 1 article, from 2021-05-31\n\n> The" in transcript((turn,), DAY)


def test_a_post_is_given_to_its_own_person_only() -> None:
    other = replace(EXCERPT, quote="211 million", speaker="Ida Lo")
    again = replace(EXCERPT, quote="210 million")
    text = transcript((turn_of(replace(REPLY, excerpts=(EXCERPT, other, again))),), DAY)
    assert "Ida Lo, in" in text
    assert text.count("Tom Weil, head of transport, in") == 2


@settings(deadline=None)
@given(HOSTILE, HOSTILE.filter(str.strip), HOSTILE, HOSTILE, st.sampled_from(READERS))
def test_every_quotation_is_shown_to_the_letter_and_nothing_acts(
    before: str, quote: str, after: str, other: str, reader: MarkdownIt
) -> None:
    hostile = Excerpt(before, quote, after, 40, 51, other, other, other, other, None, "ab12")
    reply = Reply(quote, 0.5, (hostile, EXCERPT), (), (), 0.1, other, other)
    text = transcript((turn_of(reply, f"Why {other}?"), turn_of(REPLY)), DAY)
    assert {kind(token) for token in tokens(reader, text)} <= EXPECTED
    (seen, bold), second, third = shown_in(reader, text, "blockquote")
    assert words(seen) == words(before + quote + after)
    assert words(bold) == words(quote)
    assert second == third == ("The city paid 212 million korun.", "212 million")
    first, _ = shown_in(reader, text, "heading")[1]
    assert words(first) == words(f"1. Why {other}?")


@pytest.mark.parametrize(
    ("before", "quote", "after"),
    [
        ("1. First ", "the mill", " was built."),
        ("", "1. First", ""),
        ("", "- not a list", ""),
        ("2021) ", "x", ""),
        ("他说", "“好”", "。"),
        ("word", "(in brackets)", "word"),
        ("", " spaced ", "out"),
        ("a", "*", "b"),
        ("", "*", ""),
        ("===", "x", "==="),
        ("cafe", "\u0301tude", "\u0301"),
        ("", "…", ""),
        ("   - ", "x", ""),
    ],
)
@pytest.mark.parametrize("reader", READERS, ids=["commonmark", "tables"])
def test_marks_of_markdown_are_letters(before: str, quote: str, after: str, reader: MarkdownIt) -> None:
    text = transcript(
        (turn_of(replace(REPLY, excerpts=(replace(EXCERPT, before=before, quote=quote, after=after),))),), DAY
    )
    ((seen, bold),) = shown_in(reader, text, "blockquote")
    assert (words(seen), words(bold)) == (words(before + quote + after), words(quote))


def test_no_control_character_reaches_a_terminal() -> None:
    text = transcript(
        (turn_of(replace(REPLY, excerpts=(replace(EXCERPT, quote="\x1b[2J\ud83d\x07"),)), "\x1b]0;x\x07"),), DAY
    )
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text if c != "\n")
    text.encode()
