"""Sentences: what ends one, what does not, and the law of offsets."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.paragraphs import paragraph_spans
from corpus.sentences import sentence_spans

PIECES = st.sampled_from(
    [
        *("Ana Ruiz said.", " ", "\n", "\n\n", "\r\n", "\r\n\r\n", "\t", "😀", "e\u0301", "\u200b", "مرحبا بكم."),
        *("你好。", '"', "“", "”", "U.S. ", "No. 5", "...", "?", "A: ", "\u2028", "\x0b", "’", "; ", chr(0xD800)),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=12), max_size=40).map("".join)


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "J. R. Smith paid 3.5 million to the U.S. Army.",
        "See No. 5 on p. 12 by Dr. Lee and Prof. Wu.",
        "Eng. Mutiso and Cllr. Ann Doyle met Gen. Ruiz.",
        "It happened at 5 p.m. on Monday.",
        '"We go. We stay," he said.',
        "The rate rose by 4.25 per cent.",
    ],
)
def test_abbreviations_initials_decimals_and_short_quotations_stay_whole(whole: str) -> None:
    assert sentences(f"Before it. {whole} After it.") == ["Before it.", whole, "After it."]


def test_chinese_and_emoji_texts_are_cut_by_characters() -> None:
    assert sentences("😀😀 One here. 你好。我很好。Two?") == ["😀😀 One here.", "你好。", "我很好。", "Two?"]


def test_a_long_quotation_is_cut_inside_its_marks() -> None:
    text = "“" + "We went there by boat. " * 20 + "We came home,” he said. It ended."
    found = sentences(text)
    assert found[0] == "“We went there by boat."
    assert found[-2:] == ["We came home,” he said.", "It ended."]


def test_paragraphs_end_sentences_and_wrapped_lines_do_not() -> None:
    wrapped = "\n".join(["This line of a wrapped paragraph is quite long and goes"] * 3) + " on.\n\nNext"
    assert len(sentences(wrapped)) == 2
    assert sentences("A title\n\nA sentence.\nBy Ana\r\n\r\nEnd.") == ["A title", "A sentence.", "By Ana", "End."]


def test_a_window_gives_offsets_into_the_whole_text() -> None:
    text = "One is here. Two is here. Three is here."
    assert [span.of(text) for span in sentence_spans(text, 13, 25)] == ["Two is here."]


@pytest.mark.parametrize("unit", ["word ", "x", '"a. ', "“a ", "U.S. "])
def test_a_megabyte_of_one_line_stays_fast(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    began = time.process_time()
    spans = sentence_spans(text)
    assert time.process_time() - began < 20
    assert "".join(span.of(text) for span in spans).replace(" ", "") == text.replace(" ", "")


@given(TEXTS)
def test_sentences_are_ordered_disjoint_within_paragraphs_and_cover_the_text(text: str) -> None:
    spans = sentence_spans(text)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    covered = {at for span in spans for at in range(span.start, span.end)}
    assert all(at in covered or char.isspace() for at, char in enumerate(text))
    paragraphs = paragraph_spans(text)
    assert all(any(paragraph.contains(span) for paragraph in paragraphs) for span in spans)
