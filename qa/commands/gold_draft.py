"""``qa gold draft``: lines of a gold file to be finished, from passages without a question or from users' ratings."""

from __future__ import annotations

import argparse
import codecs
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from qa.commands import options as shared
from qa.commands.printable import is_terminal, one_line
from qa.evaluation.gold import GoldProblem, GoldQuestion, read_gold
from qa.evaluation.gold_articles import Shelf, open_shelf
from qa.evaluation.gold_draft import draft_passages
from qa.evaluation.gold_feedback import drafts_from_ratings, read_ratings

__all__ = ["add_draft"]

EXAMPLES = """\
  qa gold draft --library my-library --count 40 --output drafts.jsonl
  qa gold draft --against gold.jsonl --output more.jsonl
  qa gold draft --feedback ratings.jsonl --output rated.jsonl
"""
COUNT = 20


def add_draft(commands: shared.Commands) -> None:
    """Declare ``qa gold draft``."""
    parser = shared.declare(commands, "draft", run, "propose passages to ask gold questions about", EXAMPLES)
    shared.add_library(parser)
    parser.add_argument(
        "--count", metavar="N", type=shared.positive, default=COUNT, help="drafts to write (default: %(default)s)"
    )
    parser.add_argument(
        "--against", metavar="FILE", type=shared.path, help="leave out what this gold file asks about already"
    )
    parser.add_argument(
        "--feedback", metavar="FILE", type=shared.path, help="make the drafts from ratings of answers instead"
    )
    parser.add_argument("--output", metavar="FILE", type=shared.path, help="a new file for the drafts")


def run(options: argparse.Namespace) -> int:
    """Write the drafts; 1 where some ratings could not be used."""
    if options.output and Path(options.output).exists():
        raise InputError(f"{options.output} is there already; name a new file, so that nothing finished is lost")
    known = _questions(options.against)
    problems: list[GoldProblem] = []
    with open_shelf(options.library) as shelf:
        if options.feedback:
            drafts, problems = _from_feedback(options.feedback, known, shelf)
        else:
            drafts = [draft.to_dict() for draft in draft_passages(shelf, known, options.count)]
    _write(drafts, options.output)
    for problem in problems:
        _say(f"{options.feedback}: {problem.place}: {problem.message}")
    _say(_summary(drafts, options))
    return 1 if problems else 0


def _questions(name: str | None) -> list[GoldQuestion]:
    entries = read_gold(Path(name)) if name else []
    return [entry for entry in entries if isinstance(entry, GoldQuestion)]


def _from_feedback(
    name: str, known: Sequence[GoldQuestion], shelf: Shelf
) -> tuple[list[dict[str, Any]], list[GoldProblem]]:
    try:
        text = Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {name}: {error}; name a file of ratings in UTF-8") from error
    ratings, problems = read_ratings(text)
    if not ratings:
        raise InputError(f"{name}: no rating that can be used; see docs/gold.md for the format")
    return drafts_from_ratings(ratings, shelf, (question.asked.question for question in known)), problems


def _write(drafts: Iterable[Mapping[str, Any]], name: str | None) -> None:
    # Escaped on a terminal, which an article's text could drive, and where letters would be lost.
    escaped = name is None and (is_terminal() or codecs.lookup(sys.stdout.encoding or "utf-8").name != "utf-8")
    lines = [json.dumps(draft, ensure_ascii=escaped) + "\n" for draft in drafts]
    if name is None:
        sys.stdout.writelines(lines)
        return
    try:
        with Path(name).open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
    except OSError as error:
        raise InputError(f"cannot write {name}: {error.strerror or error}; name a file you may write") from error


def _summary(drafts: Sequence[Mapping[str, Any]], options: argparse.Namespace) -> str:
    count = f"{len(drafts):,} draft{'' if len(drafts) == 1 else 's'}"
    if options.feedback:
        todo = sum("draft" in draft for draft in drafts)
        return f"{count} from ratings, {todo:,} of them still to be finished"
    if not drafts:
        return "no passage without a question has anything to ask about"
    where = len({draft["answers"][0]["article"] for draft in drafts})
    return f"{count} from {where:,} article{'' if where == 1 else 's'}; write each line's question, mend its answers"


def _say(message: str) -> None:
    print(f"qa: {one_line(message)}", file=sys.stderr)
