"""A small embedder and a library of invented reports for the tests of the search layer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.types import Article, Passage, Span
from tests.hashing import HashingEmbedder
from tests.index.mill_reports import CountingEmbedder, story

REPORTS = {
    "Ferry": "The ferry Aurinko sank off Hanko in March. All 41 passengers were rescued. The captain was Ilse Brandt.",
    "Orchard": "Cherry growers in Vignola lost half their harvest. Frost came late in April. Prices doubled in a week.",
    "Library": "The public library of Maribor opens on Sundays. Two librarians were hired. Loans rose by a fifth.",
}


def make_article(title: str, text: str) -> Article:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(id=digest[:16], text=text, title=title, sha256=digest)


def sentences_of(article: Article) -> list[Passage]:
    spans = [Span(*match.span()) for match in re.finditer(r"[^.\s][^.]*\.", article.text)]
    return [Passage(f"{article.id}:{n}", article.id, span, sentences=(span,)) for n, span in enumerate(spans)]


@pytest.fixture(scope="session")
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "lib", create=True) as opened:
        yield opened


@pytest.fixture
def add(embedder) -> Callable[[Library, str, str], Article]:
    """Adds an article of one passage a sentence, and returns it."""

    def add_report(library: Library, title: str, text: str) -> Article:
        article = make_article(title, text)
        passages = sentences_of(article)
        vectors = embedder.embed([passage.span.of(text) for passage in passages])
        library.add(article, passages, vectors, model_id=embedder.id)
        return article

    return add_report


@pytest.fixture
def reports(library, add) -> dict[str, Article]:
    """The three reports, in the library, by title."""
    return {title: add(library, title, text) for title, text in REPORTS.items()}


@pytest.fixture
def counting(embedder) -> CountingEmbedder:
    return CountingEmbedder(embedder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty stories in two folders, and files that cannot be read among them."""
    for number in range(40):
        file = tmp_path / "in" / f"{number % 2}" / f"story{number:02}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(story(number), encoding="utf-8")
    (tmp_path / "in" / "1" / "story05.txt").write_bytes(b"")
    (tmp_path / "in" / "1" / "story07.txt").write_bytes(b"\x00\x01" * 400)
    return tmp_path / "in"
