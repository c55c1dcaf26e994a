"""A question put to the engine and what a reader is shown of it: excerpts, other possibilities, close passages."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.errors import UnknownArticleError
from corpus.filters import Filter
from corpus.types import Article, Span
from qa.engine import Engine
from qa.excerpts import Excerpt, excerpt_of_citation, excerpt_of_passage, excerpt_of_span
from qa.followup import Message, standalone
from qa.question import checked_question
from qa.quotation import post_of
from qa.types import Answer

__all__ = ["Offer", "Reply", "reply_to"]

LEAST_OFFERED = 0.01
"""Alternatives less probable than this are noise to a reader."""
MOST_OFFERED = 4
CLOSEST = 3
"""Passages shown where there is no answer."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something else worth a look; ``confidence`` is ``None`` for a passage, which claims to answer nothing."""

    excerpt: Excerpt
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What is shown for one question; no ``excerpts`` means "not in these articles".

    ``asked`` is the question as it was read, with what it takes from the turns before it; ``post`` is that of the
    person who says the first excerpt.
    """

    text: str | None
    confidence: float
    excerpts: tuple[Excerpt, ...]
    alternatives: tuple[Offer, ...]
    passages: tuple[Offer, ...]
    seconds: float
    asked: str = ""
    post: str | None = None

    @property
    def places(self) -> tuple[Excerpt, ...]:
        """Everything shown that stands in an article, in the order shown: what a place's number counts through."""
        offers = (*self.alternatives, *self.passages)
        return (*self.excerpts, *(offer.excerpt for offer in offers))


def reply_to(engine: Engine, question: str, history: Sequence[Message], where: Filter | None = None) -> Reply:
    """Ask the engine and gather the texts around what it found; raises ``QAError``."""
    started = time.perf_counter()
    asked = standalone(checked_question(question), history)
    answer = engine.answer(asked, where=where)
    seconds = time.perf_counter() - started
    articles = _articles(engine, answer)
    return Reply(
        answer.text,
        answer.confidence,
        tuple(excerpt_of_citation(citation, articles.get(citation.article_id)) for citation in answer.citations),
        tuple(_alternatives(answer, articles)),
        () if answer.answered else tuple(_closest(engine, asked, where)),
        seconds,
        asked,
        _post(answer, articles),
    )


def _post(answer: Answer, articles: Mapping[str, Article]) -> str | None:
    first = answer.citations[0] if answer.citations else None
    if first is None or first.article_id not in articles:
        return None
    return post_of(first.speaker, [articles[first.article_id]])


def _articles(engine: Engine, answer: Answer) -> Mapping[str, Article]:
    ids = [citation.article_id for citation in answer.citations]
    ids += [alternative.article_id for alternative in answer.alternatives]
    return {article_id: article for article_id in dict.fromkeys(ids) if (article := _article(engine, article_id))}


def _article(engine: Engine, article_id: str) -> Article | None:
    try:
        return engine.library.article(article_id)
    except UnknownArticleError:  # removed by another process since the answer was read from it
        return None


def _alternatives(answer: Answer, articles: Mapping[str, Article]) -> list[Offer]:
    """The alternatives that say something else than the answer and than each other."""
    seen = {_plain(answer.text or "")}
    offers = []
    for alternative in answer.alternatives:
        article = articles.get(alternative.article_id)
        if article is None or alternative.confidence < LEAST_OFFERED or _plain(alternative.text) in seen:
            continue
        seen.add(_plain(alternative.text))
        span = Span(alternative.start, alternative.end)
        offers.append(Offer(excerpt_of_span(article, span), alternative.confidence))
    return offers[:MOST_OFFERED]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _closest(engine: Engine, question: str, where: Filter | None) -> list[Offer]:
    offers = []
    for hit in engine.search(question, CLOSEST, where=where):
        article = _article(engine, hit.passage.article_id)
        if article is not None:
            offers.append(Offer(excerpt_of_passage(article, hit.passage.span)))
    return offers
