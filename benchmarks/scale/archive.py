"""An archive of any size: articles put together from real sentences, with titles, publishers, dates and speakers.

Every sentence was written by a person and embedded by the real model; which of them stand together is chance. The
vector of a passage is the mean of its sentences' vectors, a little disturbed and scaled to length 1, so that both
searches have to find their way among plausible passages. Invented names keep the vocabulary growing with the archive.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from corpus.library import Addition
from corpus.types import Article, Passage, Span, Turn
from index.protocol import Embedder

__all__ = ["PASSAGES_AN_ARTICLE", "Sentences", "additions", "embedded", "plain", "questions"]

PASSAGES_AN_ARTICLE: Final = 20
SENTENCES_A_PASSAGE: Final = 4
NOISE: Final = 0.02  # the standard deviation of each of the 384 numbers: two passages of the same sentences are apart
SYLLABLES: Final = "ba do ka lin mar no pel ri sa tor ul ven wi zo der gan hol jes kum lat".split()
PUBLISHERS: Final = 40
FIRST_DAY: Final = date(2001, 1, 1)
DAYS: Final = 9000


@dataclass(frozen=True, slots=True)
class Sentences:
    """Real sentences and their unit vectors (n, d)."""

    texts: tuple[str, ...]
    vectors: NDArray[np.float32]


def questions(folder: Path, count: int) -> list[str]:
    """Some of the questions that people wrote about these texts."""
    asked = [str(question["question"]) for paragraph in _paragraphs(folder) for question in paragraph["qas"]]
    return random.Random(5).sample(asked, count)  # noqa: S311 - not for secrets


def _paragraphs(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.json")):
        for document in json.loads(file.read_text(encoding="utf-8"))["data"]:
            yield from document["paragraphs"]


def plain(folder: Path) -> Sentences:
    """The sentences of the texts in a folder of question sets (SQuAD's format), each once, with vectors of no use."""
    texts = [str(paragraph["context"]) for paragraph in _paragraphs(folder)]
    found = [" ".join(sentence.split()) for text in texts for sentence in re.split(r"(?<=[.!?])\s+", text)]
    kept = tuple(dict.fromkeys(sentence for sentence in found if 30 < len(sentence) < 400))
    return Sentences(kept, np.ones((len(kept), 4), np.float32))


def embedded(folder: Path, embedder: Embedder, stored: Path) -> Sentences:
    """The same with their vectors, which are kept in the file ``stored`` for the next time."""
    texts = plain(folder).texts
    if not stored.exists():
        np.save(stored, embedder.embed(texts), allow_pickle=False)
    return Sentences(texts, np.load(stored, allow_pickle=False))


def additions(pool: Sentences, passages: int, *, seed: int = 1) -> Iterator[Addition]:
    """Articles of ``PASSAGES_AN_ARTICLE`` passages each, until there are ``passages``; the same for the same seed."""
    chance = np.random.default_rng(seed)
    for number in range(passages // PASSAGES_AN_ARTICLE):
        yield _addition(pool, number, chance)


def _addition(pool: Sentences, number: int, chance: np.random.Generator) -> Addition:
    rows = chance.integers(0, len(pool.texts), (PASSAGES_AN_ARTICLE, SENTENCES_A_PASSAGE))
    speaker = _name(chance)
    text, spans = _text(pool, rows, f"{speaker} reported this from {_name(chance)}.")
    label = Span(0, len(speaker))
    digest = hashlib.sha256(text.encode()).hexdigest()
    article = Article(
        digest[:16],
        text,
        title=f"{_name(chance)}: {pool.texts[rows[0, 0]][:60]}",
        publisher=f"Paper {number % PUBLISHERS}",
        published=(FIRST_DAY + timedelta(days=int(chance.integers(DAYS)))).isoformat(),
        sha256=digest,
        turns=(Turn(Span(0, spans[1].end), speaker, label),),
    )
    parts = [
        Passage(f"{article.id}:{place}", article.id, span, speaker=label if place < 2 else None, sentences=(span,))
        for place, span in enumerate(spans)
    ]
    means = pool.vectors[rows].mean(axis=1) + chance.normal(0, NOISE, (len(rows), pool.vectors.shape[1]))
    vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
    return Addition(article, parts, vectors.astype(np.float32), source=f"/archive/{number}.txt", stamp="made")


def _text(pool: Sentences, rows: NDArray[np.int64], opening: str) -> tuple[str, list[Span]]:
    pieces, spans, start = [], [], 0
    for place, chosen in enumerate(rows):
        piece = " ".join(([opening] if place == 0 else []) + [pool.texts[row] for row in chosen])
        pieces.append(piece)
        spans.append(Span(start, start + len(piece)))
        start += len(piece) + 2
    return "\n\n".join(pieces), spans


def _name(chance: np.random.Generator) -> str:
    """An invented first and last name."""
    parts = [SYLLABLES[place] for place in chance.integers(0, len(SYLLABLES), 6)]
    return f"{''.join(parts[:2]).title()} {''.join(parts[2:5]).title()}"
