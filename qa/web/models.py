"""What goes over HTTP, field by field: the OpenAPI schema and the page at ``/docs`` are made from it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.choices import Choices
from qa.engine import DEFAULT_TOP_K
from qa.programs import DEFAULT_FOUND, MOST_FOUND, MOST_READ

__all__ = [
    "AnswerObject",
    "ArticleFacts",
    "FacetLists",
    "FoundPassage",
    "Health",
    "Problem",
    "Question",
    "Search",
    "WholeArticle",
]

MOST_NAMES = 200
MOST_MESSAGES = 200

Name = Annotated[str, Field(min_length=1, max_length=400)]
Names = Annotated[list[Name], Field(max_length=MOST_NAMES)]


class Message(BaseModel):
    """One turn before the question."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant"] = Field(description="who says it")
    content: str = Field(max_length=10_000, description="what is said")


class Selection(BaseModel):
    """What may be looked in; all that is given must hold, a list for any of its values."""

    model_config = ConfigDict(extra="forbid")

    articles: Names = Field([], description="look only in these articles, by id")
    publishers: Names = Field([], description="look only in the articles of these publishers")
    speakers: Names = Field([], description="look only at what these people say")
    since: date | None = Field(None, description="look only in articles from this day on, as in 2021-05-31")
    until: date | None = Field(None, description="look only in articles up to this day")

    @property
    def choices(self) -> Choices:
        """The same for the engine."""
        since, until = (day.isoformat() if day else None for day in (self.since, self.until))
        return Choices(self.articles, self.publishers, self.speakers, since, until)


class Question(Selection):
    """A question, and what it may be answered from."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "How many major projects were launched?", "since": "2021-01-01"}]},
    )

    question: str = Field(description="the question, at most 2,000 characters")
    history: list[Message] = Field([], max_length=MOST_MESSAGES, description="the turns before it, oldest first")
    top_k: int = Field(DEFAULT_TOP_K, ge=1, le=MOST_READ, description="passages to read; more takes longer")


class Search(Selection):
    """A search, and what it may look in."""

    q: str = Field(description="words or a question", examples=["clean energy"])
    k: int = Field(DEFAULT_FOUND, ge=1, le=MOST_FOUND, description="passages wanted")


class CitationObject(BaseModel):
    """Where the quotation stands: characters ``start`` to ``end`` of the article's text are ``quote``."""

    article_id: str
    title: str | None
    publisher: str | None
    published: str | None = Field(description="the day, as in 2021-05-31")
    speaker: str | None = Field(description="who says it, where the article tells")
    quote: str = Field(description="the exact words of the article")
    start: int
    end: int
    sentence: str = Field(description="the whole sentence")
    passage: str = Field(description="the whole passage")
    page: int | None = Field(description="the page of a PDF, from 1")


class AlternativeObject(BaseModel):
    """Another span that may answer the question."""

    text: str
    confidence: float = Field(description="the probability that it answers the question")
    article_id: str
    start: int
    end: int


class AnswerObject(BaseModel):
    """An answer in an article's exact words, or ``answer: null`` for "not in these articles"."""

    question: str
    answer: str | None = Field(description="the exact words of an article; null where the articles hold no answer")
    answered: bool
    confidence: float = Field(description="the probability that this is right, also of there being no answer")
    citations: list[CitationObject]
    alternatives: list[AlternativeObject] = Field(description="other spans, likeliest first; the answer's own is first")
    timings_ms: dict[str, float]


class FoundPassage(BaseModel):
    """A passage that a search found."""

    rank: int = Field(description="from 1, the best")
    score: float = Field(description="orders the passages of one search; no probability")
    article_id: str
    title: str | None
    publisher: str | None
    published: str | None
    speaker: str | None
    start: int
    end: int
    text: str = Field(description="characters start to end of the article's text")
    page: int | None


class ArticleFacts(BaseModel):
    """What is known of an article; null where it is not known."""

    id: str
    title: str | None
    author: str | None
    publisher: str | None
    published: str | None
    url: str | None
    format: str = Field(description="of the file it was read from: txt, md, html, pdf or docx")
    added_at: str = Field(description="when it was added, UTC")
    passages: int


class TurnObject(BaseModel):
    """A part of an article's text that one person says."""

    speaker: str
    start: int
    end: int
    kind: str = Field(description="label (Name: ...), reported or quoted")


class Range(BaseModel):
    """Characters ``start`` to ``end`` of the text."""

    start: int
    end: int


class WholeArticle(BaseModel):
    """An article with its text, which every ``start`` and ``end`` counts in (Unicode characters)."""

    id: str
    title: str | None
    author: str | None
    publisher: str | None
    published: str | None
    url: str | None
    format: str
    sha256: str = Field(description="of the text in UTF-8")
    text: str
    turns: list[TurnObject]
    pages: list[Range] = Field(description="the pages of a PDF in order; empty for other files")


class FacetObject(BaseModel):
    """A name to choose by, with how much there is of it."""

    name: str
    articles: int
    passages: int


class FacetLists(BaseModel):
    """What the articles can be chosen by."""

    publishers: list[FacetObject]
    speakers: list[FacetObject]
    first: str | None = Field(description="the earliest day of an article")
    last: str | None = Field(description="the latest")
    articles: int
    undated: int = Field(description="articles without a day, which no range of days holds")


class Health(BaseModel):
    """That the server is up, and what it holds."""

    status: Literal["ok"]
    articles: int
    passages: int


class Problem(BaseModel):
    """What went wrong, in one line that says how to mend it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"error": "the question is empty; type one"}]})

    error: str
