"""Passages that no gold question asks about yet, as drafts with the answers they suggest: the most quotable first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from corpus.locate import locate
from corpus.passages import split_passages
from corpus.types import Article, Passage, Span
from qa.evaluation.gold_articles import Shelf
from qa.evaluation.gold_entry import GoldQuestion, Spot
from qa.evaluation.gold_spans import Candidate, find_candidates
from qa.overlap import content_words

__all__ = ["PassageDraft", "draft_passages"]

ARTICLES_A_DRAFT = 4
"""Articles read for each draft wanted, so that a large library does not take minutes."""
PASSAGES_READ = 200
"""Passages of one article that are looked through."""
OFFERED = 8
"""Candidates that one draft lists besides its own answer."""
COUNTED = 3
"""Candidates of one kind that make a passage more quotable; further ones add nothing."""
_WEIGHTS = {"role": 1.2, "number": 1.0, "date": 1.0, "speaker": 0.8, "list": 0.8, "reason": 0.8, "meta": 0.8}
_ASKED = re.compile(r"[?？؟]\W*$")


@dataclass(frozen=True, slots=True)
class PassageDraft:
    """A passage to ask a question about; ``answer`` is what the question could be answered with."""

    article: Article
    passage: Passage
    answer: Candidate
    others: tuple[Candidate, ...]

    def to_dict(self) -> dict[str, Any]:
        """The draft as one line of a gold file, whose question is still empty."""
        text, start = self.article.text, self.passage.span.start
        answer = {"article": self.article.id, **_place(text, self.answer.span)}
        return {
            # Made of the place, so that drafting again gives the same passage the same id.
            "id": f"{self.article.id[:8]}-{start}",
            "kind": self.answer.kind,
            "question": "",
            "answers": [answer],
            "candidates": [{"kind": other.kind, **_place(text, other.span)} for other in self.others],
            "title": self.article.title,
            "passage": self.passage.span.of(text),
        }


def draft_passages(shelf: Shelf, questions: Sequence[GoldQuestion], count: int) -> list[PassageDraft]:
    """Up to ``count`` passages that none of ``questions`` asks about, one draft each.

    They are spread: each comes from the article with the fewest drafts so far, and is of the kind there are fewest of.
    """
    asked = _by_article(questions, shelf)
    ids = sorted(shelf, key=lambda article_id: len(asked.get(article_id, ())))
    waiting = [
        option for name in ids[: ARTICLES_A_DRAFT * count] for option in _options(shelf.article(name), asked.get(name))
    ]
    return list(islice(_spread(waiting), count))


@dataclass(frozen=True, slots=True)
class _Option:
    """A passage without a question and what could be asked about."""

    article: Article
    passage: Passage
    candidates: tuple[Candidate, ...]
    score: float


def _options(article: Article, questions: Iterable[GoldQuestion] | None) -> Iterator[_Option]:
    passages = split_passages(article)[:PASSAGES_READ]
    facts = tuple(locate(article).values())
    covered = {number for question in questions or () for number in _covered(question, article, passages)}
    for number, passage in enumerate(passages):
        if number in covered or _only_asks(article.text, passage):
            continue
        candidates = tuple(find_candidates(article, passage, facts))
        if candidates:
            yield _Option(article, passage, candidates, _quotable(candidates))


def _only_asks(text: str, passage: Passage) -> bool:
    """Whether a passage is an interviewer's question."""
    return _ASKED.search(passage.span.of(text)) is not None


def _quotable(candidates: Sequence[Candidate]) -> float:
    counts = Counter(candidate.kind for candidate in candidates)
    return sum(_WEIGHTS.get(kind, 0.5) * min(count, COUNTED) for kind, count in counts.items())


def _by_article(questions: Iterable[GoldQuestion], shelf: Shelf) -> Mapping[str, list[GoldQuestion]]:
    found: dict[str, list[GoldQuestion]] = {}
    for question in questions:
        for article_id in {shelf.id_of(spot.article) for spot in question.spots if spot.article is not None}:
            if article_id is not None:
                found.setdefault(article_id, []).append(question)
    return found


def _covered(question: GoldQuestion, article: Article, passages: Sequence[Passage]) -> list[int]:
    """The passages that a question is about: all that hold its answer's place, or the likeliest that hold its words.

    Passages overlap, so that one place can stand in two.
    """
    holding = [n for n, passage in enumerate(passages) if any(_stands(s, passage, article) for s in question.spots)]
    if any(spot.start is not None for spot in question.spots):
        return holding
    words = content_words(question.asked.question)
    return sorted(holding, key=lambda n: -len(words & content_words(passages[n].span.of(article.text))))[:1]


def _stands(spot: Spot, passage: Passage, article: Article) -> bool:
    if spot.start is None:
        return spot.text in passage.span.of(article.text)
    return passage.span.contains(Span(spot.start, spot.start + len(spot.text)))


def _spread(options: list[_Option]) -> Iterator[PassageDraft]:
    waiting = list(options)
    articles: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    while waiting:
        fewest = min(articles[option.article.id] for option in waiting)
        offered = [option for option in waiting if articles[option.article.id] == fewest]
        option = max(offered, key=lambda option: (-min(kinds[c.kind] for c in option.candidates), option.score))
        answer = min(option.candidates, key=lambda candidate: kinds[candidate.kind])
        waiting.remove(option)
        articles[option.article.id] += 1
        kinds[answer.kind] += 1
        yield PassageDraft(option.article, option.passage, answer, _others(option.candidates, answer))


def _others(candidates: Sequence[Candidate], answer: Candidate) -> tuple[Candidate, ...]:
    """What is offered besides the answer: the first of every kind, then the second of every kind, and so on."""
    seen: Counter[str] = Counter()
    ranked = []
    for candidate in candidates:
        if candidate != answer:
            ranked.append((seen[candidate.kind], candidate))
            seen[candidate.kind] += 1
    ranked.sort(key=lambda pair: pair[0])
    return tuple(candidate for _, candidate in ranked[:OFFERED])


def _place(text: str, span: Span) -> dict[str, Any]:
    return {"text": span.of(text), "start": span.start}
