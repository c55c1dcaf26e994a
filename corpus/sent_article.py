"""An article as it crosses from the child that read it: one line of JSON, of which the parent believes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corpus.errors import ArticleError, LibraryError
from corpus.files import ReadFailure
from corpus.laws import broken_laws
from corpus.one_line import one_line
from corpus.rows import article_from_row, row_from_article
from corpus.types import Article

__all__ = ["MAX_ANSWER_BYTES", "received", "sent"]

MAX_ANSWER_BYTES = 100_000_000
"""The largest text file takes three times its size where it is written in Cyrillic, as JSON escapes letters."""
_LONGEST_MESSAGE = 1_000
"""A file's name and what is wrong with it."""

_TEXTS = (0, 1, 7, 8, 9)  # id, text, format, sha256, turns
_TEXTS_OR_NONE = (2, 3, 4, 5, 6, 10)  # title, author, publisher, published, url, pages
_COLUMNS = 12


def sent(found: Article | ReadFailure) -> bytes:
    """The line for an article or for what is wrong with its file."""
    answer: Any = {"article": row_from_article(found)} if isinstance(found, Article) else {"error": found.message}
    return json.dumps(answer).encode() + b"\n"


def received(line: bytes, path: Path) -> Article:
    """The article in a line; raises `ArticleError`: the one that was sent, or that the line makes no sense."""
    try:
        answer = json.loads(line)
        if isinstance(answer, dict) and isinstance(answer.get("error"), str):
            raise ArticleError(one_line(answer["error"])[:_LONGEST_MESSAGE] or f"{path}: it cannot be read")
        article = _article(answer["article"])
    except (LibraryError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise ArticleError(f"{path}: its reader broke down; save the article as .txt") from error
    return article


def _article(row: Any) -> Article:
    if not isinstance(row, list) or len(row) != _COLUMNS:
        raise TypeError("no row")
    texts = all(isinstance(row[place], str) for place in _TEXTS)
    if not texts or not all(row[place] is None or isinstance(row[place], str) for place in _TEXTS_OR_NONE):
        raise TypeError("a column of another type")
    article = article_from_row(tuple(row))
    whole = [number for turn in article.turns for number in (*_ends(turn.span), *_ends(turn.label))]
    whole += [page.end for page in article.pages]
    if not all(type(number) is int for number in whole) or not all(isinstance(it.speaker, str) for it in article.turns):
        raise TypeError("a place that is no whole number, or a speaker without a name")
    if broken := broken_laws(article):
        raise ValueError("; ".join(broken))
    return article


def _ends(span: Any) -> tuple[Any, Any]:
    return span.start, span.end
