"""Looks a library's database over for damage and says what is wrong, one line a problem."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator

from corpus.errors import LibraryError
from corpus.pages import are_tiled
from corpus.rows import SELECT_ARTICLES, SELECT_PASSAGES, article_from_row, passage_from_row
from corpus.types import Article, Passage, Span
from corpus.vectors import is_vector

__all__ = ["find_problems"]


def find_problems(connection: sqlite3.Connection) -> list[str]:
    """Damaged pages, altered texts, spans outside their article, damaged vectors; an empty list where all is well."""
    try:
        # Not the quick check: only the full one compares tables with their indexes, so that a lost row is noticed.
        problems = [" ".join(line.split()) for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
        if problems:
            return problems  # its rows cannot be walked safely
        problems += [f"a row of {row[0]} refers to nothing" for row in connection.execute("PRAGMA foreign_key_check")]
        return [*problems, *_article_problems(connection), *_vector_problems(connection)]
    except sqlite3.Error as error:
        return [f"the database cannot be read: {error}"]


def _article_problems(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute(SELECT_ARTICLES + "ORDER BY number"):
        try:
            article = article_from_row(row)
        except LibraryError as error:
            yield str(error)
            continue
        if article.sha256 and hashlib.sha256(article.text.encode()).hexdigest() != article.sha256:
            yield f"article {article.id!r}: its text does not match its sha256; remove it and add it again"
        if not are_tiled(article.pages, len(article.text)):
            yield f"the pages of article {article.id!r} do not cover its text; remove it and add it again"
        yield from _passage_problems(connection, article)


def _passage_problems(connection: sqlite3.Connection, article: Article) -> Iterator[str]:
    query = SELECT_PASSAGES + "WHERE article_id = ? ORDER BY rowid"
    for row in connection.execute(query, (article.id,)):
        try:
            passage = passage_from_row(row)
        except (LibraryError, ValueError) as error:
            yield str(error)
            continue
        if not _fits(passage, Span(0, len(article.text))):
            yield f"passage {passage.id!r} reaches beyond its article; remove article {article.id!r} and add it again"


def _fits(passage: Passage, whole: Span) -> bool:
    spans = (passage.span, passage.speaker, passage.section, *passage.sentences)
    return all(whole.contains(span) for span in spans if span is not None)


def _vector_problems(connection: sqlite3.Connection) -> Iterator[str]:
    query = """SELECT e.passage, e.vector, e.crc, m.id, m.dimension
        FROM embeddings e JOIN models m ON m.number = e.model ORDER BY e.passage"""
    for rowid, vector, crc, model, dimension in connection.execute(query):
        if not is_vector(vector, rowid, dimension, crc):
            yield f"the vector of passage {rowid} by model {model!r} is damaged; remove its article and add it again"
