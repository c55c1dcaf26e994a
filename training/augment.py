"""Examples varied: questions as people type them, and windows in which some words are hidden."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from training.examples import Example

__all__ = ["noisy", "with_hidden_words"]


def noisy(question: str, share: float, draw: random.Random) -> str:
    """``question`` with one kind of noise, with probability ``share``; otherwise unchanged.

    >>> noisy("Who wrote it?", 0.0, random.Random(1))
    'Who wrote it?'
    """
    if draw.random() >= share:
        return question
    change = draw.choice((_lower, _lower, _bare, _marked, _slip))
    return change(question, draw) or question


def _lower(question: str, draw: random.Random) -> str:
    return question.lower()


def _bare(question: str, draw: random.Random) -> str:
    return question.rstrip(" ?.!").lower() if draw.random() < 0.5 else question.rstrip(" ?.!")


def _marked(question: str, draw: random.Random) -> str:
    return question.rstrip(" ?.!") + draw.choice((" ?", "??", "...", "."))


def _slip(question: str, draw: random.Random) -> str:
    """Two neighbouring letters swapped, one left out or one doubled, inside a word."""
    places = [at for at in range(1, len(question) - 2) if question[at - 1 : at + 2].isalpha()]
    if not places:
        return question
    at = draw.choice(places)
    pair = question[at : at + 2]
    return question[:at] + draw.choice((pair[::-1], pair[0], pair[0] + pair)) + question[at + 2 :]


def with_hidden_words(example: Example, most: float, mask: int, draw: random.Random) -> Example:
    """``example`` with a drawn share, up to ``most``, of the tokens outside the answer replaced by the token ``mask``.

    A question seen again then has other words to go by. The special tokens stay.
    """
    drawn = np.random.default_rng(draw.getrandbits(32))
    hidden = drawn.random(len(example)) < drawn.random() * most
    hidden[[0, example.question_length - 1, -1]] = False
    if example.first:
        hidden[example.first : example.last + 1] = False
    return replace(example, ids=np.where(hidden, mask, example.ids).astype(np.uint16))
