from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.spacing import tidy_characters, to_paragraphs


@given(
    st.text(
        alphabet=st.characters(codec="utf-8") | st.sampled_from("\u200c\u200d\ufeff\r\n\x0b\x85\u2028é👩"), max_size=80
    )
)
def test_tidying_is_idempotent(text: str) -> None:
    once = tidy_characters(text)
    assert tidy_characters(once) == once


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("a\u00a0b\u2009c\u3000d\te", "a b c d e"),
        ("one\r\ntwo\rthree\u2028four\x85five", "one\ntwo\nthree\nfour\nfive"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen \u202eevil", "zerowidth softhyphen evil"),
        ("bell\x07 and escape\x1b", "bell and escape"),
        ("👩\u200d🔬 می\u200cخواهم", "👩\u200d🔬 می\u200cخواهم"),
        ("half\ud800", "half\ufffd"),
        ("a\u200db", "ab"),
    ],
)
def test_odd_characters(written: str, tidy: str) -> None:
    assert tidy_characters(written) == tidy


def test_decomposed_letters_stay_decomposed() -> None:
    decomposed = unicodedata.normalize("NFD", "Żółć é")
    assert tidy_characters(decomposed) == decomposed


def test_text_broken_at_a_fixed_width_is_joined() -> None:
    wrapped = (
        "The pier of the village was closed for two winters, and when it\n"
        "opened again nobody believed that the ferry would come. It came\n"
        "at noon, and it carried nothing but a piano and a dog that none\n"
        "had asked for.\n\nReporter: Why?\nNobody knows.\n"
    )
    first, *rest = to_paragraphs(wrapped)
    assert first.startswith("The pier")
    assert first.endswith("asked for.")
    assert "\n" not in first
    assert rest == ["Reporter: Why?", "Nobody knows."]


def test_line_ends_that_mean_something_become_paragraphs() -> None:
    assert to_paragraphs("By Ana Diaz\nOrla, 8 May 2024\n\n\n  Text.  \n") == [
        "By Ana Diaz",
        "Orla, 8 May 2024",
        "Text.",
    ]
