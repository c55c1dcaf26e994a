"""What a question comes back with: candidates inside the engine, an answer with citations outside it.

A raw score (log-odds of a span against "no answer here") and a calibrated probability never share a field:
``score`` is raw, ``confidence`` is a probability.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from corpus.types import Passage, Span

__all__ = ["Alternative", "Answer", "Candidate", "Citation", "Evidence"]

Evidence = Literal["read", "speaker", "post", "metadata"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may be the answer.

    ``score`` is the span's start plus end score; ``null_score`` that of "no answer" in the same window, so that
    ``margin`` compares across windows. ``evidence`` tells what proposed it: the reader, a speaker's label, a post
    in apposition to a name, or the article's own metadata; ``strength`` from 0 to 1 is that rule's own measure.
    """

    passage: Passage
    span: Span
    score: float
    null_score: float
    evidence: Evidence = "read"
    strength: float = 0.0

    @property
    def margin(self) -> float:
        """Log-odds of the span against "no answer here", as the reader sees them."""
        return self.score - self.null_score


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quotation stands: ``article.text[start:end] == quote``; ``sentence`` and ``passage`` hold it.

    ``page`` is the page of the file that it begins on, from 1; ``None`` where the file has no pages.
    """

    article_id: str
    title: str | None
    publisher: str | None
    published: str | None
    speaker: str | None
    quote: str
    start: int
    end: int
    sentence: str
    passage: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another span, with the probability that it answers the question."""

    text: str
    confidence: float
    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's answer: a verbatim span with citations, or ``text is None``: "not in these articles".

    ``confidence`` is the probability that what is said is right: that the span answers the question, or, where
    ``text`` is None, that the articles do not answer it. ``alternatives[0]`` is the best span even then.
    ``timings_ms`` gives each step's share of the time.
    """

    question: str
    text: str | None
    confidence: float
    citations: tuple[Citation, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        """Whether the articles answer the question."""
        return self.text is not None

    def to_dict(self, id: str | None = None) -> dict[str, Any]:  # noqa: A002 - the field's public name
        """The answer as JSON-ready values, in the documented order; ``id`` is included where given."""
        head = {} if id is None else {"id": id}
        return {
            **head,
            "question": self.question,
            "answer": self.text,
            "answered": self.answered,
            "confidence": self.confidence,
            "citations": [_fields(citation) for citation in self.citations],
            "alternatives": [_fields(alternative) for alternative in self.alternatives],
            "timings_ms": dict(self.timings_ms),
        }


def _fields(value: Citation | Alternative) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}
