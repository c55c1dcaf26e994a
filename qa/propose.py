"""From a question and its passages to candidates: what the reader found, and what the article's own structure says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from corpus.locate import locate
from corpus.types import Article, Passage, Span
from index.protocol import Embedder
from qa.intent import Intent
from qa.officials import propose_holders, propose_posts
from qa.speakers import Proposal, propose_speakers
from qa.types import Candidate, Evidence

__all__ = ["propose"]

_EVIDENCE: dict[str, Evidence] = {
    "speaker": "speaker",
    "post_of": "post",
    "holder_of": "post",
    "metadata": "metadata",
}


def propose(
    intent: Intent,
    read: Sequence[Candidate],
    passages: Sequence[Passage],
    articles: Mapping[str, Article],
    embedder: Embedder,
) -> list[Candidate]:
    """The reader's candidates, with those that the question's form points to added or marked.

    ``passages`` are the best found, best first. A proposal that the reader also has keeps the reader's scores; one
    that it lacks gets the score of its worst candidate in that passage.
    """
    if intent.kind == "open":
        return list(read)
    proposals = _proposals(intent, passages, articles, embedder)
    return _merge(read, proposals, _EVIDENCE[intent.kind])


def _proposals(
    intent: Intent, passages: Sequence[Passage], articles: Mapping[str, Article], embedder: Embedder
) -> list[Proposal]:
    if intent.kind == "speaker":
        return propose_speakers(intent.topic, passages, articles, embedder)
    if intent.kind == "post_of":
        return propose_posts(intent.topic, passages, articles)
    if intent.kind == "holder_of":
        return propose_holders(intent.topic, passages, articles)
    return _facts(intent, passages, articles)


def _facts(intent: Intent, passages: Sequence[Passage], articles: Mapping[str, Article]) -> list[Proposal]:
    """The fact that the question names, of each article found, the article of the best passage first."""
    found: list[Proposal] = []
    ids = list(dict.fromkeys(passage.article_id for passage in passages))
    if intent.wants_interview:
        ids.sort(key=lambda article_id: not any(turn.kind == "label" for turn in articles[article_id].turns))
    for number, article_id in enumerate(ids):
        span = locate(articles[article_id]).get(intent.field or "")
        if span is not None:
            passage = _passage_around(span, article_id, passages)
            found.append(Proposal(passage, span, 1.0 / (1 + number)))
    return found


def _passage_around(span: Span, article_id: str, passages: Iterable[Passage]) -> Passage:
    """The passage that holds the span, or, where it was not among those found, the span by itself."""
    for passage in passages:
        if passage.article_id == article_id and passage.span.contains(span):
            return passage
    return Passage(f"{article_id}:{span.start}-{span.end}", article_id, span, sentences=(span,))


def _merge(read: Sequence[Candidate], proposals: Sequence[Proposal], evidence: Evidence) -> list[Candidate]:
    merged = {(c.passage.article_id, c.span): c for c in read}
    worst = min((c.margin for c in read), default=0.0)
    for proposal in proposals:
        key = (proposal.passage.article_id, proposal.span)
        known = merged.get(key)
        if known is None:
            known = Candidate(proposal.passage, proposal.span, worst, 0.0)
        if proposal.strength > known.strength:
            merged[key] = replace(known, evidence=evidence, strength=proposal.strength)
    return list(merged.values())
