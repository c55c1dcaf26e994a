"""Options that several commands share, checked as they are read, and the engine that they describe."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from corpus.filters import Filter
from corpus.store import is_address
from qa.engine import Engine

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Commands: TypeAlias = argparse._SubParsersAction

__all__ = [
    "Commands",
    "add_filters",
    "add_json",
    "add_library",
    "add_models",
    "address",
    "declare",
    "engine_of",
    "filter_of",
    "path",
    "positive",
]


def declare(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], summary: str, examples: str
) -> argparse.ArgumentParser:
    """The parser of one command, which ``run`` carries out."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # a script that abbreviates breaks with the next option
    )
    parser.set_defaults(run=run)
    return parser


def add_library(parser: argparse.ArgumentParser) -> None:
    """``--library DIR`` and ``--store ADDRESS``, which name the same thing in two ways."""
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--library", metavar="DIR", type=path, help="the library's folder (default: your own library)")
    one.add_argument(
        "--store",
        metavar="ADDRESS",
        dest="library",
        type=address,
        help="a library on a Milvus server: milvus://HOST:PORT/COLLECTION",
    )


def add_filters(parser: argparse.ArgumentParser) -> None:
    """``--article``, ``--publisher``, ``--speaker``, ``--since`` and ``--until``, which ``filter_of`` reads."""
    for name, metavar, what in (
        ("article", "ID", "in this article"),
        ("publisher", "NAME", "in the articles of this publisher"),
        ("speaker", "NAME", "at what this person says"),
    ):
        parser.add_argument(
            f"--{name}", metavar=metavar, action="append", help=f"look only {what}; may be given several times"
        )
    parser.add_argument("--since", metavar="DATE", type=day, help="look only in articles from this day on (2021-05-31)")
    parser.add_argument("--until", metavar="DATE", type=day, help="look only in articles up to this day")


def filter_of(options: argparse.Namespace) -> Filter:
    """The filter that the options describe; raises ``InputError`` where it can let nothing through."""
    return Filter(
        frozenset(options.article or ()),
        frozenset(options.publisher or ()),
        frozenset(options.speaker or ()),
        options.since,
        options.until,
    )


def add_models(parser: argparse.ArgumentParser) -> None:
    """``--embedder FOLDER`` and ``--reader FOLDER``."""
    parser.add_argument("--embedder", metavar="FOLDER", type=path, help="another embedding model")
    parser.add_argument("--reader", metavar="FOLDER", type=path, help="another reader (span model)")


def add_json(parser: argparse.ArgumentParser, what: str) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help=f"print {what} as JSON")


def path(text: str) -> str:
    """A path as given; an empty one (an unset variable in a script) would mean the current folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the path is empty")
    return text


def address(text: str) -> str:
    """An address as given; what it says is looked at when it is opened."""
    if not is_address(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no address; write milvus://HOST:PORT/COLLECTION")
    return text


def day(text: str) -> date:
    """A day as ``2021-05-31``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as 2021-05-31") from None


def positive(text: str) -> int:
    """A whole number from 1 up."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return number


def engine_of(options: argparse.Namespace, *, create: bool = False) -> Engine:
    """The engine that the options describe; raises ``LibraryError`` where what is named holds no library."""
    return Engine.open(
        options.library,
        create=create,
        embedder=getattr(options, "embedder", None),
        reader=getattr(options, "reader", None),
    )
