"""The library's articles as a table to work with, and what became of uploaded files, as HTML."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from corpus.reads import ArticleSummary
from qa.inert import inert, shortened
from qa.links import link_to_article, link_to_removal
from qa.wording import counted, spoken_date

__all__ = ["render_intake", "render_shelf"]

SHOWN = 300
"""Rows of the table at most: a longer one is searched, not read."""


def render_shelf(articles: Sequence[ArticleSummary], wanted: str = "") -> str:
    """The articles whose title, publisher or author holds the words ``wanted``, the latest added first."""
    words = _folded(wanted).split()
    found = [article for article in reversed(articles) if all(word in _searched(article) for word in words)]
    if not articles:
        return '<div class="qa-shelf"><p>No articles yet. Drop files above to begin.</p></div>'
    rows = "".join(map(_row, found[:SHOWN]))
    total = counted(len(articles), "article")
    passages = counted(sum(article.passages for article in articles), "passage")
    note = f"{len(found):,} of {total}" if words else total
    more = f", the first {SHOWN} shown" if len(found) > SHOWN else ""
    head = "".join(f'<th scope="col"{name}>{title}</th>' for title, name in _COLUMNS)
    return (
        f'<div class="qa-shelf"><p class="qa-hint">{note}{more}; {passages} in all.</p>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def render_intake(lines: Iterable[tuple[str, bool]], done: int, total: int) -> str:
    """What became of each uploaded file, (message, well) in order, with how many are still to come."""
    items = "".join(f'<li class="{"" if well else "qa-failed"}">{inert(message)}</li>' for message, well in lines)
    state = f"Reading {done + 1} of {total}…" if done < total else f"{total} file{'s'[: total != 1]} read."
    return f'<div class="qa-intake" role="status"><p>{state}</p><ul>{items}</ul></div>'


_COLUMNS = (
    ("Article", ""),
    ("Publisher", ' class="qa-wide"'),
    ("Date", ' class="qa-nowrap"'),
    ("Passages", ' class="qa-number qa-wide"'),
    ("Change", ' class="qa-nowrap"'),
)


def _row(article: ArticleSummary) -> str:
    title = inert(shortened(article.title or "", 160) or "Without a title")
    return (
        f'<tr><td dir="auto"><a href="{link_to_article(article.id)}">{title}</a></td>'
        f'<td class="qa-wide" dir="auto">{inert(article.publisher or "")}</td>'
        f'<td class="qa-nowrap">{inert(spoken_date(article.published) or "")}</td>'
        f'<td class="qa-number qa-wide">{article.passages:,}</td>'
        f'<td class="qa-nowrap"><a href="{link_to_removal(article.id)}" aria-label="Remove {title}">Remove</a></td>'
        "</tr>"
    )


def _searched(article: ArticleSummary) -> str:
    return _folded(" ".join(filter(None, (article.title, article.publisher, article.author))))


def _folded(text: str) -> str:
    """In one case and one of the ways that Unicode has of writing the same letters."""
    return unicodedata.normalize("NFKC", text).casefold()
