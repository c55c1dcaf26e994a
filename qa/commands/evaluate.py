"""``qa evaluate``: a file of questions with accepted answers, asked and scored."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from qa.batch import Answerer
from qa.commands import options as shared
from qa.commands.printable import one_line, print_json
from qa.commands.progress import progress
from qa.evaluation.evaluate import Outcome, evaluate, latency_of, scores_by_kind
from qa.evaluation.gold import GoldProblem, GoldQuestion, read_gold
from qa.evaluation.report import MEASURES, figure, render_report

__all__ = ["add_command"]

EXAMPLES = """\
  qa evaluate corpus/gold.jsonl --report report.html
  qa evaluate corpus/gold.jsonl --set core --kind date --json
  qa evaluate dev-v2.0.json --batch 32      (SQuAD: each question is asked of its own text)
"""


def add_command(commands: shared.Commands) -> None:
    """Declare ``qa evaluate``."""
    parser = shared.declare(commands, "evaluate", run, "score the answers to questions with known answers", EXAMPLES)
    parser.add_argument("gold", metavar="GOLD", type=shared.path, help="questions in JSON Lines or SQuAD's JSON")
    shared.add_library(parser)
    parser.add_argument("--set", metavar="NAME", dest="subset", help="only the questions of this set (core, more)")
    parser.add_argument("--kind", metavar="NAME", help="only the questions of this kind")
    parser.add_argument(
        "--batch", metavar="N", type=shared.positive, default=1, help="questions asked together (default: %(default)s)"
    )
    parser.add_argument("--report", metavar="FILE", type=shared.path, help="write an HTML page with every question")
    shared.add_models(parser)
    shared.add_json(parser, "scores and outcomes")


def run(options: argparse.Namespace) -> int:
    """Ask and score; 1 where some entries could not be used."""
    entries = read_gold(Path(options.gold))
    problems = [entry for entry in entries if isinstance(entry, GoldProblem)]
    questions = [entry for entry in entries if isinstance(entry, GoldQuestion)]
    chosen = _chosen(questions, options)
    if options.report:
        _write(options.report, "")  # said now if it cannot be written, not after the work
    outcomes = _ask(chosen, options, problems)
    if outcomes:
        _publish(outcomes, problems, options)
    for problem in problems:
        print(f"qa: {options.gold}: {one_line(f'{problem.place}: {problem.message}')}", file=sys.stderr)
    if not outcomes:
        raise InputError(f"{options.gold}: no question could be evaluated; see docs/cli.md for the formats")
    return 1 if problems else 0


def _chosen(questions: list[GoldQuestion], options: argparse.Namespace) -> list[GoldQuestion]:
    chosen = [
        question
        for question in questions
        if options.subset in (None, question.subset) and options.kind in (None, question.kind)
    ]
    if questions and not chosen:
        kinds = ", ".join(sorted(Counter(question.kind for question in questions)))
        sets = ", ".join(sorted({question.subset for question in questions if question.subset})) or "none"
        raise InputError(f"{options.gold}: no such questions; its sets: {sets}; its kinds: {kinds}")
    return chosen


def _ask(questions: list[GoldQuestion], options: argparse.Namespace, problems: list[GoldProblem]) -> list[Outcome]:
    """The outcomes; what the engine refuses joins the problems."""
    outcomes = []
    models = Answerer(options.library, embedder=options.embedder, reader=options.reader)
    with models as answerer, progress("Asking", len(questions), "questions") as advance:
        for found in evaluate(questions, answerer, batch=options.batch):
            if isinstance(found, Outcome):
                outcomes.append(found)
            else:
                problems.append(found)
            advance(1)
    return outcomes


def _publish(outcomes: Sequence[Outcome], problems: Sequence[GoldProblem], options: argparse.Namespace) -> None:
    if options.report:
        _write(options.report, render_report(f"Evaluation on {Path(options.gold).name}", outcomes, problems))
    if options.json:
        print_json(_to_dict(options.gold, outcomes, problems))
    else:
        _print_table(outcomes)


def _write(name: str, page: str) -> None:
    try:
        Path(name).write_text(page, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise InputError(f"cannot write {name}: {error.strerror or error}; name a file you may write") from error


def _to_dict(gold: str, outcomes: Sequence[Outcome], problems: Sequence[GoldProblem]) -> dict[str, Any]:
    return {
        "gold": gold,
        "questions": len(outcomes),
        "scores": {scores.group: scores.to_dict() for scores in scores_by_kind(outcomes)},
        "latency_ms": asdict(latency_of(outcomes)),
        "problems": [asdict(problem) for problem in problems],
        "outcomes": [_outcome(outcome) for outcome in outcomes],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "kind": outcome.gold.kind,
        "set": outcome.gold.subset,
        "accepted": list(outcome.gold.answers),
        "verdict": outcome.verdict,
        "exact": outcome.exact,
        "f1": outcome.f1,
        "cited": outcome.cited,
        "milliseconds": round(outcome.milliseconds, 3),
        **outcome.answer.to_dict(outcome.gold.id),
    }


def _print_table(outcomes: Sequence[Outcome]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = scores_by_kind(outcomes)
    table = Table(box=None)
    table.add_column("", no_wrap=True, min_width=max(len(scores.group) for scores in rows))
    for heading in ("n", *dict(MEASURES).values()):
        table.add_column(heading, justify="right")
    for scores in rows:
        figures = [figure(getattr(scores, name)) for name, _ in MEASURES]
        table.add_row(Text(one_line(scores.group)), str(scores.questions), *figures)
    latency = latency_of(outcomes)
    console = Console(highlight=False)
    console.print(table)
    console.print(f"\nIn percent. {latency.median:.0f} ms a question (median), {latency.p95:.0f} ms (95th percentile).")
