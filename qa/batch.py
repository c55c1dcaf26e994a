"""Questions of both kinds, of a library and of a given text, answered together and in order.

Neither the library nor a model is opened before a question needs it: a reading-comprehension set has a text with
every question and must not touch, or even make, anybody's library.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias

from corpus.closing import Closing
from corpus.errors import ArticleError, InputError
from qa.engine import Engine
from qa.followup import Message, standalone
from qa.question import checked_question
from qa.types import Answer, Citation

if TYPE_CHECKING:
    from qa.asking import Asker

__all__ = ["Answerer", "Asked", "Refusal"]

Refusal: TypeAlias = InputError | ArticleError
"""Why one question cannot be answered, which stops none of the others."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, with the turns before it and, where it is about one given text, that text."""

    question: str
    history: tuple[Message, ...] = ()
    context: str | None = None


class Answerer(Closing):
    """Answers batches of questions from a library, or the default one, and from given texts.

    >>> with Answerer() as answerer:  # doctest: +SKIP
    ...     answerer.answer([Asked("How long is it?", context="The bridge is 90 metres long.")])[0].text
    '90 metres'
    """

    def __init__(
        self, library: str | Path | None = None, *, embedder: str | None = None, reader: str | None = None
    ) -> None:
        self._library = library
        self._embedder = embedder
        self._reader = reader
        self._is_lent = False

    @classmethod
    def over(cls, engine: Engine) -> Self:
        """An answerer that uses an open engine and its models; closing it stays with whoever opened it."""
        answerer = cls()
        answerer.engine, answerer.asker = engine, engine.asker
        answerer._is_lent = True
        return answerer

    def close(self) -> None:
        """Close the engine that a question opened."""
        if "engine" in vars(self) and not self._is_lent:  # opened by a question
            self.engine.close()

    @cached_property
    def asker(self) -> Asker:
        """The models; both kinds of questions share them."""
        from index.embed import DEFAULT_EMBEDDER, load_embedder
        from qa.asking import Asker

        return Asker.load(self._reader, load_embedder(self._embedder or DEFAULT_EMBEDDER))

    @cached_property
    def engine(self) -> Engine:
        """The library's engine, opened at the first question that needs it; raises ``LibraryError``."""
        engine = Engine.open(self._library, embedder=self._embedder, reader=self._reader)
        engine.asker, engine.embedder = self.asker, self.asker.embedder
        return engine

    def answer(self, asked: Sequence[Asked]) -> list[Answer | Refusal]:
        """An answer or a refusal for each question, in order; raises ``LibraryError`` and ``ModelError``."""
        found: dict[int, Answer | Refusal] = {}
        for about_text, answer_some in ((True, self._from_texts), (False, self._from_library)):
            places = [place for place, one in enumerate(asked) if (one.context is not None) is about_text]
            if places:
                found.update(zip(places, _answer_each([asked[p] for p in places], answer_some), strict=True))
        return [found[place] for place in range(len(asked))]

    def text_of(self, asked: Asked, citation: Citation) -> str:
        """The text that the offsets of a citation index."""
        return asked.context if asked.context is not None else self.engine.library.article(citation.article_id).text

    def _from_texts(self, asked: Sequence[Asked]) -> list[Answer]:
        pairs = [(standalone(checked_question(one.question), one.history), one.context or "") for one in asked]
        return self.asker.answer_contexts(pairs)

    def _from_library(self, asked: Sequence[Asked]) -> list[Answer]:
        return self.engine.answer_many([one.question for one in asked], histories=[one.history for one in asked])


def _answer_each(asked: Sequence[Asked], answer: Callable[[Sequence[Asked]], list[Answer]]) -> list[Answer | Refusal]:
    """All in one batch; where one is refused, one by one, so that it alone goes without an answer."""
    try:
        return list(answer(asked))
    except (InputError, ArticleError) as error:
        if len(asked) == 1:
            return [error]
    return [found for one in asked for found in _answer_each([one], answer)]
