"""A span to a citation: the exact words, the sentence and passage that hold them, who says them, where they stand."""

from __future__ import annotations

from corpus.pages import page_at
from corpus.sentences import sentence_spans
from corpus.turns import speaker_at
from corpus.types import Article, Passage, Span
from qa.types import Citation

__all__ = ["cite", "sentence_around"]


def sentence_around(article: Article, passage: Passage, span: Span) -> Span:
    """The sentence, or run of sentences, that holds ``span``; the span itself where no sentence does."""
    sentences = passage.sentences or sentence_spans(article.text, passage.span.start, passage.span.end)
    touched = [sentence for sentence in sentences if sentence.overlaps(span)]
    if not touched:  # a speaker's label stands outside the passage that it opens
        touched = [s for s in sentence_spans(article.text, *_paragraph(article.text, span)) if s.overlaps(span)]
    if not touched:
        return span
    return Span(min(span.start, touched[0].start), max(span.end, touched[-1].end))


def _paragraph(text: str, span: Span) -> tuple[int, int]:
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    return start, len(text) if end < 0 else end


def cite(article: Article, passage: Passage, span: Span) -> Citation:
    """The citation of ``span``; ``article.text[start:end] == quote`` always."""
    turn = speaker_at(article.turns, span)
    if turn is not None:
        speaker: str | None = turn.speaker
    elif passage.speaker is not None:
        speaker = passage.speaker.of(article.text)
    else:
        speaker = None
    return Citation(
        article_id=article.id,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        speaker=speaker,
        quote=span.of(article.text),
        start=span.start,
        end=span.end,
        sentence=sentence_around(article, passage, span).of(article.text),
        passage=passage.span.of(article.text),
        page=page_at(article.pages, span.start),
    )
