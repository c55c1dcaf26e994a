"""What a folder holds after a fault, as values that can be compared and sent from one process to another."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from corpus.copies import copy_library
from corpus.library import Library
from corpus.schema import FILE_NAME
from index.dense import DenseIndex
from index.retriever import Retriever
from tests.trust.faults.steps import FEW, Step
from tests.trust.faults.toy import TOY

__all__ = ["fresh_search", "survey"]

QUERIES = ("What was closed for nine days?", "heron near post 7", "sixty singers", "the mill in spring", "cellars")
ALL = 1000
NEAREST = 20

State = dict[str, Any]


def survey(step: Step, folder: Path) -> State:
    """``holds`` what is there, ``problems`` with it, ``found`` by the queries, and ``files`` that lie about.

    ``holds`` is ``None`` where there is no library yet, ``found`` where no index is stored: one that is made of the
    rows finds what ``holds`` has compared already.
    """
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    if step.read is not None:
        return {"holds": step.read(folder), "problems": [], "found": None, "files": files}
    place = folder / str(step.library)
    if _is_blank(place / FILE_NAME):
        return {"holds": None, "problems": [], "found": None, "files": files}
    with Library.open(place) as library:
        found = _search(library, has_lists(place)) if (place / "index").exists() else None
        return {"holds": _contents(library), "problems": library.check(), "found": found, "files": files}


def fresh_search(step: Step, folder: Path) -> list[Any]:
    """What the queries find in a copy of the library, whose indexes are made anew."""
    with (
        tempfile.TemporaryDirectory() as copied,
        Library.open(folder / str(step.library)) as library,
        copy_library(library, Path(copied)) as copy,
    ):
        return _search(copy, has_lists(library.path))


def _is_blank(file: Path) -> bool:
    """Whether there is nothing yet, or a database without a table."""
    if not file.is_file():
        return not os.path.lexists(file)
    try:
        with closing(sqlite3.connect(file)) as connection:
            return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,))
    except sqlite3.Error:
        return False


def _contents(library: Library) -> dict[str, str]:
    """A digest of each article with its passages and vectors, under its id; the generation and where files went."""
    with library.snapshot():
        held = {"generation": str(library.generation), "uuid": "" if library.uuid else "lost"}
        rowids, vectors = library.vectors(TOY.id)
        rows = {rowid: vector.tobytes() for rowid, vector in zip(rowids.tolist(), vectors, strict=True)}
        for article in library.articles():
            own = library.rowids([article.id])
            parts = [library.article(article.id), library.passages(own), [rows.get(rowid) for rowid in own.tolist()]]
            held[article.id] = hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
            held |= {f"file {Path(source).name}": article.id for source in article.sources}
        held["passages"] = str(len(rowids) - library.count_passages())  # as many vectors as passages
    return held


def has_lists(place: Path) -> bool:
    """Whether vectors are stored in lists."""
    return any((place / "index").glob("dense_*"))


def _search(library: Library, lists: bool) -> list[Any]:
    hits = Retriever(library, TOY).search_many(QUERIES, ALL)
    found = [sorted((hit.passage.id, round(hit.score, 4)) for hit in some) for some in hits]
    if lists:
        near = DenseIndex.follow(library, TOY.id, limit=FEW).search(TOY.embed(QUERIES), NEAREST)
        found += [sorted((str(row), round(score, 4)) for row, score in zip(*pair, strict=True)) for pair in _rows(near)]
    return found


def _rows(near: tuple[Any, Any]) -> list[tuple[list[int], list[float]]]:
    return [(rowids.tolist(), scores.tolist()) for rowids, scores in zip(*near, strict=True)]
