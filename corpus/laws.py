"""What holds of every article, whoever made it: checked where one comes from a process that is not trusted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import get_args

from corpus.metadata import is_web_address
from corpus.pages import are_tiled
from corpus.types import Article, Span, TurnKind

__all__ = ["ID_DIGITS", "broken_laws"]

ID_DIGITS = 16
"""Of the text's SHA-256: what an article is called by."""

_KINDS = frozenset(get_args(TurnKind))


def broken_laws(article: Article) -> list[str]:
    """Which laws ``article`` breaks, a few words each; an empty list for every article that a reader makes.

    Its text can be stored and is what its id and digest say, its facts are words that can be stored, its turns follow
    one another inside the text, and its pages tile it.
    """
    try:
        digest = hashlib.sha256(article.text.encode()).hexdigest()
    except UnicodeEncodeError:
        return ["its text holds half a character"]
    return [law for law, holds in _laws(article, digest) if not holds]


def _laws(article: Article, digest: str) -> Iterator[tuple[str, bool]]:
    length, turns = len(article.text), article.turns
    yield "it has no text", bool(article.text.strip())
    yield "its id is not its text's", (article.id, article.sha256) == (digest[:ID_DIGITS], digest)
    facts = (article.title, article.author, article.publisher, article.published, article.url, article.format)
    yield "a fact cannot be stored", all(map(_can_be_stored, facts))
    yield "its date is no date", article.published is None or _is_date(article.published)
    yield "its address is none of the web", article.url is None or is_web_address(article.url)
    yield "a turn stands outside its text", all(_is_in(turn.span, length) for turn in turns)
    yield "a speaker's name stands outside its text", all(_is_in(turn.label, length) for turn in turns)
    yield "a turn is of no known kind", all(turn.kind in _KINDS for turn in turns)
    yield "a speaker's name cannot be stored", all(_can_be_stored(turn.speaker) for turn in turns)
    yield "its turns overlap", all(one.span.end <= next_one.span.start for one, next_one in pairwise(turns))
    yield "its pages do not tile it", are_tiled(article.pages, length)


def _can_be_stored(words: str | None) -> bool:
    try:
        return words is None or bool(words.encode())
    except UnicodeEncodeError:
        return False


def _is_date(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _is_in(span: Span, length: int) -> bool:
    return span.start < span.end <= length
