"""Passages and a question to an answer: read, propose, decide, with the time of each step."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from corpus.types import Article, Passage
from index.protocol import Embedder
from index.types import Hit
from qa.confidence import Confidence, Settings, load_confidence
from qa.context import article_of_context
from qa.decide import decide
from qa.features import Scene
from qa.intent import intent_of
from qa.propose import propose
from qa.read import read_passages
from qa.reader import DEFAULT_READER, Reader, load_reader
from qa.said import said_by, words_of
from qa.types import Answer, Candidate

__all__ = ["Asker", "scene_of"]

Timings = Mapping[str, float]


class Asker:
    """A reader with its confidence models; answers over passages that somebody else has found."""

    def __init__(self, reader: Reader, settings: Settings, embedder: Embedder) -> None:
        self.reader = reader
        self.settings = settings
        self.embedder = embedder

    @classmethod
    def load(cls, name: str | Path | None, embedder: Embedder) -> Self:
        """The bundled reader, or the one in a folder, with the confidence fitted for it."""
        return cls(load_reader(name), load_confidence(Path(name) if name else DEFAULT_READER), embedder)

    def answer_hits(
        self,
        questions: Sequence[str],
        asked: Sequence[str],
        hits: Sequence[Sequence[Hit]],
        articles: Mapping[str, Article],
        spent: Timings,
        speakers: Collection[str] = (),
    ) -> list[Answer]:
        """Answers to ``questions``, read in their standalone form ``asked``, from the hits of each.

        Where ``speakers`` are named, an answer is words of theirs or their name.
        """
        scenes = [scene_of(question, found, articles) for question, found in zip(asked, hits, strict=True)]
        passages = [[hit.passage for hit in found] for found in hits]
        if speakers:
            passages = [words_of(speakers, found, articles) for found in passages]
        answers = self._answers(scenes, passages, self.settings["library"], spent, speakers)
        return [replace(answer, question=question) for answer, question in zip(answers, questions, strict=True)]

    def answer_contexts(self, asked: Sequence[tuple[str, str]]) -> list[Answer]:
        """Answers to (question, text) pairs, each from its text alone."""
        texts = {context: article_of_context(context) for context in dict.fromkeys(context for _, context in asked)}
        scenes, passages = [], []
        for question, context in asked:
            article, passage = texts[context]
            scenes.append(scene_of(question, [], {article.id: article}))
            passages.append([passage] if context.strip() else [])
        return self._answers(scenes, passages, self.settings["context"], {})

    def candidates(self, scenes: Sequence[Scene], passages: Sequence[Sequence[Passage]]) -> list[list[Candidate]]:
        """All that may be the answer to each scene's question, in no order that matters."""
        articles = {article.id: article for scene in scenes for article in scene.articles.values()}
        read = read_passages(
            self.reader, [(scene.question, found) for scene, found in zip(scenes, passages, strict=True)], articles
        )
        return [
            propose(scene.intent, candidates, found, scene.articles, self.embedder)
            for scene, candidates, found in zip(scenes, read, passages, strict=True)
        ]

    def _answers(
        self,
        scenes: Sequence[Scene],
        passages: Sequence[Sequence[Passage]],
        confidence: Confidence,
        spent: Timings,
        speakers: Collection[str] = (),
    ) -> list[Answer]:
        started = time.perf_counter()
        found = self.candidates(scenes, passages)
        if speakers:
            found = [said_by(speakers, some, scene.articles) for some, scene in zip(found, scenes, strict=True)]
        read = time.perf_counter()
        share = 1000 / max(1, len(scenes))  # a batch's time, spread evenly over its questions
        answers = []
        for scene, candidates in zip(scenes, found, strict=True):
            begun = time.perf_counter()
            timings = {name: seconds * share for name, seconds in {**spent, "read": read - started}.items()}
            answer = decide(scene, candidates, confidence, timings)
            timings["decide"] = (time.perf_counter() - begun) * 1000
            timings["total"] = sum(timings.values())
            timings.update({name: round(value, 3) for name, value in timings.items()})
            answers.append(answer)
        return answers


def scene_of(question: str, hits: Sequence[Hit], articles: Mapping[str, Article]) -> Scene:
    """What surrounds a question: the articles of its hits, or, where nothing was retrieved, all the given ones."""
    ids = dict.fromkeys(hit.passage.article_id for hit in hits) or articles
    nearness = {hit.passage.id: hit.ranks.dense_score for hit in hits if hit.ranks.dense_score is not None}
    return Scene(question, intent_of(question), {key: articles[key] for key in ids}, nearness)
