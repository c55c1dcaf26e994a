"""The measures that are shown, each with its heading and its meaning, and how a figure is written."""

from __future__ import annotations

from qa.evaluation.intervals import Estimate
from qa.evaluation.scores import Scores

__all__ = ["MEANINGS", "MEASURES", "between", "counted", "figure", "share_of", "unbroken"]

MEASURES = (
    ("exact", "EM"),
    ("f1", "F1"),
    ("forced_exact", "EM, forced"),
    ("forced_f1", "F1, forced"),
    ("abstained", "abstained"),
    ("cited", "cited rightly"),
)
"""The fields of ``Scores`` that are shown, with their headings."""

MEANINGS = {
    "EM": "Exact match: the share of questions answered with exactly the words of an accepted answer, apart from case, "
    "punctuation and “a”, “an”, “the”. Where the articles hold no answer, only declining to answer is right.",
    "F1": "How far the words of the answer and of the accepted answer that fits best overlap: the harmonic mean of the "
    "share of given words that are accepted and the share of accepted words that were given. EM and F1 are those of "
    "the SQuAD reading tests (Rajpurkar et al. 2016, 2018).",
    "EM, forced": "Exact match of the best guess, whether or not the engine was sure enough to give it; over the "
    "questions that have an answer.",
    "F1, forced": "F1 of the same best guess.",
    "abstained": "The share of questions that were not answered: good where the articles hold no answer, else bad.",
    "cited rightly": "The share of answers whose cited sentence holds an accepted answer; over the questions that have "
    "an answer and were answered.",
    "95 % interval": "Where the figure would lie, 19 times of 20, had other questions of the same kind been asked "
    "(bootstrap over the questions). It says nothing of other articles or of mistakes in the gold file.",
    "confidence": "How likely the engine itself thinks that what it says is right: its answer, or that there is none.",
    "reader alone": "The same reader, given only the passage that holds the answer: what a perfect search would leave.",
}
"""The words of the page's tables and cards, explained."""


def figure(value: float | None) -> str:
    """A share from 0 to 1 in percent with one decimal; a dash where it is not known.

    >>> figure(0.7034), figure(None)
    ('70.3', '–')
    """
    return "–" if value is None else f"{100 * value:.1f}"


def between(share: Estimate) -> str:
    """An interval in percent, empty where none is known.

    >>> between(Estimate(0.7, 0.642, 0.757, 200))
    '64.2–75.7'
    """
    return "" if share.low is None or share.high is None else f"{figure(share.low)}–{figure(share.high)}"


def share_of(scores: Scores, measure: str) -> Estimate | None:
    """One field of the scores with its interval, ``None`` where it applies to no question."""
    value = getattr(scores, measure)
    low, high = scores.intervals.get(measure, (None, None))
    return None if value is None else Estimate(value, low, high, scores.questions)


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "question"), counted(1200, "question")
    ('1 question', '1,200 questions')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def unbroken(text: str) -> str:
    """The text with each number kept on one line with its unit."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%").replace(" ms", "\N{NO-BREAK SPACE}ms")
