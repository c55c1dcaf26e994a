"""Libraries of any size for measuring the search by meaning: real vectors, multiplied.

The vectors are those of the passages of the texts in ``training/written``. More of them are made by noise that has
their covariance, so that it moves a vector the way texts differ and not into directions that no text has. How strong
it is varies from 0.5 to 1.1: the nearest neighbour is then about as near as among as many real passages (the benchmark
prints both). Questions stay as they were written, so to them the multiplied are a little farther and harder to tell
apart than real passages would be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.article import article_from_text
from corpus.library import Addition, Library
from corpus.passages import split_passages
from corpus.types import Article, Passage, Span
from index.embed import DEFAULT_EMBEDDER, load_embedder

__all__ = ["MODEL", "Real", "fill", "multiply", "read_real", "similarities"]

MODEL: Final = "multiplied"
WEAKEST, STRONGEST = 0.5, 1.1
QUESTIONS: Final = 1000
PER_ARTICLE: Final = 100
TOGETHER: Final = 100  # articles stored in one transaction
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Real:
    """Unit vectors of real passages (n, d) and of real questions about them (m, d)."""

    passages: Vectors
    questions: Vectors


def read_real(texts: Sequence[Path], kept: Path) -> Real:
    """The vectors of the passages and questions of files of the SQuAD form, computed once and kept in a folder."""
    files = [kept / "passages.npy", kept / "questions.npy"]
    if not all(file.exists() for file in files):
        kept.mkdir(parents=True, exist_ok=True)
        embedder = load_embedder(DEFAULT_EMBEDDER)
        for file, strings in zip(files, _read_texts(texts), strict=True):
            np.save(file, embedder.embed(strings), allow_pickle=False)
    passages, questions = (np.load(file, allow_pickle=False) for file in files)
    return Real(passages, questions)


def _read_texts(texts: Sequence[Path]) -> tuple[list[str], list[str]]:
    passages: dict[str, None] = {}
    questions: dict[str, None] = {}
    for file in texts:
        for entry in json.loads(file.read_text(encoding="utf-8"))["data"]:
            for paragraph in entry["paragraphs"]:
                article = article_from_text(paragraph["context"])
                passages.update((part.span.of(article.text), None) for part in split_passages(article))
                questions.update((asked["question"], None) for asked in paragraph["qas"])
    some = list(questions)
    order = np.random.default_rng(3).permutation(len(some))[:QUESTIONS]
    return list(passages), [some[place] for place in order]


def multiply(real: Vectors, count: int, block: int, seed: int = 1) -> Iterator[Vectors]:
    """Blocks of unit vectors, ``count`` in all: the real ones first, then ever others near to one of them."""
    generator = np.random.default_rng(seed)
    middle = real.mean(axis=0)
    covariance = np.cov((real - middle).T) + 1e-6 * np.eye(real.shape[1])
    shape = np.linalg.cholesky(covariance).T.astype(np.float32)
    for start in range(0, count, block):
        sources = np.arange(start, min(count, start + block))
        strength = generator.uniform(WEAKEST, STRONGEST, (len(sources), 1)).astype(np.float32)
        strength[sources < len(real)] = 0
        noise = generator.standard_normal((len(sources), real.shape[1]), dtype=np.float32) @ shape
        vectors = real[sources % len(real)] + strength * noise
        yield vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def similarities(vectors: Vectors, count: int = 500) -> list[float]:
    """The 10th, 50th and 90th percentile of how near a vector's nearest neighbour is, over ``count`` of them."""
    chosen = np.random.default_rng(2).choice(len(vectors), min(count, len(vectors)), replace=False)
    products = vectors[chosen] @ vectors.T
    products[np.arange(len(chosen)), chosen] = -1
    return [round(float(found), 3) for found in np.percentile(products.max(axis=1), [10, 50, 90])]


def fill(folder: Path, real: Vectors, count: int) -> None:
    """Make a library of ``count`` passages with multiplied vectors, unless it is there."""
    if (folder / "whole").exists():
        return
    with Library.open(folder, create=True) as library:
        blocks = (addition(number, vectors) for number, vectors in enumerate(multiply(real, count, PER_ARTICLE)))
        while some := list(islice(blocks, TOGETHER)):
            library.add_many(some, model_id=MODEL)
    (folder / "whole").touch()


def addition(number: int | str, vectors: Vectors) -> Addition:
    """An article of one word a passage, with these vectors (n, d)."""
    name = f"article-{number}"
    article = Article(name, "Rain. " * len(vectors))
    passages = [Passage(f"{name}:{n}", name, Span(6 * n, 6 * n + 5)) for n in range(len(vectors))]
    return Addition(article, passages, vectors)
