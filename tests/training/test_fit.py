import numpy as np
import pytest

from qa.features import FEATURES
from training.collect import Judged
from training.fit import PRIOR, best_rows, fit, fit_outcomes, fit_rank

MARGIN, LENGTH = FEATURES.index("margin"), FEATURES.index("length")


def question(rng: np.random.Generator, *, answerable: bool = True) -> Judged:
    """Five candidates of which the longest is right, whatever the reader's margin says."""
    features = np.zeros((5, len(FEATURES)))
    features[:, MARGIN] = rng.normal(size=5)
    features[:, LENGTH] = rng.permutation(5)
    right = (features[:, LENGTH] == 4).astype(float) * answerable
    return Judged(features, right, right, answerable, "made", "written_notices", str(rng.integers(9)))


def test_ranking_learns_what_tells_the_right_candidate() -> None:
    rng = np.random.default_rng(0)
    weights = fit_rank([question(rng) for _ in range(300)])
    rows, exact, _, _ = best_rows([question(rng) for _ in range(100)], weights)
    assert exact.mean() > 0.95
    assert (rows[:, LENGTH] == 4).mean() > 0.95


def test_without_evidence_the_prior_stands() -> None:
    rng = np.random.default_rng(0)
    one = question(rng)
    flat = Judged(np.zeros_like(one.features), one.exact, one.f1, True, "made", "written_notices", "g")
    np.testing.assert_allclose(fit_rank([flat] * 5), PRIOR, atol=1e-3)


def test_the_outcomes_odds_are_those_they_were_drawn_from() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(6000, 2))
    odds = np.stack([2 * rows[:, 0] - 1, rows[:, 1] + 0.5, np.zeros(len(rows))], axis=1)
    chances = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    drawn = (chances.cumsum(axis=1) < rng.random((len(rows), 1))).sum(axis=1)
    right, none = fit_outcomes(rows, np.eye(3)[drawn])
    assert right == pytest.approx([2, 0, -1], abs=0.25)
    assert none == pytest.approx([0, 1, 0.5], abs=0.25)


def test_the_fit_tells_wrong_spans_from_questions_without_an_answer() -> None:
    rng = np.random.default_rng(2)
    known = [question(rng, answerable=number % 3 > 0) for number in range(600)]
    for one in known:
        one.features[:, MARGIN] += 3 * one.answerable
    fitted = fit(known)
    rows, exact, _, answerable = best_rows(known, fitted.rank)
    right, none = fitted.probabilities(rows), fitted.none_probabilities(rows)
    assert (right + none <= 1).all()
    assert none[~answerable].mean() > 0.6 > 0.3 > none[answerable].mean()
    assert right.mean() == pytest.approx(exact.mean(), abs=0.02)
    assert none.mean() == pytest.approx(1 - answerable.mean(), abs=0.02)
