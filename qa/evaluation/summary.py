"""All figures of one evaluation in one value, and as the JSON that ``qa evaluate --json`` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from qa.evaluation.decisions import (
    Calibration,
    Confusion,
    calibration_of_answers,
    calibration_of_spans,
    confusion_of,
)
from qa.evaluation.intervals import LEVEL, RESAMPLES, SEED, Estimate, estimates
from qa.evaluation.outcome import Outcome
from qa.evaluation.ranked import DEPTH, trec_scores
from qa.evaluation.scores import Latency, Scores, latency_of, scores_by_article, scores_by_kind

__all__ = ["Isolated", "Retrieval", "Summary", "summarize", "summary_to_dict"]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The search of the ``questions`` whose answers are to be found by it.

    ``measures`` are trec_eval's, by their names in ir-measures. ``unreachable`` counts the questions of which no
    passage of the library holds an accepted answer; they count as not found.
    """

    questions: int
    depth: int
    unreachable: int
    measures: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Isolated:
    """The best span that the reader finds in the right passage alone, and the one after a search, same questions."""

    questions: int
    exact: Estimate
    f1: Estimate
    forced_exact: Estimate
    forced_f1: Estimate


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of at least one outcome; ``None`` for what does not apply. ``articles`` go by article id."""

    scores: tuple[Scores, ...]
    articles: Mapping[str, Scores]
    retrieval: Retrieval | None
    isolated: Isolated | None
    confusion: Confusion
    answers: Calibration
    spans: Calibration
    latency: Latency


def summarize(outcomes: Sequence[Outcome], titles: Mapping[str, str] | None = None) -> Summary:
    """All figures; ``titles`` names articles by their ids."""
    return Summary(
        tuple(scores_by_kind(outcomes)),
        scores_by_article(outcomes, titles),
        _retrieval(outcomes),
        _isolated(outcomes),
        confusion_of(outcomes),
        calibration_of_answers(outcomes),
        calibration_of_spans(outcomes),
        latency_of(outcomes),
    )


def summary_to_dict(summary: Summary) -> dict[str, Any]:
    """The figures as JSON-ready values."""
    return {
        "scores": {scores.group: scores.to_dict() for scores in summary.scores},
        "articles": {article_id: scores.to_dict() for article_id, scores in summary.articles.items()},
        "retrieval": None if summary.retrieval is None else _with_estimates(summary.retrieval),
        "isolated": None if summary.isolated is None else _with_estimates(summary.isolated),
        "confusion": asdict(summary.confusion),
        "calibration": {"answers": _with_estimates(summary.answers), "best_spans": _with_estimates(summary.spans)},
        "latency_ms": asdict(summary.latency),
        "intervals": {"method": "percentile bootstrap", "level": LEVEL, "resamples": RESAMPLES, "seed": SEED},
    }


def _retrieval(outcomes: Sequence[Outcome]) -> Retrieval | None:
    found = [outcome.retrieved for outcome in outcomes if outcome.ranks is not None and outcome.retrieved is not None]
    if not found:
        return None
    measures = {name: one for name, one in estimates(trec_scores(found)).items() if one is not None}
    return Retrieval(len(found), DEPTH, sum(not one.relevant for one in found), measures)


def _isolated(outcomes: Sequence[Outcome]) -> Isolated | None:
    read = [outcome for outcome in outcomes if outcome.isolated_exact is not None]
    found = estimates(
        {
            "exact": [outcome.isolated_exact for outcome in read],
            "f1": [outcome.isolated_f1 for outcome in read],
            "forced_exact": [outcome.forced_exact for outcome in read],
            "forced_f1": [outcome.forced_f1 for outcome in read],
        }
    )
    known = {name: one for name, one in found.items() if one is not None}
    return Isolated(len(read), **known) if len(known) == len(found) else None


def _with_estimates(value: Retrieval | Isolated | Calibration) -> dict[str, Any]:
    return {name: _plain(getattr(value, name)) for name in value.__slots__}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Estimate):
        return value.to_dict()
    return round(value, 6) if isinstance(value, float) else value
