"""A span of an article as it is shown to a reader: inside its sentence, with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.pages import page_at
from corpus.sentences import sentence_spans
from corpus.turns import speaker_at
from corpus.types import Article, Span
from qa.marking import parts_of
from qa.types import Citation

__all__ = ["Excerpt", "around", "excerpt_of_citation", "excerpt_of_passage", "excerpt_of_span"]

AROUND = 160
"""Characters kept on either side of a span that is only one of several offered."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quotation with the text around it ("…" where that is cut); ``start`` and ``end`` index its article.

    ``reported`` tells that the article says in its own words what the speaker said.
    """

    before: str
    quote: str
    after: str
    start: int
    end: int
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    speaker: str | None = None
    page: int | None = None
    article_id: str = ""
    reported: bool = False

    @property
    def span(self) -> Span:
        """Where the quotation stands in its article."""
        return Span(self.start, self.end)


def excerpt_of_citation(citation: Citation, article: Article | None) -> Excerpt:
    """A citation inside its sentence; ``article``, where it is still there, tells equal words in it apart."""
    turn = None if article is None else speaker_at(article.turns, Span(citation.start, citation.end))
    return Excerpt(
        *parts_of(citation, "" if article is None else article.text),
        citation.start,
        citation.end,
        citation.title,
        citation.publisher,
        citation.published,
        citation.speaker,
        citation.page,
        citation.article_id,
        turn is not None and turn.kind == "reported",
    )


def excerpt_of_span(article: Article, span: Span) -> Excerpt:
    """Any span of an article inside the sentences that it touches, or the near part of them where they are long."""
    shown = around(article.text, span)
    before, after = article.text[shown.start : span.start], article.text[span.end : shown.end]
    return _excerpt(article, span, _end_of(before), _beginning_of(after))


def excerpt_of_passage(article: Article, span: Span) -> Excerpt:
    """A passage as a whole."""
    return _excerpt(article, span, "", "")


def around(text: str, span: Span) -> Span:
    """The sentences of its own paragraph that a span touches, or the span itself where there are none."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    touched = [s for s in sentence_spans(text, start, len(text) if end < 0 else end) if s.overlaps(span)]
    if not touched:
        return span
    return Span(min(span.start, touched[0].start), max(span.end, touched[-1].end))


def _excerpt(article: Article, span: Span, before: str, after: str) -> Excerpt:
    turn = speaker_at(article.turns, span)
    return Excerpt(
        before,
        span.of(article.text),
        after,
        span.start,
        span.end,
        article.title,
        article.publisher,
        article.published,
        None if turn is None else turn.speaker,
        page_at(article.pages, span.start),
        article.id,
        turn is not None and turn.kind == "reported",
    )


def _end_of(text: str) -> str:
    return text if len(text) <= AROUND else "…" + text[-AROUND:].partition(" ")[2]


def _beginning_of(text: str) -> str:
    return text if len(text) <= AROUND else text[:AROUND].rpartition(" ")[0] + "…"
