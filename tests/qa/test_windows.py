from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.types import Span
from qa.reader import DEFAULT_READER
from qa.windows import MAX_QUESTION_TOKENS, Piece, Windower

WINDOWER = Windower.from_folder(DEFAULT_READER, max_length=64, stride=16)
HARD = "Ana said: “¿qué?” e\u0301tude \r\n\tשלום 😀 naïve 中文 can't 3,400"


def shown(window, text: str) -> list[str]:
    return [text[s:e] for s, e in zip(window.starts, window.ends, strict=True) if s >= 0]


def test_tokens_stand_for_the_characters_they_came_from() -> None:
    text = "The port of Bergen opened."
    (window,) = WINDOWER.build("What opened?", [[Piece(text, 0)]])
    assert shown(window, text) == ["The", "port", "of", "Bergen", "opened", "."]
    assert (window.starts[: window.question_length] == -1).all()


def test_a_label_keeps_its_own_place_in_the_article() -> None:
    article = "Ana: Yes.\n\nIt rained for days."
    pieces = [Piece("Ana", 0), Piece(":"), Piece(article[11:], 11)]
    (window,) = WINDOWER.build("Who said so?", [pieces])
    assert shown(window, article) == ["Ana", "It", "rained", "for", "days", "."]
    assert window.tokens_of(Span(0, 3)) is not None
    assert window.tokens_of(Span(5, 8)) is None


def test_long_texts_are_cut_with_an_overlap_and_nothing_is_lost() -> None:
    text = " ".join(f"word{number}" for number in range(200))
    windows = WINDOWER.build("Which word?", [[Piece("Ana", 0), Piece(":"), Piece(text, 100)]])
    assert len(windows) > 3
    assert all(len(window) <= 64 and window.starts[window.question_length] == 0 for window in windows)
    covered = {(int(s), int(e)) for window in windows for s, e in zip(window.starts, window.ends, strict=True)}
    assert max(end for _, end in covered) == 100 + len(text)
    for first, second in pairwise(windows):
        assert second.starts[second.question_length + 3] < first.ends[-2]


def test_a_question_of_many_words_is_cut_so_that_the_text_still_fits() -> None:
    (window,) = Windower.from_folder(DEFAULT_READER).build("why " * 500, [[Piece("It rained.", 0)]])
    assert window.question_length == MAX_QUESTION_TOKENS + 2
    assert window.ends.max() == 10


def test_words_open_and_close_where_they_do() -> None:
    (window,) = WINDOWER.build("x", [[Piece("uncharacteristically", 0)]])
    inside = window.starts >= 0
    assert window.heads[inside].tolist() == [True] + [False] * (int(inside.sum()) - 1)
    assert window.tails[inside].tolist() == [False] * (int(inside.sum()) - 1) + [True]


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_a_text_without_words_gives_a_window_without_answers(text: str) -> None:
    (window,) = WINDOWER.build("What?", [[Piece(text, 0)]])
    assert not (window.starts >= 0).any()


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=400) | st.lists(st.sampled_from(HARD.split(" ")), max_size=120).map(" ".join), st.integers(0, 999)
)
def test_every_token_lies_in_the_text_and_in_order(text: str, start: int) -> None:
    for window in WINDOWER.build("Who was it?", [[Piece(text, start)]]):
        inside = window.starts >= 0
        starts, ends = window.starts[inside], window.ends[inside]
        assert (starts >= start).all()
        assert (ends <= start + len(text)).all()
        assert (starts <= ends).all()
        assert (np.diff(starts) >= 0).all()
