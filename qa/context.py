"""One given text as an article of its own: answers from that text alone, without a library."""

from __future__ import annotations

from corpus.article import article_from_text
from corpus.types import Article, Passage, Span

__all__ = ["article_of_context"]


def article_of_context(context: str) -> tuple[Article, Passage]:
    """The text, exactly as given, as an article with one passage; offsets index the given text."""
    # A blank text is no article, but a question about it has an answer: that it holds none.
    article = article_from_text(context, clean=False) if context.strip() else Article("blank", context)
    return article, Passage(f"{article.id}:0-{len(context)}", article.id, Span(0, len(context)))
