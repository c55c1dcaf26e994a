"""A passage that a search found, as JSON values: the same from the shell and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.pages import page_at
from corpus.types import Article

if TYPE_CHECKING:  # a command that searches nothing must not load what a search needs
    from index.types import Hit

__all__ = ["hit_to_dict", "speaker_of"]


def hit_to_dict(rank: int, hit: Hit, article: Article) -> dict[str, Any]:
    """The hit at a rank from 1, with where it stands in its article."""
    span = hit.passage.span
    return {
        "rank": rank,
        "score": hit.score,
        "article_id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published,
        "speaker": speaker_of(hit, article),
        "start": span.start,
        "end": span.end,
        "text": span.of(article.text),
        "page": page_at(article.pages, span.start),
    }


def speaker_of(hit: Hit, article: Article) -> str | None:
    """Who says the passage, as the article writes the name."""
    label = hit.passage.speaker
    return None if label is None else label.of(article.text)
