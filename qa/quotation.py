"""A quotation ready to paste: the words, who says them in which post, and where they were published."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.types import Article, Span
from qa.excerpts import Excerpt
from qa.overlap import content_words
from qa.posts import find_posts
from qa.wording import spoken_date

__all__ = ["post_of", "quotation"]


def quotation(excerpt: Excerpt, post: str | None = None) -> str:
    """The excerpt's words in quotation marks, then speaker, post, title, publisher and date as far as known.

    >>> quotation(Excerpt("", "It rained.", "", 0, 10, "Rain in Bo", "Bo Post", "2021-03-02", "Ana Silva"), "Mayor")
    '“It rained.” — Ana Silva, Mayor, in “Rain in Bo”, Bo Post, 2 March 2021'
    """
    who = ", ".join(filter(None, [excerpt.speaker, post if excerpt.speaker else None]))
    title = f"“{_one_line(excerpt.title)}”" if excerpt.title else None
    page = f"p. {excerpt.page}" if excerpt.page else None
    where = ", ".join(filter(None, [title, excerpt.publisher, spoken_date(excerpt.published), page]))
    source = f"{who}, in {where}" if who and where else who or where
    return f"“{_inner(excerpt.quote)}”" + (f" — {source}" if source else "")


def post_of(speaker: str | None, articles: Sequence[Article]) -> str | None:
    """The post of a person as the first of the articles that names one writes it, ``None`` where none does."""
    name = content_words(speaker or "")
    if not name:
        return None
    for article in articles:
        posts = (post.post for post in find_posts(article.text) if content_words(post.name.of(article.text)) == name)
        longest = max(posts, key=len, default=Span(0, 0))
        if len(longest):
            return _one_line(longest.of(article.text))
    return None


def _inner(text: str) -> str:
    """Quotation marks inside a quotation become single ones, so that its end is seen."""
    return text.replace("“", "‘").replace("”", "’").replace('"', "'")


def _one_line(text: str) -> str:
    return " ".join(text.split())
