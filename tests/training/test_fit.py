import numpy as np
import pytest

from qa.features import FEATURES
from training.collect import Judged
from training.fit import PRIOR, best_rows, fit_logistic, fit_rank

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


def test_logistic_models_recover_the_odds_they_were_drawn_from() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(4000, 2))
    labels = (rng.random(4000) < 1 / (1 + np.exp(-(2 * rows[:, 0] - 1)))).astype(float)
    assert fit_logistic(rows, labels) == pytest.approx([2, 0, -1], abs=0.25)
