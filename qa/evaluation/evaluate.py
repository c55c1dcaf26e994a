"""Asks every gold question, and measures what comes back: the answer, the search behind it, the reader alone."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice

from qa.batch import Answerer, Refusal
from qa.evaluation.gold import GoldProblem, GoldQuestion
from qa.evaluation.isolated import Alone, nearest, read_alone
from qa.evaluation.outcome import Outcome, outcome_of, with_search
from qa.evaluation.ranked import AnswerPlaces, Retrieved, search
from qa.marking import parts_of
from qa.types import Answer

__all__ = ["Examiner", "Outcome", "evaluate", "outcome_of"]


def evaluate(
    questions: Iterable[GoldQuestion], answerer: Answerer, *, batch: int = 1, fast: bool = False
) -> Iterator[Outcome | GoldProblem]:
    """Ask the questions, ``batch`` at a time, and yield what became of each, in order.

    Only the answering is timed; the first batch is asked once more beforehand, so that loading the models is not
    counted as its latency. ``fast`` leaves out the reader alone, which takes about as long as the answering. A
    question that the engine refuses comes as a ``GoldProblem``.
    """
    waiting, is_warm, examiner = iter(questions), False, Examiner(answerer, fast=fast)
    while some := list(islice(waiting, batch)):
        if not is_warm:
            answerer.answer([gold.asked for gold in some])
            is_warm = True
        started = time.perf_counter()
        answers = answerer.answer([gold.asked for gold in some])
        share = (time.perf_counter() - started) * 1000 / len(some)
        yield from examiner.outcomes(some, answers, share)


class Examiner:
    """Measures answers that were given, with what the library tells about the right passages."""

    def __init__(self, answerer: Answerer, *, fast: bool = False) -> None:
        self._answerer = answerer
        self._fast = fast

    def outcomes(
        self, asked: Sequence[GoldQuestion], answers: Sequence[Answer | Refusal], milliseconds: float
    ) -> list[Outcome | GoldProblem]:
        """What became of each question; ``milliseconds`` is each one's share of the time."""
        given = {gold.id: answer for gold, answer in zip(asked, answers, strict=True) if isinstance(answer, Answer)}
        searched = {gold.id: self._search(gold) for gold in asked if gold.asked.context is None and gold.id in given}
        alone = {} if self._fast else self._alone([gold for gold in asked if gold.id in searched], searched)
        found: list[Outcome | GoldProblem] = []
        for gold, answer in zip(asked, answers, strict=True):
            if not isinstance(answer, Answer):
                found.append(GoldProblem(gold.place, str(answer)))
                continue
            outcome = outcome_of(gold, answer, milliseconds, self._parts(gold, answer))
            if gold.id in searched:
                ids = self._places.article_ids(gold)
                outcome = with_search(outcome, ids, searched[gold.id], alone.get(gold.id))
            found.append(outcome)
        return found

    @cached_property
    def _places(self) -> AnswerPlaces:
        return AnswerPlaces(self._answerer.engine.library)

    def _search(self, gold: GoldQuestion) -> Retrieved:
        return search(gold, self._answerer.engine, self._places.passages(gold))

    def _alone(self, asked: Sequence[GoldQuestion], searched: dict[str, Retrieved]) -> dict[str, str]:
        """What the reader finds in the right passage alone, by the ids of the questions that have such a passage."""
        wanted = []
        for gold in asked:
            passage = nearest(self._places.passages(gold), searched[gold.id].passages)
            if passage is not None:
                wanted.append(Alone(gold, passage, self._places.article(passage.article_id)))
        return dict(zip([one.gold.id for one in wanted], read_alone(self._answerer.asker, wanted), strict=True))

    def _parts(self, gold: GoldQuestion, answer: Answer) -> tuple[str, str, str] | None:
        if not answer.citations:
            return None
        return parts_of(answer.citations[0], self._answerer.text_of(gold.asked, answer.citations[0]))
