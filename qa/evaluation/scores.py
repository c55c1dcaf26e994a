"""Outcomes to figures: means with intervals over groups of questions, and the times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from qa.evaluation.intervals import Estimate, estimates
from qa.evaluation.metrics import percentile
from qa.evaluation.outcome import Outcome

__all__ = ["Latency", "Scores", "latency_of", "scores_by_article", "scores_by_kind", "scores_of"]


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over a group of questions, from 0 to 1; ``None`` where the measure applies to none of them.

    ``abstained`` is the share without an answer: good for unanswerable questions, bad for the others. ``cited`` is
    the share of given answers to answerable questions whose citation holds an accepted answer. ``intervals`` has the
    ends of each mean's bootstrap interval by the measure's name; a measure without one is not in it.
    """

    group: str
    questions: int
    exact: float
    f1: float
    forced_exact: float | None
    forced_f1: float | None
    abstained: float
    cited: float | None
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def margin(self, measure: str) -> float | None:
        """Half the width of a measure's interval, ``None`` where it has none."""
        ends = self.intervals.get(measure)
        return None if ends is None else (ends[1] - ends[0]) / 2

    def to_dict(self) -> dict[str, Any]:
        """The scores as JSON-ready values."""
        ends = {name: [round(low, 6), round(high, 6)] for name, (low, high) in self.intervals.items()}
        return {**asdict(self), "intervals": ends}


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds a question: the values that half, 95 and 99 % of the questions do not exceed."""

    median: float
    p95: float
    p99: float


def scores_of(group: str, outcomes: Sequence[Outcome]) -> Scores:
    """The means over a group of at least one outcome."""
    found = estimates(
        {
            "exact": [outcome.exact for outcome in outcomes],
            "f1": [outcome.f1 for outcome in outcomes],
            "forced_exact": [outcome.forced_exact for outcome in outcomes],
            "forced_f1": [outcome.forced_f1 for outcome in outcomes],
            "abstained": [float(not outcome.answer.answered) for outcome in outcomes],
            "cited": [None if outcome.cited is None else float(outcome.cited) for outcome in outcomes],
        }
    )
    means = {name: one.mean for name, one in found.items() if one is not None}
    return Scores(
        group,
        len(outcomes),
        exact=means["exact"],
        f1=means["f1"],
        forced_exact=means.get("forced_exact"),
        forced_f1=means.get("forced_f1"),
        abstained=means["abstained"],
        cited=means.get("cited"),
        intervals=dict(_intervals(found)),
    )


def scores_by_kind(outcomes: Sequence[Outcome]) -> list[Scores]:
    """The scores of all, of the answerable and of the unanswerable, then of each kind in the order they come."""
    groups: dict[str, list[Outcome]] = {"all": list(outcomes), "answerable": [], "unanswerable": []}
    for outcome in outcomes:
        groups["answerable" if outcome.gold.answerable else "unanswerable"].append(outcome)
    for kind in dict.fromkeys(outcome.gold.kind for outcome in outcomes):
        groups.setdefault(kind, [outcome for outcome in outcomes if outcome.gold.kind == kind])
    return [scores_of(name, members) for name, members in groups.items() if members]


def scores_by_article(outcomes: Sequence[Outcome], names: Mapping[str, str] | None = None) -> dict[str, Scores]:
    """By article id, the scores of the questions whose accepted answers stand there, in the order they come.

    The group's name is what ``names`` calls the article, else its id. A question answered by two articles counts in
    both, one without an answer in none.
    """
    ids = dict.fromkeys(article_id for outcome in outcomes for article_id in outcome.article_ids)
    called = names or {}
    return {
        article_id: scores_of(
            called.get(article_id, article_id), [outcome for outcome in outcomes if article_id in outcome.article_ids]
        )
        for article_id in ids
    }


def latency_of(outcomes: Sequence[Outcome]) -> Latency:
    """The latencies of at least one outcome."""
    spent = [outcome.milliseconds for outcome in outcomes]
    return Latency(percentile(spent, 0.5), percentile(spent, 0.95), percentile(spent, 0.99))


def _intervals(found: Mapping[str, Estimate | None]) -> Iterable[tuple[str, tuple[float, float]]]:
    for name, one in found.items():
        if one is not None and one.low is not None and one.high is not None:
            yield name, (one.low, one.high)
