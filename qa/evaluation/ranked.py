"""What the search finds for a question, and which passages of the library hold its answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.store import Store
from corpus.types import Article, Passage, Span
from qa.engine import Engine
from qa.evaluation.gold import GoldQuestion, Spot
from qa.evaluation.gold_articles import library_texts
from qa.evaluation.metrics import holds
from qa.followup import standalone

__all__ = ["DEPTH", "AnswerPlaces", "Retrieved", "search", "trec_scores"]

DEPTH = 20
"""Passages of each search that are looked at."""

CUTOFFS = (1, 5, 10, 20)
MEASURES = (*(f"Success@{k}" for k in CUTOFFS), *(f"R@{k}" for k in CUTOFFS), "RR", "nDCG@10")
"""By their names in ir-measures; the means of RR are known as MRR."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The first passages found, best first, as (id, score); ``relevant`` are the ids of all that hold an answer."""

    passages: tuple[tuple[str, float], ...] = ()
    relevant: tuple[str, ...] = ()

    @property
    def ranks(self) -> tuple[int, ...]:
        """The ranks, from 1, of the relevant passages among those found."""
        wanted = set(self.relevant)
        return tuple(rank for rank, (passage_id, _) in enumerate(self.passages, 1) if passage_id in wanted)


class AnswerPlaces:
    """Where the accepted answers of gold questions stand in one library.

    A passage is relevant where the answer's own article holds it: where the answer has a start, the passage or the
    speaker's name that it is read with overlaps it; else their text holds the answer (``metrics.holds``). An answer
    that names no article is looked for in all.
    """

    def __init__(self, library: Store) -> None:
        self._library = library
        self._shelf = library_texts(library)
        self._articles: dict[str, Article] = {}
        self._passages: dict[str, list[Passage]] = {}

    def article(self, article_id: str) -> Article:
        """One article of the library, read once."""
        if article_id not in self._articles:
            self._articles[article_id] = self._shelf.article(article_id)
        return self._articles[article_id]

    def article_ids(self, gold: GoldQuestion) -> tuple[str, ...]:
        """The ids of the articles that the accepted answers name, of those that the library holds."""
        ids = (self._shelf.id_of(spot.article) for spot in gold.spots if spot.article is not None)
        return tuple(dict.fromkeys(article_id for article_id in ids if article_id is not None))

    def passages(self, gold: GoldQuestion) -> list[Passage]:
        """All passages that hold an accepted answer, article by article."""
        found: dict[str, Passage] = {}
        for spot in gold.spots:
            for article_id in self._articles_of(spot):
                article = self.article(article_id)
                found.update({p.id: p for p in self._passages_of(article_id) if _is_relevant(p, spot, article)})
        return sorted(found.values(), key=lambda passage: (passage.article_id, passage.span))

    def _articles_of(self, spot: Spot) -> list[str]:
        if not spot.in_text:
            return []
        if spot.article is None:
            return list(self._shelf)
        article_id = self._shelf.id_of(spot.article)
        return [] if article_id is None else [article_id]

    def _passages_of(self, article_id: str) -> list[Passage]:
        if article_id not in self._passages:
            self._passages[article_id] = self._library.passages_of(article_id)
        return self._passages[article_id]


def search(gold: GoldQuestion, engine: Engine, relevant: Sequence[Passage]) -> Retrieved:
    """The first ``DEPTH`` passages for the question in its standalone form."""
    hits = engine.search(standalone(gold.asked.question, gold.asked.history), DEPTH)
    found = tuple((hit.passage.id, hit.score) for hit in hits)
    return Retrieved(found, tuple(passage.id for passage in relevant))


def trec_scores(found: Sequence[Retrieved]) -> dict[str, list[float]]:
    """Each of ``MEASURES`` for each question, by trec_eval's own code; where no passage is relevant all are 0.

    Only the passages found count, so RR is 0 where the first relevant one stands deeper.
    """
    import ir_measures

    qrels, run = _qrels(found), _run(found)
    measures = {ir_measures.parse_measure(name): name for name in MEASURES}
    scores = {name: [0.0] * len(found) for name in MEASURES}
    for one in ir_measures.iter_calc(list(measures), qrels, run):
        scores[measures[one.measure]][int(one.query_id)] = float(one.value)
    return scores


def _qrels(found: Sequence[Retrieved]) -> dict[str, dict[str, int]]:
    return {str(number): dict.fromkeys(one.relevant, 1) or {"": 0} for number, one in enumerate(found)}


def _run(found: Sequence[Retrieved]) -> dict[str, dict[str, float]]:
    # By rank and not by score: trec_eval would put equal scores in an order of its own.
    return {
        str(number): {passage_id: -float(rank) for rank, (passage_id, _) in enumerate(one.passages)}
        for number, one in enumerate(found)
    }


def _is_relevant(passage: Passage, spot: Spot, article: Article) -> bool:
    spans = list(_shown(passage))
    if spot.start is not None:
        answer = Span(spot.start, spot.start + len(spot.text))
        return any(span.overlaps(answer) for span in spans)
    return holds(" ".join(span.of(article.text) for span in spans), [spot.text])


def _shown(passage: Passage) -> Iterator[Span]:
    """What the reader is shown of a passage: the speaker's name, which may stand far before it, and its text."""
    if passage.speaker is not None and not passage.span.contains(passage.speaker):
        yield passage.speaker
    yield passage.span
