"""The one ranking that is served: how the two searches of any store are fused, and what is told of each hit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from index.fusion import Scores, convex, ranks, theoretical_min_max
from index.types import Ranks

__all__ = ["DENSE_WEIGHT", "DEPTH", "fused"]

# The sweep behind the weight and the way of normalising is in docs/retrieval.md.
DENSE_WEIGHT: Final = 0.5
DEPTH: Final = 100  # hits taken from each search before they are fused


def fused(listed: Scores, near: Scores, words: Scores, weight: float, k: int) -> Iterator[tuple[int, float, Ranks]]:
    """The k best of m candidates, best first: the place of each, its fused score, and where it stood.

    ``listed`` holds the similarities of those that the search by meaning found, NaN for others, ``near`` the same
    with the others computed, and ``words`` the scores of the search by words, all (m).
    """
    near_ranks, words_ranks = ranks(listed), ranks(words)
    scores = convex(near, words, weight, theoretical_min_max)
    for place in np.argsort(-scores, kind="stable")[:k]:
        stood = Ranks(
            _integer(near_ranks[place]), _number(near[place]), _integer(words_ranks[place]), _number(words[place])
        )
        yield int(place), float(scores[place]), stood


def _integer(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
