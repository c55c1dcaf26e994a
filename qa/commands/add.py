"""``qa add``: files and folders into a library."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from corpus.errors import LibraryError
from corpus.files import ReadFailure, found_files
from corpus.library import Library
from qa.commands import options as shared
from qa.commands.added import Tally
from qa.commands.engines import add_engines, ingest_with
from qa.commands.printable import print_json
from qa.commands.progress import adding
from qa.engine import Engine

__all__ = ["add_command"]

LARGE = 20_000  # passages from which on making the indexes takes seconds

EXAMPLES = """\
  qa add report.html interview.docx
  qa add ~/articles --library ~/my-library     (the library is made if it is missing)
  qa add ~/articles                            (again, after it was stopped: it goes on from there)
  qa add ~/articles --prune                    (what was deleted there goes from the library too)
  qa add ~/articles --engine ray               (several processes read and embed; docs/ray.md)
"""


def add_command(commands: shared.Commands) -> None:
    """Declare ``qa add``."""
    parser = shared.declare(commands, "add", run, "add articles to a library, which is made if missing", EXAMPLES)
    parser.add_argument("paths", metavar="PATH", nargs="+", type=shared.path, help="article files and folders of them")
    shared.add_library(parser)
    parser.add_argument("--again", action="store_true", help="read also the files that have not changed")
    parser.add_argument("--prune", action="store_true", help="remove the articles whose files are gone from a folder")
    parser.add_argument(
        "--skip-near-duplicates", action="store_true", help="leave out articles of nearly the same words as another"
    )
    parser.add_argument("--embedder", metavar="FOLDER", type=shared.path, help="another embedding model")
    add_engines(parser)
    shared.add_json(parser, "what was added")


def run(options: argparse.Namespace) -> int:
    """Add what can be read; 1 where some files failed, 2 where all did."""
    tally = Tally(named=options.json)
    files = list(_files(options.paths, tally))
    if files:
        try:
            _add(options, files, tally)
        except KeyboardInterrupt:
            done = f"{tally.done:,} of {len(files):,} files are done and what they hold is safely in"
            raise KeyboardInterrupt(f"stopped: {done}; the same command goes on from there") from None
    if options.json:
        print_json(tally.object())
    else:
        print(tally.summary())
    tally.name_failures()
    return tally.exit_code()


def _files(paths: Iterable[str], tally: Tally) -> Iterator[Path]:
    """The files to read, known beforehand for the progress bar and so that a mere typo makes no library."""
    for found in found_files(paths):
        if isinstance(found, ReadFailure):
            tally.fail(found)
        else:
            yield found


def _add(options: argparse.Namespace, files: list[Path], tally: Tally) -> None:
    with closing(shared.engine_of(options, create=True)) as engine:
        if engine.library.read_only:  # said before the models are loaded, not after
            place = engine.library.place
            raise LibraryError(f"library {place}: no permission to write; name a folder you may write to")
        with adding(len(files)) as counted, closing(ingest_with(options, engine, files)) as ingested:
            for one in ingested:
                tally.count(one)
                counted(one.passages, one.article is not None)
        if options.prune:
            for folder in map(Path, options.paths):
                # One without any article may be a disk that is not there.
                if folder.is_dir() and any(file.is_relative_to(folder) for file in files):
                    tally.prune(engine.library.prune(folder))
        _index(engine)


def _index(engine: Engine) -> None:
    """What a large library keeps beside it is made now, and not when the first question waits for it."""
    if not isinstance(engine.library, Library):
        return
    passages = engine.library.count_passages()
    if passages > LARGE and not engine.library.read_only:
        print(f"qa: bringing the indexes of {passages:,} passages up to date", file=sys.stderr)
        engine.retriever.store()
