"""From features to honest probabilities, by a model that was fitted on held-out questions.

A multinomial logistic model tells three outcomes of the best candidate apart: it is right, another span is right, or
the articles hold no answer. Its probabilities add up to one, so "right" and "no answer" are never both likely.

The models live beside the reader's weights (``confidence.json``), because another reader's scores mean other things.
Two settings exist: ``library``, where passages were retrieved, and ``context``, where one text was given.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from qa.features import FEATURES

__all__ = ["Confidence", "Setting", "Settings", "load_confidence"]

Setting = Literal["library", "context"]
FILE = "confidence.json"


@dataclass(frozen=True, slots=True)
class Confidence:
    """A ranking, a model of three outcomes, and a threshold.

    ``rank`` orders candidates (a weight a feature, and no bias: only differences count). ``right`` and ``none`` are the
    log-odds (a weight a feature, the bias last) of "this candidate answers the question word for word" and "the
    articles hold no answer" against the third outcome, "another span answers". Above ``threshold`` of "no answer" the
    answer is "not in these articles": a span that is right but clipped is still worth showing, so its chance of being
    exact does not decide.
    """

    rank: NDArray[np.float64]
    right: NDArray[np.float64]
    none: NDArray[np.float64]
    threshold: float

    def order(self, features: NDArray[np.float64]) -> NDArray[np.int64]:
        """Positions of the candidates, best first, of their features (n, f)."""
        return np.argsort(-(features @ self.rank), kind="stable")

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each candidate (n, f) the probability (n) that it answers the question."""
        return self._outcomes(features)[:, 0]

    def none_probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability (n) that nothing in the articles answers, from each question's best candidate (n, f)."""
        return self._outcomes(features)[:, 1]

    def _outcomes(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        weights = np.stack([self.right, self.none, np.zeros_like(self.right)], axis=1)
        odds = features @ weights[:-1] + weights[-1]
        raised = np.exp(odds - odds.max(axis=1, keepdims=True))
        chances: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
        return chances


Settings = dict[Setting, Confidence]


def _uncalibrated() -> Confidence:
    """For a reader that brings no fitted model: the margin alone, as the log-odds that it is meant to be."""
    rank = np.zeros(len(FEATURES))
    for name, weight in (("margin", 5.0), ("speaker", 20.0), ("post", 20.0), ("metadata", 20.0)):
        rank[FEATURES.index(name)] = weight
    unlikely_else = 40.0  # nothing is known of "another span answers": right and none share the whole
    return Confidence(rank, np.append(rank, unlikely_else), np.append(0.0 * rank, unlikely_else), 0.5)


def load_confidence(folder: Path) -> Settings:
    """The fitted models of a reader's folder, or the margin's own odds where it has none; ``ModelError`` if damaged."""
    path = folder / FILE
    if not path.is_file():
        return {"library": _uncalibrated(), "context": _uncalibrated()}
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if tuple(raw["features"]) != FEATURES:
            raise ModelError(f"{path} was fitted for other features; fit it again: python -m training calibrate")
        return {"library": _from_dict(raw["library"]), "context": _from_dict(raw["context"])}
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ModelError(f"{path} is damaged: {error!r:.200}; copy the model folder again") from error


def _from_dict(raw: dict[str, Any]) -> Confidence:
    def weights(name: str, extra: int) -> NDArray[np.float64]:
        values: Sequence[float] = raw[name]
        found = np.asarray(values, dtype=np.float64)
        if found.shape != (len(FEATURES) + extra,) or not np.isfinite(found).all():
            raise ValueError(f"{name} has {found.shape} weights")
        return found

    return Confidence(weights("rank", 0), weights("right", 1), weights("none", 1), float(raw["threshold"]))
