import json
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from qa.confidence import Confidence, load_confidence
from qa.features import FEATURES
from qa.reader import DEFAULT_READER


def model(**weights: float) -> Confidence:
    rank = np.array([weights.get(name, 0.0) for name in FEATURES])
    return Confidence(rank, np.append(rank, weights.get("bias", 0.0)), np.append(-rank, 0.0), 0.5)


def test_candidates_are_ordered_by_weighted_features_and_ties_stay_in_place() -> None:
    features = np.zeros((3, len(FEATURES)))
    features[:, FEATURES.index("margin")] = [1.0, 2.0, 1.0]
    assert model(margin=3.0).order(features).tolist() == [1, 0, 2]


def test_probabilities_are_logistic_in_the_features() -> None:
    features = np.zeros((2, len(FEATURES)))
    features[1, FEATURES.index("margin")] = 1.0
    found = model(margin=np.log(3), bias=0.0).probabilities(features)
    np.testing.assert_allclose(found, [0.5, 0.75])
    np.testing.assert_allclose(model(margin=np.log(3)).none_probability(features[1]), 0.25)


def test_a_reader_without_fitted_models_gets_the_margins_own_odds(tmp_path: Path) -> None:
    found = load_confidence(tmp_path)["library"]
    features = np.zeros((1, len(FEATURES)))
    features[0, FEATURES.index("margin")] = np.log(4) / 5
    np.testing.assert_allclose(found.probabilities(features), [0.8])


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
