"""The command ``qa``: reads the command line, runs one command and turns what happened into an exit code.

::

    0    all is well
    1    some items failed, the others are done
    2    the command line or what it names cannot be used: one line on stderr says how to mend it
    130  stopped with Ctrl-C
    141  whoever read the output has closed it (as ``qa list | head`` does); nothing is said
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from corpus.errors import QAError
from qa.commands import COMMANDS
from qa.commands.printable import one_line

__all__ = ["build_parser", "main"]

USAGE_ERROR = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells report it
PIPE_CLOSED = 141  # 128 + SIGPIPE

EXAMPLES = """\
examples:
  qa ask "How many major projects were launched?"
  qa add ~/articles --library ~/my-library
  qa ask "Who chaired the meeting?" --library ~/my-library --json
  qa predict --input questions.jsonl --output answers.jsonl

Without --library the default library is used: two bundled articles and what you add to it.
"""


class _ShowVersion(argparse.Action):
    """Looks the version up only when it is asked for: that costs more than reading the rest of the line."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *unused: Any) -> None:
        from qa.doctor import product_version

        print(f"qa {product_version()}")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command; each command sets ``run``, which takes the parsed options."""
    parser = argparse.ArgumentParser(
        prog="qa",
        description="Ask your own articles a question and get an answer you can quote: verbatim, cited, offline.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_ShowVersion, help="show the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for add_command in COMMANDS:
        add_command(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line, without the program's name; the exit code."""
    try:
        code = _run(argv)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
        return PIPE_CLOSED
    except KeyboardInterrupt as stop:
        _say(str(stop) or "stopped")  # a command that can be gone on with says how
        return INTERRUPTED
    except QAError as error:
        _say(str(error))
        return USAGE_ERROR
    except OSError as error:
        _say(f"{error}; check the disk and the permissions")
        return USAGE_ERROR
    return code


def _run(argv: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal's encoding lacks is shown as an escape rather than ending the command.
        if (reconfigure := getattr(stream, "reconfigure", None)) is not None:
            reconfigure(errors="backslashreplace")
    try:
        options = build_parser().parse_args(argv)
    except SystemExit as stop:  # argparse has said why
        return stop.code if isinstance(stop.code, int) else USAGE_ERROR
    code: int = options.run(options)
    return code


def _say(message: str) -> None:
    print(f"qa: {one_line(message)}", file=sys.stderr)


def _silence_stdout() -> None:
    """Let the interpreter's last flush go nowhere, or it would complain of the closed pipe again."""
    with suppress(OSError, ValueError):  # a stream that is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
