"""The authored news articles as the product serves them: cut into passages, the speaker's name in front.

A question learns from the passage that answers it and from passages of the same article that do not, the ones that
share most words with it first: those are what retrieval brings up beside the right one.
"""

# ruff: noqa: S311 - draws for training, not secrets
from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from corpus.passages import split_passages
from corpus.turns import find_turns
from corpus.types import Article, Passage
from qa.read import pieces_of
from qa.windows import Window, Windower
from training.augment import noisy
from training.data import Question, is_held_out
from training.examples import Example, context_examples, example_of, null_example, target_tokens
from training.recipe import News

__all__ = ["Served", "news_examples", "serve"]

_ABOUT_PEOPLE = frozenset({"role", "speaker"})


@dataclass(frozen=True, slots=True)
class Served:
    """An article and the passages that it is indexed and read by."""

    article: Article
    passages: tuple[Passage, ...]


@lru_cache(maxsize=256)
def serve(text: str) -> Served:
    """The article of ``text`` with its turns and passages, as a library would hold it."""
    digest = sha256(text.encode("utf-8")).hexdigest()
    article = Article(id=digest[:16], text=text, sha256=digest, turns=find_turns(text))
    return Served(article, tuple(split_passages(article)))


def news_examples(
    windower: Windower, questions: Iterable[Question], recipe: News, *, noise: float, seed: int
) -> Iterator[Example]:
    """Examples of the questions on articles that are not held out, ``recipe.passes`` times with other draws."""
    kept = [question for question in questions if not is_held_out(question.context)]
    for number in range(recipe.passes):
        for question in kept:
            draw = random.Random(f"{seed}/{number}/{question.id}")
            asked = noisy(question.question, noise, draw)
            yield from _served(windower, question, asked, recipe.nulls, draw)
            if draw.random() < recipe.whole:
                yield from context_examples(windower, question, f"{question.source}_whole", draw)


def _served(windower: Windower, question: Question, asked: str, nulls: int, draw: random.Random) -> Iterator[Example]:
    served = serve(question.context)
    text = served.article.text
    windows = windower.build(asked, [pieces_of(served.article, passage) for passage in served.passages])
    aimed = _best([window for window in windows if _target(window, question)], question, text)
    if aimed is not None and (target := _target(aimed, question)):
        yield example_of(aimed, question.source, target)
    empty = [window for window in windows if not _may_answer(window, question, text)]
    count = nulls if aimed is not None else nulls + 1
    for window in _hard(empty, question, text, count, draw):
        yield null_example(window, f"{question.source}_null")


def _target(window: Window, question: Question) -> tuple[int, int] | None:
    return None if question.impossible else target_tokens(window, question.span)


def _best(windows: Sequence[Window], question: Question, text: str) -> Window | None:
    """The window that supports the answer: a label stands before several passages, one of them holds what was said."""
    return max(windows, key=lambda window: _shared(window, question, text), default=None)


def _may_answer(window: Window, question: Question, text: str) -> bool:
    """Whether the window shows the answer's words, or of a person's answer the last name."""
    shown = _text(window, text).casefold()
    for answer in question.answers:
        words = answer.text.casefold().split()
        if answer.text.casefold() in shown or (question.kind in _ABOUT_PEOPLE and words and words[-1] in shown):
            return True
    return False


def _hard(
    windows: Sequence[Window], question: Question, text: str, count: int, draw: random.Random
) -> Iterator[Window]:
    """``count`` of the windows: the one that shares most words with the question, the others drawn."""
    ranked = sorted(windows, key=lambda window: -_shared(window, question, text))
    yield from ranked[: min(1, count)]
    rest = ranked[1:]
    yield from draw.sample(rest, min(max(0, count - 1), len(rest)))


def _shared(window: Window, question: Question, text: str) -> int:
    return len(_words(question.question) & _words(_text(window, text)))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3 or word.isdigit()}


def _text(window: Window, text: str) -> str:
    """What the window shows of the article: label and body, which need not stand together."""
    places = [(int(a), int(b)) for a, b in zip(window.starts, window.ends, strict=True) if a >= 0]
    cut = next((at for at in range(1, len(places)) if not 0 <= places[at][0] - places[at - 1][1] < 200), 0)
    runs = [places[:cut], places[cut:]]
    return " ".join(text[run[0][0] : run[-1][1]] for run in runs if run)
