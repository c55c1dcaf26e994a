"""Files -> articles -> passages: formats, cleaning, metadata, turns, sentences and the library that keeps them."""

from __future__ import annotations

from corpus.article import article_from_text, read_article
from corpus.bundled import bundled_articles
from corpus.clean import clean
from corpus.errors import (
    ArticleError,
    InputError,
    LibraryError,
    MissingExtraError,
    ModelError,
    QAError,
    UnknownArticleError,
)
from corpus.files import ReadFailure, article_files, read_articles
from corpus.formats import Draft, read_draft, supported_extensions
from corpus.library import Addition, ArticleSummary, Library
from corpus.locate import locate
from corpus.metadata import Metadata
from corpus.passages import split_passages
from corpus.sentences import sentence_spans
from corpus.sidecar import read_sidecar
from corpus.turns import find_turns
from corpus.types import Article, Passage, Span, Turn, TurnKind

__all__ = [
    "Addition",
    "Article",
    "ArticleError",
    "ArticleSummary",
    "Draft",
    "InputError",
    "Library",
    "LibraryError",
    "Metadata",
    "MissingExtraError",
    "ModelError",
    "Passage",
    "QAError",
    "ReadFailure",
    "Span",
    "Turn",
    "TurnKind",
    "UnknownArticleError",
    "article_files",
    "article_from_text",
    "bundled_articles",
    "clean",
    "find_turns",
    "locate",
    "read_article",
    "read_articles",
    "read_draft",
    "read_sidecar",
    "sentence_spans",
    "split_passages",
    "supported_extensions",
]
