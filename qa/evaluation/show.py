"""An evaluation as the chat runs it: one question after another, then the report's page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    questions, problems = _questions(engine, gold, name)
    answerer = Answerer.over(engine)
    setup = setup_of(questions, answerer, batch=1, fast=fast)
    outcomes: list[Outcome] = []
    yield 0, len(questions)
    for done, one in enumerate(evaluate(questions, answerer, batch=1, fast=fast), 1):
        if isinstance(one, GoldProblem):
            problems.append(one)
        else:
            outcomes.append(one)
        yield done, len(questions)
    if not outcomes:
        raise InputError(f"no question in {name} could be asked; {problems[-1].place}: {problems[-1].message}")
    titles = {found.id: found.title for found in engine.articles() if found.title}
    facts = {"Gold file": name, "Date": date.today().isoformat(), **facts_of(setup)}
    summary = summarize(outcomes, titles)
    yield render_report(f"Evaluation on {name}", outcomes, problems, facts=facts, articles=titles, summary=summary)


def _questions(engine: Engine, gold: Path, name: str) -> tuple[list[GoldQuestion], list[GoldProblem]]:
    """The file's questions on this library's articles, at least one, and what is wrong with others."""
    try:
        entries = read_gold(gold)
    except InputError as error:  # where an uploaded file lies means nothing to whoever sent it
        raise InputError(str(error).replace(str(gold), name)) from error
    problems = [entry for entry in entries if isinstance(entry, GoldProblem)]
    asked = [entry for entry in entries if isinstance(entry, GoldQuestion)]
    if not asked:
        reason = f"{problems[0].place}: {problems[0].message}" if problems else "finish its drafts first"
        raise InputError(f"no question in {name} can be used; {reason}")
    fit, unfit = usable(asked, library_texts(engine.library))
    if not fit or (_name_articles(asked) and not _name_articles(fit)):
        raise InputError(f"none of the questions in {name} is about these articles; choose a file that is")
    return fit, problems + unfit


def _name_articles(questions: Iterable[GoldQuestion]) -> bool:
    """Whether an answer is looked for in an article: questions without answers fit every library and tell nothing."""
    return any(spot.article is not None for gold in questions for spot in gold.spots if gold.asked.context is None)
