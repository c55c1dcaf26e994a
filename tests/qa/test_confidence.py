import json
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from qa.confidence import Confidence, load_confidence
from qa.features import FEATURES
from qa.reader import DEFAULT_READER


def model(**weights: float) -> Confidence:
    """Weights of the log-odds of "right", and the like for "no answer" with the sign turned."""
    rank = np.array([weights.get(name, 0.0) for name in FEATURES])
    return Confidence(rank, np.append(rank, weights.get("bias", 0.0)), np.append(-rank, 0.0), 0.5)


def test_candidates_are_ordered_by_weighted_features_and_ties_stay_in_place() -> None:
    features = np.zeros((3, len(FEATURES)))
    features[:, FEATURES.index("margin")] = [1.0, 2.0, 1.0]
    assert model(margin=3.0).order(features).tolist() == [1, 0, 2]


def test_three_outcomes_share_one_probability() -> None:
    features = np.zeros((2, len(FEATURES)))
    features[1, FEATURES.index("margin")] = 1.0
    found = model(margin=np.log(2))
    np.testing.assert_allclose(found.probabilities(features), [1 / 3, 2 / 3.5])
    np.testing.assert_allclose(found.none_probabilities(features), [1 / 3, 0.5 / 3.5])


def test_odds_beyond_all_measure_stay_probabilities() -> None:
    features = np.zeros((2, len(FEATURES)))
    features[:, FEATURES.index("margin")] = [1.0, -1.0]
    found = model(margin=1e4)
    np.testing.assert_array_equal(found.probabilities(features), [1.0, 0.0])
    np.testing.assert_array_equal(found.none_probabilities(features), [0.0, 1.0])


def test_a_reader_without_fitted_models_gets_the_margins_own_odds(tmp_path: Path) -> None:
    found = load_confidence(tmp_path)["library"]
    features = np.zeros((1, len(FEATURES)))
    features[0, FEATURES.index("margin")] = np.log(4) / 5
    np.testing.assert_allclose(found.probabilities(features), [0.8])
    np.testing.assert_allclose(found.none_probabilities(features), [0.2])


def test_the_bundled_reader_brings_fitted_models() -> None:
    assert (DEFAULT_READER / "confidence.json").is_file()
    settings = load_confidence(DEFAULT_READER)
    assert 0.2 < settings["library"].threshold < 0.9
    assert settings["library"].rank[FEATURES.index("margin")] > 0


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.pop("library"),
        lambda raw: raw["library"].update(right=[1.0]),
        lambda raw: raw["library"].update(rank=["x"] * len(FEATURES)),
        lambda raw: raw["context"].update(threshold=None),
        lambda raw: raw.update(features=["other"]),
    ],
)
def test_a_damaged_or_foreign_file_is_refused(tmp_path: Path, change) -> None:
    raw = json.loads((DEFAULT_READER / "confidence.json").read_text())
    change(raw)
    (tmp_path / "confidence.json").write_text(json.dumps(raw))
    with pytest.raises(ModelError, match="confidence"):
        load_confidence(tmp_path)
