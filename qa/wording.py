"""Figures and dates in words that people use."""

from __future__ import annotations

from datetime import date

__all__ = ["counted", "in_words", "percent", "spoken_date"]

_WORDS = ((0.95, "very sure"), (0.8, "sure"), (0.6, "fairly sure"), (0.4, "unsure"), (0.0, "very unsure"))


def counted(number: int, noun: str) -> str:
    """So many of something.

    >>> counted(1, "article"), counted(1200, "article")
    ('1 article', '1,200 articles')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


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


def spoken_date(published: str | None) -> str | None:
    """An ISO date as people write it, other text as it is.

    >>> spoken_date("2020-05-08")
    '8 May 2020'
    """
    try:
        day = date.fromisoformat(published or "")
    except ValueError:
        return published
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


# Not strftime: the names of the months would follow the machine's language, and the page is in English.
_MONTHS = "January February March April May June July August September October November December".split()
