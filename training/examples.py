"""A question and what the reader is shown, to windows with a start and an end to hit.

The target of a window without the answer is position 0 at both ends, the place of "no answer here".
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.types import Span
from qa.windows import Piece, Window, Windower
from training.data import Question

__all__ = ["Example", "context_examples", "example_of", "null_example", "target_tokens"]


@dataclass(frozen=True, slots=True)
class Example:
    """One window to learn from.

    ``ids`` (n) uint16 token ids, the first ``question_length`` of type 0; ``may_start`` and ``may_end`` (n) mark the
    tokens that decoding may choose, position 0 included; ``first`` and ``last`` are the tokens to hit, 0 for none.
    """

    source: str
    ids: NDArray[np.uint16]
    question_length: int
    may_start: NDArray[np.bool_]
    may_end: NDArray[np.bool_]
    first: int
    last: int

    def __len__(self) -> int:
        return len(self.ids)


def target_tokens(window: Window, answer: Span) -> tuple[int, int] | None:
    """First and last token of ``answer``, widened to whole words; ``None`` where the window does not show all of it."""
    found = window.tokens_of(answer)
    if found is None:
        return None
    first, last = found
    while not window.heads[first]:
        first -= 1
    while last + 1 < len(window) and not window.tails[last]:
        last += 1
    # A window that begins or ends inside a word shows half of it; decoding could not reach such a span.
    return (first, last) if window.starts[first] >= 0 and window.tails[last] else None


def example_of(window: Window, source: str, target: tuple[int, int]) -> Example:
    """The window as an example that hits ``target``."""
    shown = window.starts >= 0
    may_start, may_end = shown & window.heads, shown & window.tails
    may_start[0] = may_end[0] = True
    ids = np.asarray(window.ids, dtype=np.uint16)
    return Example(source, ids, window.question_length, may_start, may_end, *target)


def null_example(window: Window, source: str) -> Example:
    """The window as an example without an answer."""
    return example_of(window, source, (0, 0))


def context_examples(
    windower: Windower, question: Question, source: str, draw: random.Random, null_share: float = 0.5
) -> Iterator[Example]:
    """One window of the context with the answer, if there is one, and at times one that is shown without it.

    A context of several windows gives a null window with probability ``null_share``, one that does not show the
    answer's words anywhere; so does each unanswerable question, always.
    """
    windows = windower.build(question.question, [[Piece(question.context, 0)]])
    if question.impossible:
        yield null_example(draw.choice(windows), source)
        return
    aimed = [(window, target) for window in windows if (target := target_tokens(window, question.span))]
    if aimed:
        yield example_of(aimed[0][0], source, aimed[0][1]) if len(aimed) == 1 else _drawn(aimed, source, draw)
    empty = _without(windows, question)
    if empty and draw.random() < null_share:
        yield null_example(draw.choice(empty), source)


def _drawn(aimed: Sequence[tuple[Window, tuple[int, int]]], source: str, draw: random.Random) -> Example:
    window, target = draw.choice(aimed)
    return example_of(window, source, target)


def _without(windows: Sequence[Window], question: Question) -> list[Window]:
    """The windows whose text lacks every wording of the answer."""
    texts = [answer.text.casefold() for answer in question.answers]
    found = []
    for window in windows:
        shown = window.starts >= 0
        text = question.context[window.starts[shown].min() : window.ends[shown].max()].casefold()
        if not any(answer in text for answer in texts):
            found.append(window)
    return found
