"""Outcomes made by hand, for the tests of what is shown of them: no model is asked."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from qa.batch import Asked
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.outcome import Outcome, outcome_of
from qa.types import Alternative, Answer, Citation

TITLES = {"a1": "A harbour bridge for Tarn", "a2": "The observatory of Quillan Bay", "a3": "Tram line 4 returns"}
KINDS = ("number", "person", "date", "reason", "follow_up", "none_near")
MakeOutcome = Callable[..., Outcome]


def made(
    question: str = "How many bridges has Tarn?",
    said: str | None = "forty bridges",
    accepted: tuple[str, ...] = ("forty bridges",),
    *,
    kind: str = "number",
    confidence: float = 0.8,
    guess: str | None = None,
    around: tuple[str, str] = ("The town of Tarn has ", ", more than any other."),
    title: str | None = TITLES["a1"],
    id: str = "g1",  # noqa: A002 - the field's name
    history: tuple[dict[str, str], ...] = (),
    milliseconds: float = 12.0,
    **found: Any,
) -> Outcome:
    """An outcome with one citation; ``found`` are fields of ``Outcome`` that a search fills in."""
    best = said if said is not None else guess
    alternatives = () if best is None else (Alternative(best, confidence, "a1", 0, len(best)),)
    citations: tuple[Citation, ...] = ()
    if said is not None:
        sentence = f"{around[0]}{said}{around[1]}"
        citations = (Citation("a1", title, "Tarn Post", "2024-05-08", None, said, 0, len(said), sentence, sentence),)
    gold = GoldQuestion(id, Asked(question, history), accepted, kind, None, "line 1")
    answer = Answer(question, said, confidence, citations, alternatives)
    parts = None if said is None else (around[0], said, around[1])
    return replace(outcome_of(gold, answer, milliseconds, parts), **found)


def varied(count: int) -> list[Outcome]:
    """Outcomes of every verdict and cause, the same for the same number."""
    draw = random.Random(7)
    return [_one(number, draw) for number in range(1, count + 1)]


def _one(number: int, draw: random.Random) -> Outcome:
    kind = KINDS[draw.randrange(len(KINDS))]
    sure = draw.betavariate(4, 2)
    accepted = () if kind == "none_near" else (f"{number} bridges", f"{number} large bridges")
    said = f"{number} bridges" if draw.random() < sure else draw.choice([f"{number} new bridges", "a ferry", None])
    if kind == "none_near" and draw.random() < sure:
        said = None
    ranks = () if draw.random() < 0.1 else tuple(sorted(draw.sample(range(1, 12), draw.choice([1, 1, 2]))))
    alone = draw.choice([0.0, 1.0])
    found: dict[str, Any] = {}
    if accepted:
        places = (draw.choice(list(TITLES)),)
        found = {"article_ids": places, "ranks": ranks, "isolated_exact": alone, "isolated_f1": max(alone, 0.4)}
    return made(
        f"How many bridges did the council of Tarn plan in the year {1800 + number}, and why?",
        said,
        accepted,
        kind=kind,
        confidence=sure,
        guess=draw.choice([f"{number} bridges", "a ferry"]),
        around=("After a long night the council of Tarn decided that ", " would do, though the fishermen objected."),
        id=f"g{number:03}",
        history=({"role": "user", "content": "What did the council decide?"},) if kind == "follow_up" else (),
        milliseconds=draw.lognormvariate(4, 0.5),
        **found,
    )


@pytest.fixture(scope="session")
def make_outcome() -> MakeOutcome:
    """Makes one outcome; see ``made``."""
    return made


@pytest.fixture(scope="session")
def make_outcomes() -> Callable[[int], list[Outcome]]:
    """Makes many outcomes that differ; see ``varied``."""
    return varied
