"""A probability in words and in percent."""

from __future__ import annotations

__all__ = ["in_words", "percent"]

_WORDS = ((0.95, "very sure"), (0.8, "sure"), (0.6, "fairly sure"), (0.4, "unsure"), (0.0, "very unsure"))


def in_words(probability: float) -> str:
    """How sure a probability from 0 to 1 is, in words.

    >>> in_words(0.97), in_words(0.5)
    ('very sure', 'unsure')
    """
    return next((words for least, words in _WORDS if probability >= least), _WORDS[-1][1])


def percent(probability: float) -> str:
    """A probability as a whole percentage that never claims certainty.

    >>> percent(0.873), percent(0.999), percent(0.001)
    ('87 %', '> 99 %', '< 1 %')
    """
    if probability > 0.99:
        return "> 99 %"
    if probability < 0.01:
        return "< 1 %"
    return f"{round(100 * probability)} %"
