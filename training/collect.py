"""Held-out questions asked of the real engine parts: every candidate with its features and whether it was right.

Two settings. ``library``: held-out news articles in small libraries of two, asked their own questions and questions
about other articles. ``context``: one text given with each question, as reading-comprehension sets are.
"""

# ruff: noqa: S311 - draws for training, not secrets
from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.article import article_from_text
from corpus.types import Article
from qa.asking import Asker, scene_of
from qa.context import article_of_context
from qa.engine import DEFAULT_TOP_K, Engine
from qa.features import Scene, features_of
from qa.types import Candidate
from training.data import Question
from training.measures import exact_match, f1

__all__ = ["UNANSWERABLE", "Judged", "collect_contexts", "collect_libraries", "unanswerable_beside"]

UNANSWERABLE = 0.4
"""Share of the questions about every kind of text that have no answer: the odds before anything is read.

It is a choice, the same for all kinds. Where kinds differ in it, a model that learned from some is off on another by
the difference, however alike the texts are.
"""

BATCH = 64


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's candidates: features (n, f), exact match and F1 (n) against the accepted answers.

    ``kind`` names the sort of question, ``source`` where it comes from, ``group`` what must not be split between
    fitting and testing.
    """

    features: NDArray[np.float64]
    exact: NDArray[np.float64]
    f1: NDArray[np.float64]
    answerable: bool
    kind: str
    source: str
    group: str


def collect_contexts(asker: Asker, questions: Sequence[Question]) -> Iterator[Judged]:
    """Each question's candidates in its own context."""
    for start in range(0, len(questions), BATCH):
        batch = questions[start : start + BATCH]
        held = [article_of_context(question.context) for question in batch]
        scenes = [
            scene_of(question.question, [], {article.id: article})
            for question, (article, _) in zip(batch, held, strict=True)
        ]
        found = asker.candidates(scenes, [[passage] for _, passage in held])
        for question, scene, candidates in zip(batch, scenes, found, strict=True):
            (article_id,) = scene.articles
            yield _judged(scene, candidates, question, article_id, question.kind or question.source)


def unanswerable_beside(answerable: int) -> int:
    """How many questions without an answer belong beside ``answerable`` ones.

    >>> unanswerable_beside(60)
    40
    """
    return round(answerable * UNANSWERABLE / (1 - UNANSWERABLE))


def collect_libraries(asker: Asker, questions: Sequence[Question], *, size: int = 2, seed: int = 0) -> Iterator[Judged]:
    """Each question's candidates in a library of ``size`` articles, its own among them; some also in one without it.

    Of those as many as bring the questions without an answer to their share.
    """
    asked: dict[str, list[Question]] = {}
    for question in questions:
        asked.setdefault(question.context, []).append(question)
    texts = sorted(asked)
    draw = random.Random(seed)
    draw.shuffle(texts)
    particular = [question for question in questions if _is_particular(question)]
    for start in range(0, len(texts), size):
        held = texts[start : start + size]
        own = [question for text in held for question in asked[text]]
        answerable = sum(bool(question.answers) for question in own)
        lacking = max(0, unanswerable_beside(answerable) - (len(own) - answerable))
        foreign = [question for question in particular if question.context not in held]
        yield from _in_library(asker, held, own, draw.sample(foreign, min(lacking, len(foreign))))


def _is_particular(question: Question) -> bool:
    """Whether a question cannot be answered from any other article: not "Who wrote the article?"."""
    return bool(question.answers) and question.kind != "meta"


def _in_library(
    asker: Asker, texts: Iterable[str], own: Sequence[Question], far: Sequence[Question]
) -> Iterator[Judged]:
    with tempfile.TemporaryDirectory() as folder, Engine.open(Path(folder), create=True) as engine:
        engine.__dict__["embedder"] = asker.embedder  # one copy of the model for all libraries
        ids = {}
        for text in texts:
            article = article_from_text(text, clean=False)
            engine.add_article(article)
            ids[text] = article.id
        questions = [*own, *far]
        hits = engine.retriever.search_many([question.question for question in questions], DEFAULT_TOP_K)
        held: dict[str, Article] = {article_id: engine.library.article(article_id) for article_id in ids.values()}
        scenes = [scene_of(question.question, near, held) for question, near in zip(questions, hits, strict=True)]
        found = asker.candidates(scenes, [[hit.passage for hit in near] for near in hits])
    for question, scene, candidates in zip(questions, scenes, found, strict=True):
        gold = ids.get(question.context, "")
        yield _judged(scene, candidates, question, gold, question.kind if gold else "foreign")


def _judged(scene: Scene, candidates: Sequence[Candidate], question: Question, gold: str, kind: str) -> Judged:
    answers = [answer.text for answer in question.answers] if gold else []
    scores = np.zeros((len(candidates), 2))
    for row, candidate in enumerate(candidates):
        if answers and candidate.passage.article_id == gold:
            said = candidate.span.of(scene.articles[gold].text)
            scores[row] = exact_match(said, answers), f1(said, answers)
    features = features_of(scene, candidates)
    return Judged(
        features, scores[:, 0], scores[:, 1], bool(answers), kind, question.source, group=question.context[:80]
    )
