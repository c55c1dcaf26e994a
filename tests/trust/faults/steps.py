"""What is done while faults happen: each step has a state to begin from and one change, in a folder of its own.

More kinds of change are added here; how they are killed, starved and judged is the same for all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from corpus.copies import copy_library
from corpus.library import Library
from corpus.schema import FILE_NAME
from index.dense import DenseIndex
from index.retriever import Retriever
from qa.engine import Engine
from tests.trust.faults import file_steps
from tests.trust.faults.toy import LONG, REPORTS, TOY, article_id, put

__all__ = ["FEW", "LIBRARY", "STEPS", "Step"]

LIBRARY = "library"
COPY = "copy"
FEW = 100
"""Passages above which vectors are stored in lists here."""

Act = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Step:
    """``prepare`` makes what is there before the change and ``act`` makes the change, which may be made again.

    ``library`` names the folder of the library that is looked at afterwards, ``None`` where other files change; then
    ``read`` tells what they hold. ``parts`` marks a change in several parts, of which some may be made and some not.
    """

    prepare: Act
    act: Act
    library: str | None = LIBRARY
    read: Callable[[Path], dict[str, str]] | None = None
    parts: bool = False


def nothing(folder: Path) -> None:
    """Begin with the empty folder."""


def small(folder: Path) -> None:
    with Library.open(folder / LIBRARY, create=True) as library:
        put(library, "quay")
        put(library, "mill")


def large(folder: Path) -> None:
    """So many passages that the indexes are stored."""
    small(folder)
    with Library.open(folder / LIBRARY) as library:
        put(library, LONG)


def indexed(folder: Path) -> None:
    large(folder)
    refresh(folder)


def outdated(folder: Path) -> None:
    """Stored indexes of the state before this one."""
    indexed(folder)
    with Library.open(folder / LIBRARY) as library:
        put(library, "choir")
        library.remove(article_id("mill"))


def files_to_add(folder: Path) -> None:
    small(folder)
    (folder / "files").mkdir()
    for name in ("quay", "choir", "flood"):
        (folder / "files" / f"{name}.txt").write_text(f"News\n\n{REPORTS[name]}\n", encoding="utf-8")


def older(version: int) -> Act:
    """A library as an earlier release left it."""

    def prepare(folder: Path) -> None:
        small(folder)
        with closing(sqlite3.connect(folder / LIBRARY / FILE_NAME)) as connection:
            for statement in ("DROP TABLE removed", "DROP TABLE bands", "ALTER TABLE sources DROP COLUMN stamp"):
                connection.execute(statement)
            if version == 1:
                connection.execute("ALTER TABLE articles DROP COLUMN pages")
            connection.execute(f"PRAGMA user_version = {version}")
            connection.commit()

    return prepare


def create(folder: Path) -> None:
    with Library.open(folder / LIBRARY, create=True) as library:
        put(library, "flood")


def adding(name: str) -> Act:
    def act(folder: Path) -> None:
        with Library.open(folder / LIBRARY) as library:
            put(library, name)

    return act


def remove(folder: Path) -> None:
    with Library.open(folder / LIBRARY) as library:
        if any(article.id == article_id("mill") for article in library.articles()):
            library.remove(article_id("mill"))


def refresh(folder: Path) -> None:
    with Library.open(folder / LIBRARY) as library:
        Retriever(library, TOY).refresh()


def store_lists(folder: Path) -> None:
    with Library.open(folder / LIBRARY) as library:
        DenseIndex.store(library, TOY.id, limit=FEW)


def open_only(folder: Path) -> None:
    Library.open(folder / LIBRARY).close()


def to_copy(folder: Path) -> None:
    small(folder)
    (folder / COPY).mkdir()


def copy(folder: Path) -> None:
    with Library.open(folder / LIBRARY) as library:
        copy_library(library, folder / COPY).close()


def ingest(folder: Path) -> None:
    with Engine.open(folder / LIBRARY) as engine:
        vars(engine)["embedder"] = TOY
        engine.add(folder / "files")


STEPS: dict[str, Step] = {
    "create": Step(nothing, create, parts=True),
    "add": Step(small, adding("flood")),
    "replace": Step(small, adding("quay again")),
    "remove": Step(small, remove),
    "index": Step(large, refresh),
    "index after changes": Step(outdated, refresh),
    "lists of vectors": Step(indexed, store_lists),
    "upgrade of format 1": Step(older(1), open_only),
    "upgrade of format 2": Step(older(2), open_only),
    "copy": Step(to_copy, copy, COPY),
    "folder of files": Step(files_to_add, ingest, parts=True),
    "rating": Step(file_steps.first_rating, file_steps.second_rating, None, file_steps.ratings),
    "evaluation": Step(
        file_steps.first_evaluation, file_steps.second_evaluation, None, file_steps.evaluation, parts=True
    ),
    "outcomes": Step(file_steps.first_outcome, file_steps.second_outcome, None, file_steps.outcomes),
    "users": Step(file_steps.first_user, file_steps.second_user, None, file_steps.users),
}
