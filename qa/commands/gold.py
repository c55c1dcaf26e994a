"""``qa gold``: gold questions of one's own, checked without asking them, and drafted from the articles."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from qa.commands import options as shared
from qa.commands.gold_draft import add_draft
from qa.commands.printable import one_line, print_json
from qa.evaluation.gold import Entry, GoldProblem, GoldQuestion, read_gold
from qa.evaluation.gold_articles import open_shelf
from qa.evaluation.gold_checkup import Checkup, check_gold

__all__ = ["add_command"]

EXAMPLES = """\
  qa gold draft --library my-library --count 40 --output drafts.jsonl
  qa gold check drafts.jsonl --library my-library
"""
CHECK_EXAMPLES = """\
  qa gold check corpus/gold.jsonl
  qa gold check mine.jsonl --library my-library --json
"""


SHOWN = 12
"""Names that one line of the summary lists."""


def add_command(commands: shared.Commands) -> None:
    """Declare ``qa gold`` and its two commands."""
    parser = shared.declare(commands, "gold", _check, "write and check questions with known answers", EXAMPLES)
    own = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="gold_command", required=True, help="check or draft"
    )
    _add_check(own)
    add_draft(own)


def _add_check(commands: shared.Commands) -> None:
    parser = shared.declare(commands, "check", _check, "check gold questions without asking them", CHECK_EXAMPLES)
    parser.add_argument("gold", metavar="FILE", type=shared.path, help="questions in JSON Lines or SQuAD's JSON")
    shared.add_library(parser)
    shared.add_json(parser, "what was found")


def _check(options: argparse.Namespace) -> int:
    """Print what is wrong with a file of questions; 1 where something is."""
    entries = read_gold(Path(options.gold))
    found = _checked(entries, options.library)
    if options.json:
        print_json({"gold": options.gold, **found.to_dict()})
    else:
        _print(found)
    return 1 if found.problems else 0


def _checked(entries: Sequence[Entry], library: str | None) -> Checkup:
    """The findings; no library is opened where every question brings its own text."""
    if all(isinstance(entry, GoldProblem) or _has_context(entry) for entry in entries):
        return check_gold(entries, {})
    with open_shelf(library) as shelf:
        return check_gold(entries, shelf)


def _has_context(entry: Entry) -> bool:
    return isinstance(entry, GoldQuestion) and entry.asked.context is not None


def _print(found: Checkup) -> None:
    for problem in found.problems:
        print(one_line(f"{problem.place}: {problem.message}"))
    for warning in found.warnings:
        print(one_line(f"{warning.place}: warning: {warning.message}"))
    if found.problems or found.warnings:
        print()
    questions = _counted(found.questions, "question") + (f", {found.drafts:,} unfinished" if found.drafts else "")
    print(f"{questions}; {_counted(len(found.problems), 'problem')}, {_counted(len(found.warnings), 'warning')}")
    for heading, counts in (("kind", found.kinds), ("set", found.sets), ("article", found.articles)):
        print(f"by {heading}: {_counts(counts)}")


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _counts(counts: Mapping[str, int]) -> str:
    listed = sorted(counts.items(), key=lambda item: -item[1])
    shown = ", ".join(f"{name} {count:,}" for name, count in listed[:SHOWN])
    return one_line(shown + (f" and {len(listed) - SHOWN:,} more" if len(listed) > SHOWN else ""))
