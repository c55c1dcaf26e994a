"""Which fusion of the two searches finds the passage that answers: recall and MRR over questions with known answers.

::

    python -m benchmarks.fusion --data dev.jsonl.xz                    # each context is one passage, all in one pool
    python -m benchmarks.fusion --data news.jsonl.xz --split           # contexts are articles, split as in a library
    python -m benchmarks.fusion --data news.jsonl.xz --split --pairs   # each question in a library of two articles

The file holds one JSON object a line: ``question``, ``context``, ``answers`` (each with ``start``), ``impossible``.
A hit is right when it covers the start of the answer in the question's own context.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corpus.article import article_from_text
from corpus.library import PassageFields
from corpus.passages import split_passages
from corpus.reads import fields_of
from corpus.types import Article, Passage, Span
from index.dense import DenseIndex
from index.embed import DEFAULT_EMBEDDER, load_embedder
from index.fusion import convex, min_max, ranks, reciprocal_rank, theoretical_min_max, union, z_score
from index.lexical import LexicalIndex
from index.passage_vectors import searchable_text
from index.ranking import DEPTH

CUTS = (1, 5, 10, 20)
Scores: TypeAlias = NDArray[np.float64]
Fusion: TypeAlias = Callable[[Scores, Scores], Scores]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the number of its context and the character where its answer starts there."""

    text: str
    context: int
    start: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One passage of the pool, the number of its context and its span there."""

    fields: PassageFields
    context: int
    span: Span


def fusions() -> dict[str, Fusion]:
    """Each way of ranking by its name; a convex one carries the weight of the dense search."""
    ways: dict[str, Fusion] = {
        "dense": lambda near, words: near,
        "lexical": lambda near, words: np.nan_to_num(words, nan=-1.0),
        "reciprocal rank": reciprocal_rank,
    }
    for tenth in range(1, 10):
        ways[f"min-max {tenth / 10}"] = partial(convex, weight=tenth / 10, normalise=min_max)
    for tenth in (3, 4, 5, 6, 7, 8):
        ways[f"theoretical {tenth / 10}"] = partial(convex, weight=tenth / 10, normalise=theoretical_min_max)
    for tenth in (3, 4, 5, 6, 7):
        ways[f"z-score {tenth / 10}"] = partial(convex, weight=tenth / 10, normalise=z_score)
    return ways


def read_questions(file: Path, limit: int) -> tuple[list[str], list[Question]]:
    """All distinct contexts of a file, and at most ``limit`` of its answerable questions, drawn with a fixed seed."""
    with (lzma.open if file.suffix == ".xz" else open)(file, "rt", encoding="utf-8") as lines:
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    contexts = {row["context"]: None for row in rows}
    numbers = {context: number for number, context in enumerate(contexts)}
    questions = [
        Question(row["question"], numbers[row["context"]], row["answers"][0]["start"])
        for row in rows
        if not row["impossible"]
    ]
    return list(contexts), random.Random(0).sample(questions, min(limit, len(questions)))  # noqa: S311


def cut(contexts: Sequence[str], *, split: bool) -> list[Piece]:
    """The passages of all contexts, with rowids from 1."""
    pieces: list[Piece] = []
    for number, context in enumerate(contexts):
        article = article_from_text(context, clean=False)
        for passage in split_passages(article) if split else [_whole(article)]:
            pieces.append(Piece(fields_of(len(pieces) + 1, passage, article), number, passage.span))
    return pieces


def _whole(article: Article) -> Passage:
    return Passage(f"{article.id}:0", article.id, Span(0, len(article.text)))


def measure(
    pieces: Sequence[Piece],
    vectors: NDArray[np.float32],
    questions: Sequence[Question],
    asked: NDArray[np.float32],
) -> Iterator[dict[str, float]]:
    """For each question the rank of the first right passage by each fusion; infinity where none is found."""
    rowids = np.array([piece.fields.rowid for piece in pieces], dtype=np.int64)
    dense, lexical = DenseIndex.build(rowids, vectors), LexicalIndex.build(piece.fields for piece in pieces)
    near_rowids, near_scores = dense.search(asked, DEPTH)
    ways = fusions()
    for question, vector, found, scores in zip(questions, asked, near_rowids, near_scores, strict=True):
        candidates, (near, words) = union((found, scores), lexical.search(question.text, DEPTH))
        unknown = np.isnan(near)
        near[unknown] = dense.scores(vector, candidates[unknown])
        right = np.isin(candidates, [piece.fields.rowid for piece in pieces if _answers(piece, question)])
        yield {
            name: float(np.min(ranks(fuse(near, words)), where=right, initial=np.inf)) for name, fuse in ways.items()
        }


def _answers(piece: Piece, question: Question) -> bool:
    return piece.context == question.context and piece.span.start <= question.start < piece.span.end


def pools(count: int, *, pairs: bool) -> list[list[int]]:
    """The numbers of the contexts that make one library: all of them, or each with its successor."""
    return [[first, (first + 1) % count] for first in range(count)] if pairs else [list(range(count))]


def run(contexts: Sequence[str], questions: Sequence[Question], options: argparse.Namespace) -> list[dict[str, float]]:
    """The ranks of every question in its pool; of a pair, the questions on the first article are asked."""
    embedder = load_embedder(options.embedder)
    pieces = cut(contexts, split=options.split)
    vectors = embedder.embed([searchable_text(piece.fields) for piece in pieces])
    asked = embedder.embed([question.text for question in questions])
    results: list[dict[str, float]] = []
    for pool in pools(len(contexts), pairs=options.pairs):
        held = [place for place, piece in enumerate(pieces) if piece.context in pool]
        mine = [place for place, question in enumerate(questions) if not options.pairs or question.context == pool[0]]
        results += measure(
            [pieces[place] for place in held], vectors[held], [questions[place] for place in mine], asked[mine]
        )
    print(f"{len(pieces)} passages, {len(results)} questions", file=sys.stderr)
    return results


def table(results: Sequence[dict[str, float]]) -> Iterable[str]:
    """The lines of a Markdown table of recall at the cuts and mean reciprocal rank, in percent."""
    yield "| fusion (weight of dense) | " + " | ".join(f"R@{cut}" for cut in CUTS) + " | MRR |"
    yield "|---|" + "---|" * (len(CUTS) + 1)
    for name in results[0]:
        found = np.array([result[name] for result in results])
        figures = [*((found <= cut).mean() for cut in CUTS), (1.0 / found).mean()]
        yield f"| {name} | " + " | ".join(f"{100 * figure:.1f}" for figure in figures) + " |"


def main() -> None:
    """Print the table for the options given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a .jsonl or .jsonl.xz of questions")
    parser.add_argument("--questions", type=int, default=1500, help="how many to draw (default 1500)")
    parser.add_argument("--split", action="store_true", help="contexts are articles: split them into passages")
    parser.add_argument("--pairs", action="store_true", help="ask each question in a library of two articles")
    parser.add_argument("--embedder", default=DEFAULT_EMBEDDER)
    options = parser.parse_args()
    print("\n".join(table(run(*read_questions(options.data, options.questions), options))))


if __name__ == "__main__":
    main()
