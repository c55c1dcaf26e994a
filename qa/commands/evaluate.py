"""``qa evaluate``: a file of questions with accepted answers, asked and scored."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from qa.batch import Answerer
from qa.commands import options as shared
from qa.commands.comparison import comparison_lines
from qa.commands.evaluation_files import Files
from qa.commands.printable import one_line, print_json
from qa.commands.progress import progress
from qa.commands.scoreboard import scoreboard
from qa.evaluation.compare import Comparison, compare, read_records
from qa.evaluation.evaluate import Outcome, evaluate
from qa.evaluation.gold import GoldDraft, GoldProblem, GoldQuestion, read_gold
from qa.evaluation.gold_articles import library_texts
from qa.evaluation.journal import Journal
from qa.evaluation.record import to_record
from qa.evaluation.setup import Setup, setup_of
from qa.evaluation.summary import Summary, summarize, summary_to_dict
from qa.evaluation.usable import usable

__all__ = ["add_command"]

EXAMPLES = """\
  qa evaluate corpus/gold.jsonl --report report.html
  qa evaluate corpus/gold.jsonl --set core --kind date --json
  qa evaluate corpus/gold.jsonl --against before.json
  qa evaluate corpus/gold.jsonl --outcomes outcomes.jsonl --resume
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
    parser.add_argument("--fast", action="store_true", help="leave out the reader alone, about half of the time")
    parser.add_argument("--against", metavar="FILE", type=shared.path, help="compare with an earlier --json")
    parser.add_argument("--outcomes", metavar="FILE", type=shared.path, help="write each outcome as it comes, a line")
    parser.add_argument("--resume", action="store_true", help="go on where the run that wrote --outcomes stopped")
    parser.add_argument("--report", metavar="FILE", type=shared.path, help="write an HTML page with every question")
    parser.add_argument("--predictions", metavar="FILE", type=shared.path, help="write the answers as SQuAD's JSON")
    parser.add_argument("--run", metavar="FILE", type=shared.path, dest="trec_run", help="write the searches for TREC")
    parser.add_argument("--qrels", metavar="FILE", type=shared.path, help="write the right passages for TREC")
    shared.add_models(parser)
    shared.add_json(parser, "scores and outcomes")


def run(options: argparse.Namespace) -> int:
    """Ask and score; 1 where some entries could not be used."""
    entries = read_gold(Path(options.gold))
    problems = [entry for entry in entries if isinstance(entry, GoldProblem)]
    chosen = _chosen([entry for entry in entries if isinstance(entry, GoldQuestion)], options)
    before = None if options.against is None else read_records(Path(options.against))
    files = Files.of(options)
    session = _Session(options, problems)
    outcomes = session.outcomes(chosen)
    _say_unused(options.gold, [entry for entry in entries if isinstance(entry, GoldDraft)], problems)
    if not outcomes:
        raise InputError(f"{options.gold}: no question could be evaluated; see docs/evaluation.md for the formats")
    summary = summarize(outcomes, session.titles)
    name = Path(options.gold).name
    files.write(outcomes, problems, summary, gold=name, setup=session.setup, titles=session.titles)
    records = [to_record(outcome) for outcome in outcomes]
    _publish(options, session, summary, records, None if before is None else compare(before, records))
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
    if options.resume and options.outcomes is None:
        raise InputError("--resume needs the file to go on with; name it with --outcomes")
    return chosen


class _Session:
    """One run of the models over the chosen questions; problems that it meets join ``problems``."""

    def __init__(self, options: argparse.Namespace, problems: list[GoldProblem]) -> None:
        self.problems = problems
        self.setup: Setup | None = None
        self.titles: dict[str, str] = {}
        self._options = options

    def outcomes(self, questions: list[GoldQuestion]) -> list[Outcome]:
        """What became of the questions, in their order, the ones from an earlier run included."""
        options = self._options
        with Answerer(options.library, embedder=options.embedder, reader=options.reader) as answerer:
            if any(gold.asked.context is None for gold in questions):
                library = answerer.engine.library
                questions, unfit = usable(questions, library_texts(library))
                self.problems.extend(unfit)
                self.titles = {found.id: found.title for found in library.articles() if found.title}
            self.setup = setup_of(questions, answerer, batch=options.batch, fast=options.fast)
            return self._ask(questions, answerer, self.setup)

    def _ask(self, questions: list[GoldQuestion], answerer: Answerer, setup: Setup) -> list[Outcome]:
        options, found = self._options, {}
        with ExitStack() as stack:
            advance = stack.enter_context(progress("Asking", len(questions), "questions"))
            journal = None
            if options.outcomes is not None:
                journal = stack.enter_context(Journal(Path(options.outcomes), setup.digest))
                found = journal.read(questions) if options.resume else {}
            advance(len(found))
            left = [gold for gold in questions if gold.id not in found]
            try:
                for one in evaluate(left, answerer, batch=options.batch, fast=options.fast):
                    advance(1)
                    if isinstance(one, GoldProblem):
                        self.problems.append(one)
                        continue
                    found[one.gold.id] = one
                    if journal is not None:
                        journal.add(one)
            except KeyboardInterrupt:
                raise KeyboardInterrupt(_how_to_go_on(options, len(found), len(questions))) from None
        return [found[gold.id] for gold in questions if gold.id in found]


def _how_to_go_on(options: argparse.Namespace, done: int, asked: int) -> str:
    after = f"stopped after {done:,} of {asked:,} questions"
    if options.outcomes is None:
        return f"{after}; name a file with --outcomes to be able to go on another time"
    return f"{after}; to go on, run the same command with --resume"


def _say_unused(gold: str, drafts: Sequence[GoldDraft], problems: Sequence[GoldProblem]) -> None:
    for draft in drafts:
        print(f"qa: {gold}: {draft.place}: a draft without its {draft.missing}, passed over", file=sys.stderr)
    for problem in problems:
        print(f"qa: {gold}: {one_line(f'{problem.place}: {problem.message}')}", file=sys.stderr)


def _publish(
    options: argparse.Namespace,
    session: _Session,
    summary: Summary,
    records: Sequence[dict[str, Any]],
    comparison: Comparison | None,
) -> None:
    if options.json:
        compared = None if comparison is None else {"against": options.against, **comparison.to_dict()}
        found = {"gold": options.gold, "questions": len(records), **summary_to_dict(summary)}
        setup = None if session.setup is None else session.setup.to_dict()
        problems = [asdict(problem) for problem in session.problems]
        print_json({**found, "setup": setup, "problems": problems, "comparison": compared, "outcomes": records})
        return
    for line in scoreboard(summary):
        print(line)
    if comparison is not None:
        print()
        for line in comparison_lines(comparison, options.against):
            print(line)
