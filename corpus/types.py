"""The values that cross layers: spans, turns, articles and passages.

Every position is a half-open character interval ``[start, end)`` into ``Article.text``, which never changes
once the article exists. A quotation is always a slice of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TurnKind = Literal["label", "reported", "quoted"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open character interval ``[start, end)`` into one article's text.

    >>> Span(6, 11).of("hello world")
    'world'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of ``text`` that the span covers."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of text that one person says.

    ``speaker`` is the name as written; ``label`` is where that name stands, so "who said it" can be answered
    with characters of the article. ``kind`` tells how it was recognised: an interview ``label`` ("Name: ..."),
    a ``reported`` paragraph ("Name pointed out that ...") or a ``quoted`` one ('"...", said Name').
    """

    span: Span
    speaker: str
    label: Span
    kind: TurnKind = "label"


@dataclass(frozen=True, slots=True)
class Article:
    """One cleaned article with the facts known of it; a fact that is not known is ``None``, never a guess.

    ``published`` is an ISO 8601 date (``2020-05-08``). ``sha256`` is the hex digest of ``text`` in UTF-8.
    ``id`` is derived from the text, so the same article has the same id everywhere. ``pages`` tile the text in
    order where its file has pages (a PDF), page 1 first; a page without text is an empty span.
    """

    id: str
    text: str
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    format: str = "txt"
    sha256: str = ""
    turns: tuple[Turn, ...] = ()
    pages: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one article, said by one speaker, that are indexed and read together.

    ``speaker`` is the turn's label span (where the name is written), or ``None`` outside turns; it may stand
    far before ``span``. ``section`` is what it stands under: the interviewer's question of a short reply, else the
    nearest heading above, or ``None``. ``sentences`` lie inside ``span``.
    """

    id: str
    article_id: str
    span: Span
    speaker: Span | None = None
    section: Span | None = None
    sentences: tuple[Span, ...] = ()
