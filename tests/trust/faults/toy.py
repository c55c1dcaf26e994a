"""A small library of invented reports. All is real but the vectors, so that no model is loaded."""

from __future__ import annotations

import hashlib
import re

from corpus.library import Library
from corpus.types import Article, Passage, Span
from tests.hashing import HashingEmbedder

__all__ = ["LONG", "REPORTS", "TOY", "article_id", "put"]


class ToyEmbedder(HashingEmbedder):
    id = "hashing-8"
    dimension = 8


TOY = ToyEmbedder()

LONG = "herons"
REPORTS = {
    "quay": "The quay of Marrow was closed. Divers found a crack of nine metres. Repairs begin in October.",
    "quay again": "The quay of Marrow is open. Divers closed the crack in nine days. Ships returned at once.",
    "mill": "The mill at Sorn burned down. Nobody was hurt. Its owner wants to build it again by spring.",
    "choir": "The choir of Ulm sang in Tarn. Sixty singers came by bus. The hall was full.",
    "flood": "Rain flooded the lower town. The bridge held. Forty cellars were pumped dry by noon.",
    LONG: " ".join(f"Sighting {number} of the heron was near post {number % 37}." for number in range(520)),
}


def put(library: Library, name: str) -> bool:
    """Add a report, of one passage a sentence, from the file of its first word: "quay again" replaces "quay"."""
    article = _article(name)
    spans = [Span(*match.span()) for match in re.finditer(r"[^.\s][^.]*\.", article.text)]
    passages = [Passage(f"{article.id}:{n}", article.id, span, sentences=(span,)) for n, span in enumerate(spans)]
    vectors = TOY.embed([span.of(article.text) for span in spans])
    return library.add(article, passages, vectors, model_id=TOY.id, source=f"{name.split()[0]}.txt")


def article_id(name: str) -> str:
    """The id of a report."""
    return _article(name).id


def _article(name: str) -> Article:
    text = REPORTS[name]
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(digest[:16], text, title=f"About the {name}", sha256=digest)
