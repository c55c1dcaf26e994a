"""Passages that say the same in several articles: read once, cited from each.

Agencies sell one report to many papers, which change a sentence or the opening. Without this, copies of one passage
would take the places of all others that might answer, and be read again and again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from corpus.types import Article, Passage, Span
from index.types import Hit
from qa.cite import cite
from qa.types import Answer, Citation

__all__ = ["SPARE", "Distinct", "distinct_hits", "with_twins"]

SPARE: Final = 24
"""Hits fetched beyond those that are read, to take the places of copies."""

COPIED: Final = 0.8
"""The share of a passage's characters, in whole sentences, that an earlier passage has where it is called a copy."""


@dataclass(slots=True)
class Distinct:
    """The hits that are read, best first, and the passages that repeat each of them, by its passage's id."""

    hits: list[Hit] = field(default_factory=list)
    twins: dict[str, list[Passage]] = field(default_factory=dict)


def distinct_hits(hits: Sequence[Hit], articles: Mapping[str, Article], count: int) -> Distinct:
    """The first ``count`` hits that are no copies of an earlier one; spaces and case do not tell sentences apart."""
    found, kept = Distinct(), list[tuple[str, dict[str, Span]]]()
    for hit in hits:
        sentences = _sentences(hit.passage, articles[hit.passage.article_id])
        first = next((key for key, earlier in kept if _copied(sentences, earlier) >= COPIED), None)
        if first is not None:
            found.twins.setdefault(first, []).append(hit.passage)
        elif len(found.hits) < count:
            kept.append((hit.passage.id, sentences))
            found.hits.append(hit)
    return found


def with_twins(answer: Answer, found: Distinct, articles: Mapping[str, Article]) -> Answer:
    """The answer with a citation more for each article that says the same in the same words."""
    if not answer.citations or not found.twins:
        return answer
    places = {(citation.article_id, citation.start): citation for citation in answer.citations}
    for hit in found.hits:
        for twin in found.twins.get(hit.passage.id, ()):
            for citation in _carried_over(answer.citations, hit.passage, twin, articles):
                places.setdefault((citation.article_id, citation.start), citation)
    return replace(answer, citations=tuple(places.values()))


def _sentences(passage: Passage, article: Article) -> dict[str, Span]:
    """The sentences of a passage as they are compared, with their places; the passage itself where it has none."""
    spans = passage.sentences or (passage.span,)
    return {" ".join(span.of(article.text).casefold().split()): span for span in spans}


def _copied(sentences: Mapping[str, Span], earlier: Mapping[str, Span]) -> float:
    """The share of the sentences, by their characters, that an earlier passage has.

    >>> _copied({"it sank.": Span(0, 8), "ok": Span(9, 11)}, {"it sank.": Span(50, 58)})
    0.8
    """
    return sum(len(said) for said in sentences if said in earlier) / max(1, sum(map(len, sentences)))


def _carried_over(
    citations: Sequence[Citation], passage: Passage, twin: Passage, articles: Mapping[str, Article]
) -> list[Citation]:
    """The citations of ``passage`` at the same places of its twin, where the very same characters stand there."""
    article = articles[twin.article_id]
    original, copied = _sentences(passage, articles[passage.article_id]), _sentences(twin, article)
    carried = []
    for citation in citations:
        for said, sentence in original.items():
            inside = sentence.start <= citation.start and citation.end <= sentence.end
            if citation.article_id == passage.article_id and inside and said in copied:
                shift = copied[said].start - sentence.start
                span = Span(citation.start + shift, citation.end + shift)
                if span.of(article.text) == citation.quote:
                    carried.append(cite(article, twin, span))
    return carried
