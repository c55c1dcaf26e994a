import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Span
from qa.shape import SHAPES, shape_of

TEXT = "Boats from Peru, Chile and Ecuador cross the Blue Nile River each year because fuel is cheap there."


def shape(question: str, words: str) -> dict[str, float]:
    start = TEXT.index(words)
    return dict(zip(SHAPES, shape_of(question, TEXT, Span(start, start + len(words))), strict=True))


def test_a_cut_inside_a_name_is_seen_on_both_sides() -> None:
    assert shape("Which river?", "Nile")["splits_name"] == 2
    assert shape("Which river?", "Blue Nile")["splits_name"] == 1
    assert shape("Which river?", "Blue Nile River")["splits_name"] == 0


def test_a_content_word_behind_the_span_leaves_it_open() -> None:
    assert shape("What crosses?", "Ecuador")["open_right"] == 1
    assert shape("What crosses?", "Peru")["open_right"] == 0


@pytest.mark.parametrize("words", ["Peru", "Peru, Chile", "Chile", "Ecuador"])
def test_a_part_of_a_list_is_cut_only_where_several_are_asked_for(words: str) -> None:
    assert shape("Which countries do they come from?", words)["list_cut"] == 1
    assert shape("Where do they come from?", words)["list_cut"] == 0


def test_a_whole_list_is_whole() -> None:
    found = shape("Which countries do they come from?", "Peru, Chile and Ecuador")
    assert (found["list_cut"], found["list_whole"]) == (0, 1)


def test_a_reason_with_or_without_its_conjunction() -> None:
    assert shape("Why do they cross?", "because fuel is cheap")["cause"] == 1
    assert shape("Why do they cross?", "fuel is cheap")["cause"] == -1
    assert shape("Where do they cross?", "because fuel is cheap")["cause"] == 0


@given(st.text(max_size=80), st.text(max_size=40), st.integers(0, 80), st.integers(0, 80))
def test_any_span_of_any_text_has_a_shape(text: str, question: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert len(shape_of(question, text, Span(start, end))) == len(SHAPES)
