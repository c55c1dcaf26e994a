"""``qa list``: the articles of a library, without loading a model."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from dataclasses import asdict

from corpus.library import ArticleSummary
from qa.commands import options as shared
from qa.commands.printable import is_terminal, one_line, print_json

__all__ = ["add_command"]

EXAMPLES = """\
  qa list
  qa list --library my-library | cut -f 1      (columns are parted by tabs in a pipe)
"""
HEADINGS = ("ID", "TITLE", "PUBLISHER", "DATE", "PASSAGES")
_LONGEST = 36  # of a title's or publisher's column, unless the terminal has room for more


def add_command(commands: shared.Commands) -> None:
    """Declare ``qa list``."""
    parser = shared.declare(commands, "list", run, "list the articles of a library", EXAMPLES)
    shared.add_library(parser)
    shared.add_json(parser, "the articles")


def run(options: argparse.Namespace) -> int:
    """Print one line an article, in the order they were added."""
    with shared.engine_of(options) as engine:
        articles = engine.articles()
    if options.json:
        print_json([asdict(article) for article in articles])
    elif is_terminal():
        _print_table([_cells(article) for article in articles])
    else:
        for article in articles:
            print("\t".join(_cells(article)))
    return 0


def _cells(article: ArticleSummary) -> tuple[str, ...]:
    facts = (article.id, article.title, article.publisher, article.published, str(article.passages))
    return tuple(one_line(fact or "") for fact in facts)


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    if not rows:
        print("No articles yet; add some: qa add PATH")
        return
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    room = shutil.get_terminal_size().columns - widths[0] - widths[3] - widths[4] - 2 * (len(widths) - 1)
    widths[2] = min(widths[2], max(_LONGEST, room // 3))
    widths[1] = min(widths[1], max(_LONGEST, room - widths[2]))
    for row in (HEADINGS, *rows):
        print("  ".join(_fit(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _fit(cell: str, width: int) -> str:
    return (cell if len(cell) <= width else cell[: width - 1] + "…").ljust(width)
