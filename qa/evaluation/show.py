"""An evaluation as the chat runs it: one question after another, then the report's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from corpus.errors import InputError
from qa.batch import Answerer
from qa.engine import Engine
from qa.evaluation.evaluate import evaluate
from qa.evaluation.gold import GoldProblem, GoldQuestion, read_gold
from qa.evaluation.gold_articles import library_texts
from qa.evaluation.outcome import Outcome
from qa.evaluation.report import facts_of, render_report
from qa.evaluation.setup import setup_of
from qa.evaluation.summary import summarize
from qa.evaluation.usable import usable

__all__ = ["BUNDLED_GOLD", "evaluation_page"]

BUNDLED_GOLD = Path(__file__).parents[2] / "corpus" / "gold.jsonl"
"""Questions with known answers on the two bundled articles."""


def evaluation_page(engine: Engine, gold: Path, name: str, *, fast: bool = True) -> Iterator[tuple[int, int] | str]:
    """Ask every question of a gold file: yields (done, of how many), and the report as HTML at last.

    ``name`` is what the file is called in the report. ``InputError`` where none of its questions can be asked.
    """
    entries = read_gold(gold)
    problems = [entry for entry in entries if isinstance(entry, GoldProblem)]
    questions, unfit = usable([one for one in entries if isinstance(one, GoldQuestion)], library_texts(engine.library))
    problems += unfit
    if not questions:
        raise InputError(f"none of the questions in {name} is about these articles; choose a file that is")
    answerer = Answerer.over(engine)
    setup = setup_of(questions, answerer, batch=1, fast=fast)
    outcomes: list[Outcome] = []
    yield 0, len(questions)
    for done, one in enumerate(evaluate(questions, answerer, batch=1, fast=fast), 1):
        (problems if isinstance(one, GoldProblem) else outcomes).append(one)  # type: ignore[arg-type]
        yield done, len(questions)
    titles = {found.id: found.title for found in engine.articles() if found.title}
    facts = {"Gold file": name, "Date": date.today().isoformat(), **facts_of(setup)}
    summary = summarize(outcomes, titles)
    yield render_report(f"Evaluation on {name}", outcomes, problems, facts=facts, articles=titles, summary=summary)
