from __future__ import annotations

import json
from dataclasses import replace

import pytest

from qa.evaluation.decisions import Confusion, calibration_of_answers, calibration_of_spans, confusion_of
from qa.evaluation.ranked import Retrieved
from qa.evaluation.scores import latency_of, scores_by_article, scores_of
from qa.evaluation.summary import summarize, summary_to_dict

ACCEPTED = ("forty bridges",)


def test_the_four_ways_to_decide(make_outcome) -> None:
    outcomes = [
        make_outcome(),
        make_outcome(said="two"),
        make_outcome(said=None),
        make_outcome(accepted=()),
        make_outcome(said=None, accepted=()),
    ]
    assert confusion_of(outcomes) == Confusion(answered=2, missed=1, invented=1, declined=1)


def test_confidence_of_what_was_said_by_hand(make_outcome) -> None:
    outcomes = [
        make_outcome(confidence=0.9),  # right
        make_outcome(said="two", confidence=0.6),  # wrong
        make_outcome(said=None, accepted=(), confidence=0.8),  # rightly silent
        make_outcome(said=None, confidence=0.7, guess="forty bridges"),  # wrongly silent, though the guess was right
    ]
    said = calibration_of_answers(outcomes)
    assert said.questions == 4
    assert said.brier.mean == pytest.approx((0.1**2 + 0.6**2 + 0.2**2 + 0.7**2) / 4)
    assert said.error == pytest.approx((0.1 + 0.6 + 0.2 + 0.7) / 4)
    assert (said.coverage_80, said.coverage_90) == (0.5, 0.5)
    assert said.aurc == pytest.approx((0 + 0 + 1 / 3 + 2 / 4) / 4)
    spans = calibration_of_spans(outcomes)  # 0.9 right, 0.7 right, 0.6 wrong, and 0.0 as there is no span: wrong
    assert spans.coverage_80 == 0.5
    assert spans.aurc == pytest.approx((0 + 0 + 1 / 3 + 2 / 4) / 4)
    assert spans.brier.mean == pytest.approx((0.1**2 + 0.3**2 + 0.6**2 + 0) / 4)


def test_a_question_counts_for_each_of_its_articles(make_outcome) -> None:
    outcomes = [
        make_outcome(article_ids=("a", "b")),
        make_outcome(said="two", article_ids=("a",)),
        make_outcome(said=None, accepted=()),
    ]
    found = scores_by_article(outcomes, {"a": "The bridges"})
    assert list(found) == ["a", "b"]
    assert (found["a"].group, found["a"].questions, found["a"].exact) == ("The bridges", 2, 0.5)
    assert (found["b"].group, found["b"].questions, found["b"].exact) == ("b", 1, 1.0)


def test_intervals_stand_beside_the_means_that_have_them(make_outcome) -> None:
    scores = scores_of("all", [make_outcome(), make_outcome(said="two"), make_outcome(said="a"), make_outcome()])
    assert set(scores.intervals) == {"exact", "f1", "forced_exact", "forced_f1", "cited"}  # all were answered
    low, high = scores.intervals["exact"]
    assert 0.0 <= low < scores.exact < high <= 1.0
    assert scores.margin("exact") == (high - low) / 2
    assert scores.margin("abstained") is None


def test_percentiles_of_the_times(make_outcome) -> None:
    found = latency_of([make_outcome(milliseconds=float(number)) for number in range(1, 201)])
    assert (found.median, found.p95, found.p99) == (100, 190, 198)


def test_search_and_reader_by_hand(make_outcome) -> None:
    hits = (("p1", 3.0), ("p2", 2.0))
    outcomes = [
        make_outcome(ranks=(2,), retrieved=Retrieved(hits, ("p2",)), isolated_exact=1.0, isolated_f1=1.0, id="a"),
        make_outcome(said="two", ranks=(), retrieved=Retrieved(hits, ()), id="b"),
        make_outcome(said=None, accepted=(), retrieved=Retrieved(hits), id="c"),
    ]
    summary = summarize(outcomes)
    assert summary.retrieval is not None
    assert (summary.retrieval.questions, summary.retrieval.unreachable) == (2, 1)
    assert summary.retrieval.measures["Success@5"].mean == 0.5
    assert summary.retrieval.measures["RR"].mean == 0.25
    assert summary.isolated is not None
    assert (summary.isolated.questions, summary.isolated.exact.mean, summary.isolated.forced_exact.mean) == (1, 1, 1)


def test_what_does_not_apply_is_none(make_outcome) -> None:
    summary = summarize([make_outcome(), make_outcome(said=None, accepted=())])
    assert (summary.retrieval, summary.isolated, summary.articles) == (None, None, {})


def test_the_json_is_the_documented_one(make_outcomes) -> None:
    outcomes = [
        replace(one, retrieved=Retrieved((("p1", 1.0),), ("p1",)) if one.ranks is not None else None)
        for one in make_outcomes(50)
    ]
    found = json.loads(json.dumps(summary_to_dict(summarize(outcomes))))
    assert list(found) == [
        "scores", "articles", "retrieval", "isolated", "confusion", "calibration", "latency_ms", "intervals"
    ]  # fmt: skip
    assert list(found["scores"])[:3] == ["all", "answerable", "unanswerable"]
    assert found["scores"]["all"]["questions"] == 50
    assert list(found["retrieval"]["measures"]["RR"]) == ["mean", "low", "high", "questions"]
    assert set(found["calibration"]) == {"answers", "best_spans"}
    assert found["intervals"] == {"method": "percentile bootstrap", "level": 0.95, "resamples": 2000, "seed": 0}
