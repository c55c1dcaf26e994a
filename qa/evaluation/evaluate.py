"""Asks every gold question and measures the answers: exact match, F1, abstention, citations and time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from statistics import fmean
from typing import Any, Literal, TypeAlias

from qa.batch import Answerer
from qa.evaluation.gold import GoldProblem, GoldQuestion
from qa.evaluation.metrics import best_exact, best_f1, holds, percentile
from qa.marking import parts_of
from qa.types import Answer

__all__ = [
    "Latency",
    "Outcome",
    "Scores",
    "Verdict",
    "evaluate",
    "latency_of",
    "outcome_of",
    "scores_by_kind",
    "scores_of",
]

Verdict: TypeAlias = Literal["right", "partly", "wrong", "abstained"]

PARTLY = 0.5
"""From this F1 on an answer that is no exact match counts as partly right in the report's list."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one gold question.

    ``exact`` and ``f1`` rate what was said (abstaining says ""); ``forced_exact`` and ``forced_f1`` the best span
    whether or not it was given as the answer, ``None`` where no answer exists. ``cited``: a citation's sentence holds
    an accepted answer; ``None`` where nothing was cited or no answer exists. ``parts`` is the cited sentence as
    (before, quotation, after). ``milliseconds`` is this question's share of its batch.

    ``article_ids`` are the articles that hold the accepted answers, empty where that is not known. ``ranks`` are the
    ranks, from 1, of the retrieved passages that hold an accepted answer: none of them among those looked at is an
    empty tuple, ``None`` means that nothing was to be retrieved (a text was given, or no answer exists).
    ``isolated_exact`` and ``isolated_f1`` rate the reader's best span in the right passage alone, which parts
    mistakes of reading from those of retrieval; ``None`` where that was not asked or there is no such passage.
    """

    gold: GoldQuestion
    answer: Answer
    exact: float
    f1: float
    forced_exact: float | None
    forced_f1: float | None
    cited: bool | None
    parts: tuple[str, str, str] | None
    milliseconds: float
    article_ids: tuple[str, ...] = ()
    ranks: tuple[int, ...] | None = None
    isolated_exact: float | None = None
    isolated_f1: float | None = None

    @property
    def verdict(self) -> Verdict:
        """Right, partly right, wrong, or silent where there was something to say."""
        if self.exact == 1.0:
            return "right"
        if not self.answer.answered:
            return "abstained"
        return "partly" if self.f1 >= PARTLY else "wrong"


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over a group of questions, from 0 to 1; ``None`` where the measure applies to none of them.

    ``abstained`` is the share without an answer: good for unanswerable questions, bad for the others. ``cited`` is
    the share of given answers to answerable questions whose citation holds an accepted answer.
    """

    group: str
    questions: int
    exact: float
    f1: float
    forced_exact: float | None
    forced_f1: float | None
    abstained: float
    cited: float | None

    def to_dict(self) -> dict[str, Any]:
        """The scores as JSON-ready values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds a question."""

    median: float
    p95: float


def evaluate(
    questions: Iterable[GoldQuestion], answerer: Answerer, *, batch: int = 1
) -> Iterator[Outcome | GoldProblem]:
    """Ask the questions, ``batch`` at a time, and yield what became of each, in order.

    The first batch is asked once more beforehand, so that loading the models is not counted as its latency. A
    question that the engine refuses comes as a ``GoldProblem``.
    """
    waiting, is_warm = iter(questions), False
    while some := list(islice(waiting, batch)):
        if not is_warm:
            answerer.answer([gold.asked for gold in some])
            is_warm = True
        started = time.perf_counter()
        answers = answerer.answer([gold.asked for gold in some])
        share = (time.perf_counter() - started) * 1000 / len(some)
        for gold, answer in zip(some, answers, strict=True):
            if isinstance(answer, Answer):
                yield outcome_of(gold, answer, share, _parts(gold, answer, answerer))
            else:
                yield GoldProblem(gold.place, str(answer))


def outcome_of(
    gold: GoldQuestion, answer: Answer, milliseconds: float, parts: tuple[str, str, str] | None = None
) -> Outcome:
    """The measures of one answer."""
    said = answer.text or ""
    forced = answer.alternatives[0].text if answer.alternatives else ""
    is_cited = any(holds(citation.sentence, gold.answers) for citation in answer.citations)
    return Outcome(
        gold,
        answer,
        exact=best_exact(said, gold.answers),
        f1=best_f1(said, gold.answers),
        forced_exact=best_exact(forced, gold.answers) if gold.answerable else None,
        forced_f1=best_f1(forced, gold.answers) if gold.answerable else None,
        cited=is_cited if gold.answerable and answer.citations else None,
        parts=parts,
        milliseconds=milliseconds,
    )


def scores_of(group: str, outcomes: Sequence[Outcome]) -> Scores:
    """The means over a group of at least one outcome."""
    return Scores(
        group,
        len(outcomes),
        exact=fmean(outcome.exact for outcome in outcomes),
        f1=fmean(outcome.f1 for outcome in outcomes),
        forced_exact=_mean(outcome.forced_exact for outcome in outcomes),
        forced_f1=_mean(outcome.forced_f1 for outcome in outcomes),
        abstained=fmean(not outcome.answer.answered for outcome in outcomes),
        cited=_mean(outcome.cited for outcome in outcomes),
    )


def scores_by_kind(outcomes: Sequence[Outcome]) -> list[Scores]:
    """The scores of all, of the answerable and of the unanswerable, then of each kind in the order they come."""
    groups: dict[str, list[Outcome]] = {"all": list(outcomes), "answerable": [], "unanswerable": []}
    for outcome in outcomes:
        groups["answerable" if outcome.gold.answerable else "unanswerable"].append(outcome)
    for kind in dict.fromkeys(outcome.gold.kind for outcome in outcomes):
        groups.setdefault(kind, [outcome for outcome in outcomes if outcome.gold.kind == kind])
    return [scores_of(name, members) for name, members in groups.items() if members]


def latency_of(outcomes: Sequence[Outcome]) -> Latency:
    """Median and 95th percentile of at least one outcome."""
    spent = [outcome.milliseconds for outcome in outcomes]
    return Latency(percentile(spent, 0.5), percentile(spent, 0.95))


def _parts(gold: GoldQuestion, answer: Answer, answerer: Answerer) -> tuple[str, str, str] | None:
    if not answer.citations:
        return None
    return parts_of(answer.citations[0], answerer.text_of(gold.asked, answer.citations[0]))


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
