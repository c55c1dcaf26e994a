"""Which gold questions can be asked of a library fairly: those whose answers stand where they are said to."""

from __future__ import annotations

from collections.abc import Sequence

from qa.evaluation.gold import GoldProblem, GoldQuestion
from qa.evaluation.gold_articles import Shelf
from qa.evaluation.gold_check import check_against

__all__ = ["usable"]


def usable(questions: Sequence[GoldQuestion], shelf: Shelf) -> tuple[list[GoldQuestion], list[GoldProblem]]:
    """The questions that fit the articles, and what is wrong with the others.

    An article that is missing is told once and takes all questions that name it with it: no reader could answer them.
    """
    problems = check_against(questions, shelf)
    broken = {problem.place for problem in problems}
    return [gold for gold in questions if gold.place not in broken and not _is_lost(gold, shelf)], problems


def _is_lost(gold: GoldQuestion, shelf: Shelf) -> bool:
    named = [spot.article for spot in gold.spots if spot.article is not None]
    return gold.asked.context is None and any(name not in shelf for name in named)
