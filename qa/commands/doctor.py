"""``qa doctor``: is everything there that an answer needs?"""

from __future__ import annotations

import argparse

from qa.commands import options as shared
from qa.commands.printable import one_line
from qa.doctor import checks

__all__ = ["add_command"]

EXAMPLES = """\
  qa doctor
  qa doctor --library my-library
"""


def add_command(commands: shared.Commands) -> None:
    """Declare ``qa doctor``."""
    parser = shared.declare(commands, "doctor", run, "check the installation, the models and the library", EXAMPLES)
    shared.add_library(parser)
    shared.add_models(parser)


def run(options: argparse.Namespace) -> int:
    """Print one line a part; 1 where one has a problem."""
    code = 0
    for check in checks(options.library, options.embedder, options.reader):
        print(f"{'ok      ' if check.ok else 'problem '} {check.part}: {one_line(check.finding)}", flush=True)
        code = code if check.ok else 1
    return code
