"""Candidates to an answer: rank them, put a probability on the best, abstain where there is likely none, cite."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.types import Article
from qa.cite import cite
from qa.confidence import Confidence
from qa.decode import distinct
from qa.features import Scene, features_of
from qa.types import Alternative, Answer, Candidate, Citation

__all__ = ["ALTERNATIVES", "decide"]

ALTERNATIVES = 5
"""Alternatives listed with an answer, itself included."""


def decide(scene: Scene, found: Sequence[Candidate], confidence: Confidence, timings_ms: dict[str, float]) -> Answer:
    """The answer to the scene's question, with citations and alternatives that do not overlap."""
    if not found:
        return Answer(scene.question, None, 1.0, timings_ms=timings_ms)
    features = features_of(scene, found)
    order = confidence.order(features)
    ranked = [found[int(position)] for position in order]
    chances = dict(zip(map(id, ranked), confidence.probabilities(features[order]).tolist(), strict=True))
    kept = distinct(ranked, ALTERNATIVES)
    alternatives = _falling([_alternative(scene, candidate, chances[id(candidate)]) for candidate in kept])
    none = float(confidence.none_probabilities(features[order[:1]])[0])
    if none > confidence.threshold:
        return Answer(scene.question, None, none, alternatives=alternatives, timings_ms=timings_ms)
    citations = _citations(scene, kept, [alternative.confidence for alternative in alternatives])
    return Answer(scene.question, alternatives[0].text, alternatives[0].confidence, citations, alternatives, timings_ms)


def _alternative(scene: Scene, candidate: Candidate, chance: float) -> Alternative:
    article: Article = scene.articles[candidate.passage.article_id]
    span = candidate.span
    return Alternative(span.of(article.text), chance, article.id, span.start, span.end)


def _falling(alternatives: list[Alternative]) -> tuple[Alternative, ...]:
    """At most one span is the best: what ranks below it is never shown as likelier."""
    out: list[Alternative] = []
    for alternative in alternatives:
        ceiling = out[-1].confidence if out else 1.0
        chance = min(alternative.confidence, ceiling)
        out.append(Alternative(alternative.text, chance, alternative.article_id, alternative.start, alternative.end))
    return tuple(out)


def _citations(scene: Scene, kept: Sequence[Candidate], chances: Sequence[float]) -> tuple[Citation, ...]:
    """The answer's place first, then other places where the same words answer about as well."""
    cited = [cite(scene.articles[c.passage.article_id], c.passage, c.span) for c in kept]
    said = cited[0].quote.casefold()
    return (
        cited[0],
        *(
            other
            for other, chance in zip(cited[1:], chances[1:], strict=True)
            if other.quote.casefold() == said and chance >= chances[0] / 2
        ),
    )
