"""What programs are given: answers, passages and articles as JSON values, the same over HTTP, MCP and gradio_client."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from corpus.errors import InputError
from corpus.types import Turn
from qa.choices import Choices, filter_of
from qa.conversation import answer_as_json
from qa.engine import DEFAULT_TOP_K, Engine
from qa.found import hit_to_dict

__all__ = ["DEFAULT_FOUND", "MOST_FOUND", "MOST_READ", "article", "articles", "ask", "facets", "search"]

MOST_READ = 50
"""Passages that one question may have read: six times the default costs about six times its time."""
DEFAULT_FOUND = 10
MOST_FOUND = 100
"""Passages that one search may bring; their texts are some 100 kB."""

FACTS = ("id", "title", "author", "publisher", "published", "url", "format", "sha256")

Values = dict[str, Any]


def ask(
    engine: Engine,
    question: object,
    *,
    history: object = None,
    choices: Choices | None = None,
    top_k: int = DEFAULT_TOP_K,
) -> Values:
    """The answer object to one question, of the ``choices`` only; raises ``QAError``, also for wrong types."""
    return answer_as_json(engine, question, history, choices=choices, top_k=_within("top_k", top_k, MOST_READ))


def search(engine: Engine, query: object, *, choices: Choices | None = None, k: int = DEFAULT_FOUND) -> list[Values]:
    """The best ``k`` passages with their texts, best first; raises ``QAError``."""
    where = filter_of(choices) if choices else None
    with engine.library.snapshot():
        hits = engine.search(_text("query", query), _within("k", k, MOST_FOUND), where=where)
        held = {hit.passage.article_id: engine.library.article(hit.passage.article_id) for hit in hits}
    return [hit_to_dict(rank, hit, held[hit.passage.article_id]) for rank, hit in enumerate(hits, 1)]


def articles(engine: Engine) -> list[Values]:
    """What is known of each article, in the order they were added; not where its file lies on the server."""
    return [
        {name: value for name, value in asdict(summary).items() if name != "sources"} for summary in engine.articles()
    ]


def article(engine: Engine, article_id: object) -> Values:
    """One article whole: its facts, its text and who says which part of it; raises ``UnknownArticleError``."""
    found = engine.library.article(_text("article id", article_id))
    return {
        **{fact: getattr(found, fact) for fact in FACTS},
        "text": found.text,
        "turns": [_turn(turn) for turn in found.turns],
        "pages": [{"start": page.start, "end": page.end} for page in found.pages],
    }


def facets(engine: Engine) -> Values:
    """What the articles can be chosen by: publishers, speakers and the range of dates."""
    found = engine.facets()
    days = {"first": found.first, "last": found.last}
    return {**asdict(found), **{name: day and day.isoformat() for name, day in days.items()}}


def _turn(turn: Turn) -> Values:
    return {"speaker": turn.speaker, "start": turn.span.start, "end": turn.span.end, "kind": turn.kind}


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"the {name} is not a text; send one string")
    return value


def _within(name: str, value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise InputError(f"{name} is not a whole number from 1 to {most}; leave it out for the usual one")
    return value
