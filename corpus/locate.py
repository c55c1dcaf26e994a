"""Where an article's own text shows its title, author, publisher and date, so that each can be quoted."""

from __future__ import annotations

import re

from corpus.bylines import find_facts
from corpus.dates import find_dates, parse_date
from corpus.types import Article, Span

__all__ = ["locate"]

_HEAD_LINES, _TAIL_LINES = 8, 3
_LONGEST_LINE = 220
_LONGEST_FACT = 500


def locate(article: Article) -> dict[str, Span]:
    """The spans of ``title``, ``author``, ``publisher`` and ``published`` in ``article.text``; only what is there.

    A date is the span as written ("May 08,2020"), an author the name alone. What a byline, dateline or imprint
    states is preferred over another mention of the same words.

    >>> article = Article("1", "Ferry sails\\n\\nBy Ana Diaz|May 08,2020", author="Ana Diaz", published="2020-05-08")
    >>> {name: span.of(article.text) for name, span in locate(article).items()}
    {'author': 'Ana Diaz', 'published': 'May 08,2020'}
    """
    stated = find_facts(article.text)
    found: dict[str, Span | None] = {
        "title": _locate_words(article.text, article.title, stated.get("title")),
        "author": _locate_author(article.text, article.author, stated.get("author")),
        "publisher": _locate_publisher(article.text, article.publisher, stated.get("publisher")),
        "published": _locate_date(article.text, article.published, stated.get("published")),
    }
    return {name: span for name, span in found.items() if span is not None}


def _locate_words(text: str, value: str | None, stated: Span | None) -> Span | None:
    """``value`` as the text has it: the stated place, else its first mention, in any case and spacing."""
    if not value or len(value) > _LONGEST_FACT:
        return None
    words = r"\s+".join(map(re.escape, value.split()))
    pattern = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    match = (pattern.search(text, stated.start, stated.end) if stated else None) or pattern.search(text)
    return Span(match.start(), match.end()) if match else None


def _locate_author(text: str, author: str | None, stated: Span | None) -> Span | None:
    whole = _locate_words(text, author, stated)
    if whole is not None or not author:
        return whole
    # "A, B" in the metadata may be "A and B" on the page: from the first name to the last where little lies between.
    names = [name for name in re.split(r"\s*(?:,|;|&|\band\b)\s*", author) if name]
    spans = [span for name in names if (span := _locate_words(text, name, stated))]
    if len(spans) != len(names) or len(spans) < 2:
        return None
    start, end = min(spans).start, max(span.end for span in spans)
    extra = (end - start) - sum(len(span) for span in spans)
    return Span(start, end) if extra <= 6 * len(spans) else None


def _locate_publisher(text: str, publisher: str | None, stated: Span | None) -> Span | None:
    """The masthead, the byline or the imprint, before a mention in the body."""
    if not publisher:
        return None
    for line in _edge_lines(text):
        span = _locate_words(line.of(text), publisher, None)
        if span is not None:
            return Span(line.start + span.start, line.start + span.end)
    return _locate_words(text, publisher, stated)


def _locate_date(text: str, published: str | None, stated: Span | None) -> Span | None:
    """A date in the body is not the date of publication, though it be the same day: only the edges are read."""
    if not published:
        return None
    if stated is not None and parse_date(stated.of(text)) == published:
        return stated
    for line in _edge_lines(text):
        if line.of(text).rstrip().endswith((".", "!", "?", '"', "”")):
            continue  # a sentence
        for span, iso in find_dates(text, line.start, line.end):
            if iso == published:
                return span
    return None


def _edge_lines(text: str) -> list[Span]:
    """The short lines among the first and the last of the text."""
    lines = [Span(match.start(), match.end()) for match in re.finditer(r"[^\n]*\S[^\n]*", text)]
    edges = lines[:_HEAD_LINES] + lines[max(_HEAD_LINES, len(lines) - _TAIL_LINES) :]
    return [line for line in edges if len(line) <= _LONGEST_LINE]
