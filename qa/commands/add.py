"""``qa add``: files and folders into a library."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import ArticleError, LibraryError
from corpus.files import ReadFailure, article_files
from corpus.types import Article
from qa.commands import options as shared
from qa.commands.printable import one_line, print_json
from qa.commands.progress import progress

__all__ = ["add_command"]

EXAMPLES = """\
  qa add report.html interview.docx
  qa add ~/articles --library ~/my-library     (the library is made if it is missing)
"""


@dataclass(slots=True)
class _Tally:
    """What became of each file so far."""

    added: list[Article] = field(default_factory=list)
    unchanged: list[Article] = field(default_factory=list)
    failed: list[ReadFailure] = field(default_factory=list)

    def exit_code(self) -> int:
        if not self.failed:
            return 0
        return 1 if self.added or self.unchanged else 2


def add_command(commands: shared.Commands) -> None:
    """Declare ``qa add``."""
    parser = shared.declare(commands, "add", run, "add articles to a library, which is made if missing", EXAMPLES)
    parser.add_argument("paths", metavar="PATH", nargs="+", type=shared.path, help="article files and folders of them")
    shared.add_library(parser)
    parser.add_argument("--embedder", metavar="FOLDER", type=shared.path, help="another embedding model")
    shared.add_json(parser, "what was added")


def run(options: argparse.Namespace) -> int:
    """Add what can be read; 1 where some files failed, 2 where all did."""
    tally = _Tally()
    files, tally.failed = _files(options.paths)
    if files:
        _add(options, files, tally)
    if options.json:
        _print_json(tally)
    else:
        print(_summary(tally))
    for failure in tally.failed:
        print(f"qa: {one_line(failure.message)}", file=sys.stderr)
    return tally.exit_code()


def _files(paths: Iterable[str]) -> tuple[list[Path], list[ReadFailure]]:
    """The files to read, known beforehand for the progress bar and so that a mere typo makes no library."""
    files: dict[Path, None] = {}
    failed = []
    for path in paths:
        try:
            files.update(dict.fromkeys(article_files([path])))
        except ArticleError as error:
            failed.append(ReadFailure(Path(path), str(error)))
    return list(files), failed


def _add(options: argparse.Namespace, files: list[Path], tally: _Tally) -> None:
    with closing(shared.engine_of(options, create=True)) as engine:
        if engine.library.read_only:  # said before the models are loaded, not after
            place = engine.library.place
            raise LibraryError(f"library {place}: no permission to write; name a folder you may write to")
        with progress("Adding", len(files), "files") as advance:
            for found in engine.add_each(files):
                if isinstance(found, ReadFailure):
                    tally.failed.append(found)
                else:
                    (tally.added if found[1] else tally.unchanged).append(found[0])
                advance(1)


def _summary(tally: _Tally) -> str:
    count = len(tally.added)
    parts = [f"{count} article{'' if count == 1 else 's'} added"]
    if tally.unchanged:
        parts.append(f"{len(tally.unchanged)} already there")
    if tally.failed:
        parts.append(f"{len(tally.failed)} failed")
    return ", ".join(parts)


def _print_json(tally: _Tally) -> None:
    print_json(
        {
            "added": [{"id": article.id, "title": article.title} for article in tally.added],
            "unchanged": [{"id": article.id, "title": article.title} for article in tally.unchanged],
            "failed": [{"path": str(failure.path), "error": failure.message} for failure in tally.failed],
        }
    )
