"""``qa remove``: articles out of a library."""

from __future__ import annotations

import argparse
import sys

from corpus.errors import UnknownArticleError
from qa.commands import options as shared
from qa.commands.printable import one_line

__all__ = ["add_command"]

EXAMPLES = """\
  qa remove c36c3053700209cd
  qa remove a2ab6ea5177fd762 c36c3053700209cd --library my-library
"""


def add_command(commands: shared.Commands) -> None:
    """Declare ``qa remove``."""
    parser = shared.declare(commands, "remove", run, "remove articles from a library", EXAMPLES)
    parser.add_argument("ids", metavar="ID", nargs="+", help="an article's id, as qa list shows it")
    shared.add_library(parser)


def run(options: argparse.Namespace) -> int:
    """Remove what is there; 1 where some ids are unknown, 2 where all are."""
    unknown = []
    wanted = list(dict.fromkeys(options.ids))
    with shared.engine_of(options) as engine:
        for article_id in wanted:
            try:
                engine.remove(article_id)
            except UnknownArticleError as error:
                unknown.append(str(error))
    count = len(wanted) - len(unknown)
    print(f"{count} article{'' if count == 1 else 's'} removed")
    for message in unknown:
        print(f"qa: {one_line(message)}", file=sys.stderr)
    if not unknown:
        return 0
    return 1 if count else 2
