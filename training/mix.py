"""A recipe and a data folder to the examples of a run, in the order in which they are learned.

Every draw depends on the seed and on the question's own id or its source, never on what else was drawn, so taking a
source out leaves the others as they were.
"""

# ruff: noqa: S311 - draws for training, not secrets
from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import InputError
from qa.windows import Windower
from training.augment import noisy, with_hidden_words
from training.data import Question, asked_questions, news_questions, read_part, written_questions
from training.examples import Example, context_examples
from training.news import news_examples
from training.recipe import Portion, Recipe

__all__ = ["far_questions", "mix_examples", "select"]

_PLAIN = ("train", "negatives", "authored_near")


def mix_examples(recipe: Recipe, data: Path, windower: Windower, limit: int | None = None) -> list[Example]:
    """The examples of one pass, placed by their source's ``after``; ``InputError`` where the data hold none."""
    by_source: dict[str, list[Question]] = defaultdict(list)
    for part in _PLAIN:
        for question in read_part(data, part):
            by_source[question.source].append(question)
    named = {*recipe.sources, *(recipe.news.written if recipe.news else ())}
    known = [question for questions in by_source.values() for question in questions]
    own = (*written_questions(held_out=False, sources=named), *asked_questions(known, sources=named))
    for question in own:
        by_source[question.source].append(question)
    placed: list[tuple[float, Example]] = []
    draws: dict[str, random.Random] = {}
    mask = windower.id_of("[MASK]") if recipe.hidden else 0
    for example, after in _examples(recipe, by_source, data, windower):
        draw = draws.setdefault(example.source, random.Random(f"{recipe.seed}/place/{example.source}"))
        place = after + (1 - after) * draw.random()
        placed.append((place, with_hidden_words(example, recipe.hidden, mask, draw) if recipe.hidden else example))
    placed.sort(key=lambda pair: pair[0])
    if not placed:
        raise InputError(f"no examples of the recipe's sources in {data}; see training/data.py for the files it reads")
    return [example for _, example in placed[:limit]]


def select(questions: Sequence[Question], portion: Portion, contexts: set[str], seed: int) -> list[Question]:
    """The portion's questions of one source; ``contexts`` hold those with a near-miss question."""
    ranked = sorted(questions, key=lambda question: random.Random(f"{seed}/select/{question.id}").random())
    if portion.paired:
        ranked.sort(key=lambda question: question.context not in contexts)
    return ranked[: portion.count]


def far_questions(questions: Sequence[Question], count: int, seed: int) -> Iterator[Question]:
    """``count`` answerable questions put to contexts of other questions that do not hold the answer's words."""
    draw = random.Random(f"{seed}/far")
    answerable = [question for question in questions if not question.impossible]
    for question in draw.sample(answerable, min(count, len(answerable))):
        context = draw.choice(questions).context
        if context != question.context and question.answers[0].text.casefold() not in context.casefold():
            yield replace(question, source="far", context=context, answers=())


def _examples(
    recipe: Recipe, by_source: Mapping[str, Sequence[Question]], data: Path, windower: Windower
) -> Iterator[tuple[Example, float]]:
    near = {question.context for question in by_source.get("authored_near", ())}
    seen: list[Question] = []
    for source, portion in recipe.sources.items():
        chosen = select(by_source.get(source, ()), portion, near, recipe.seed)
        seen.extend(chosen)
        for number in range(portion.passes):
            for question in chosen:
                yield from _plain(recipe, windower, question, number, portion.after)
    for question in far_questions(seen, recipe.far, recipe.seed):
        yield from _plain(recipe, windower, question, 0, 0.0)
    if recipe.news:
        news = news_questions(data, own=recipe.news.own)
        news += [question for source in recipe.news.written for question in by_source.get(source, ())]
        for example in news_examples(windower, news, recipe.news, noise=recipe.noise, seed=recipe.seed):
            yield example, 0.0


def _plain(
    recipe: Recipe, windower: Windower, question: Question, number: int, after: float
) -> Iterator[tuple[Example, float]]:
    draw = random.Random(f"{recipe.seed}/{number}/{question.source}/{question.id}")
    asked = replace(question, question=noisy(question.question, recipe.noise, draw))
    for example in context_examples(windower, asked, question.source, draw, recipe.null_share):
        yield example, after
