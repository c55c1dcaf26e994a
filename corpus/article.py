"""A text or a file -> an `Article`: cleaned once, its facts filled in, its turns found, its id taken from its text."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path

from corpus.bylines import find_facts
from corpus.clean import clean as clean_page
from corpus.clean_pages import clean_pages
from corpus.dates import parse_date
from corpus.errors import ArticleError
from corpus.formats import read_draft
from corpus.laws import ID_DIGITS
from corpus.metadata import Metadata
from corpus.pages import are_tiled
from corpus.sidecar import read_sidecar
from corpus.turns import find_turns
from corpus.types import Article, Span

__all__ = ["article_from_text", "read_article"]


def article_from_text(
    text: str,
    *,
    metadata: Metadata | None = None,
    format: str = "txt",  # noqa: A002
    clean: bool = True,
    pages: tuple[Span, ...] = (),
) -> Article:
    """The article that ``text`` holds; ``metadata`` outranks what the text says about itself.

    With ``clean=False`` the text is taken exactly as given, so offsets into it stay valid. ``pages`` tile ``text``
    where it has pages, and then its paragraphs are parted by blank lines and tidy.
    ``id`` is the first 16 hex digits of the SHA-256 of the final text in UTF-8.
    Raises `ArticleError` for a text with nothing in it or with lone surrogates.

    >>> article_from_text("Ferry sails again\\n\\nBy Ana Diaz | 8 May 2024\\n\\nIt left the pier at noon.").author
    'Ana Diaz'
    """
    known = (metadata or Metadata()).tidied()
    if not are_tiled(pages, len(text)):
        raise ArticleError("the pages do not cover the text one after the other; give the pages of this very text")
    if clean and pages:
        text, pages = clean_pages(text, pages, known)
    elif clean:
        text = clean_page(text, known)
    if not text.strip():
        raise ArticleError("the article is empty; give it some text")
    try:
        digest = hashlib.sha256(text.encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise ArticleError("the text holds a lone surrogate (half a character); decode it as UTF-8 first") from error
    facts = known.or_else(_stated(text))
    return Article(
        id=digest[:ID_DIGITS],
        text=text,
        format=format,
        sha256=digest,
        turns=find_turns(text),
        pages=pages,
        **asdict(facts),
    )


def read_article(path: Path | str) -> Article:
    """The article in a file, cleaned; a sidecar outranks the file's own markup, which outranks its text.

    Raises `ArticleError` naming the file and the remedy.
    """
    path = Path(path)
    draft = read_draft(path)
    metadata = read_sidecar(path).or_else(draft.metadata)
    try:
        return article_from_text(draft.text, metadata=metadata, format=draft.format, pages=draft.pages)
    except ArticleError as error:
        raise ArticleError(f"{path}: {error}") from error


def _stated(text: str) -> Metadata:
    """The facts as the text states them: the words of their spans, the date in ISO 8601."""
    spans = find_facts(text)
    values = {name: " ".join(span.of(text).split()) for name, span in spans.items()}
    if "published" in values:
        values["published"] = parse_date(values["published"]) or ""
    return Metadata(**{name: value for name, value in values.items() if value})
