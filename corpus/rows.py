"""Articles and passages as rows of a database and back: plain columns, JSON for lists, a checksum over each row."""

from __future__ import annotations

import json
import zlib
from typing import Any, TypeAlias

from corpus.errors import LibraryError
from corpus.pages import ends_of, pages_from_ends
from corpus.types import Article, Passage, Span, Turn

__all__ = [
    "INSERT_ARTICLE",
    "INSERT_PASSAGE",
    "SELECT_ARTICLES",
    "SELECT_PASSAGES",
    "Row",
    "article_from_row",
    "checksum_of_vector",
    "passage_from_row",
    "row_from_article",
    "row_from_passage",
]

Row: TypeAlias = tuple[Any, ...]

_MALFORMED = (ValueError, TypeError, RecursionError)
"""What a list that another program wrote under a sound seal leads to."""

SELECT_ARTICLES = """SELECT id, text, title, author, publisher, published, url, format, sha256, turns, pages, crc
    FROM articles """
INSERT_ARTICLE = """INSERT INTO articles
    (id, text, title, author, publisher, published, url, format, sha256, turns, pages, crc, added_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
SELECT_PASSAGES = """SELECT id, article_id, span_start, span_end, speaker_start, speaker_end, section_start,
    section_end, sentences, crc, rowid FROM passages """
INSERT_PASSAGE = """INSERT INTO passages
    (id, article_id, span_start, span_end, speaker_start, speaker_end, section_start, section_end, sentences, crc)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def row_from_article(article: Article) -> Row:
    """The values of ``INSERT_ARTICLE`` without the last, the time."""
    turns = [[t.span.start, t.span.end, t.speaker, t.label.start, t.label.end, t.kind] for t in article.turns]
    return _sealed(
        article.id,
        article.text,
        article.title,
        article.author,
        article.publisher,
        article.published,
        article.url,
        article.format,
        article.sha256,
        json.dumps(turns, ensure_ascii=False),
        json.dumps(ends_of(article.pages)) if article.pages else None,
    )


def article_from_row(row: Row) -> Article:
    """The article of one row of ``SELECT_ARTICLES``; raises LibraryError where a stored value has changed."""
    *facts, stored_turns, ends = _unsealed(row, "article")
    try:
        turns = tuple(
            Turn(Span(start, end), speaker, Span(label_start, label_end), kind)
            for start, end, speaker, label_start, label_end, kind in json.loads(stored_turns)
        )
        return Article(*(*facts, turns, pages_from_ends(json.loads(ends or "[]"))))
    except _MALFORMED as error:
        raise _damaged("article", facts[0]) from error


def row_from_passage(passage: Passage) -> Row:
    """The values of ``INSERT_PASSAGE``."""
    sentences = [[sentence.start, sentence.end] for sentence in passage.sentences]
    return _sealed(
        passage.id,
        passage.article_id,
        passage.span.start,
        passage.span.end,
        *_ends(passage.speaker),
        *_ends(passage.section),
        json.dumps(sentences),
    )


def passage_from_row(row: Row) -> Passage:
    """The passage of one row of ``SELECT_PASSAGES``, whose last value is the rowid.

    Raises LibraryError where a stored value has changed.
    """
    key, article_id, *ends, sentences = _unsealed(row[:-1], "passage")
    try:
        return Passage(
            key,
            article_id,
            Span(*ends[:2]),
            _span(*ends[2:4]),
            _span(*ends[4:]),
            tuple(Span(start, end) for start, end in json.loads(sentences)),
        )
    except _MALFORMED as error:
        raise _damaged("passage", key) from error


def checksum_of_vector(blob: bytes, rowid: int) -> int:
    """The seal of a stored vector, which also binds it to its passage."""
    return zlib.crc32(blob, rowid & 0xFFFFFFFF)


def _ends(span: Span | None) -> tuple[int | None, int | None]:
    return (None, None) if span is None else (span.start, span.end)


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)


def _sealed(*values: Any) -> Row:
    return (*values, _checksum(values))


def _unsealed(row: Row, what: str) -> Row:
    *values, checksum = row
    if _checksum(tuple(values)) != checksum:
        raise _damaged(what, values[0])
    return tuple(values)


def _damaged(what: str, key: object) -> LibraryError:
    return LibraryError(f"the stored {what} {key!r:.80} is damaged; remove its article and add it again")


def _checksum(values: Row) -> int:
    if values[-1] is None:  # of an article without pages: sealed as before there were any
        values = values[:-1]
    # A flipped bit can turn text into bytes, which JSON refuses: repr keeps that a mismatch, not a crash.
    return zlib.crc32(json.dumps(values, ensure_ascii=False, default=repr).encode("utf-8"))
