"""Scores against values worked out by hand."""

from __future__ import annotations

import pytest

from training.measures import auroc, best_threshold, exact_match, f1


@pytest.mark.parametrize(
    ("found", "gold", "exact", "overlap"),
    [
        ("the Dam", ["dam!"], 1, 1),
        ("a city of a nation", ["city"], 0, 0.5),
        ("Lugo", ["Riga", "in Lugo"], 0, 2 / 3),
        ("", ["Lugo"], 0, 0),
        ("Lugo", [], 0, 0),
    ],
)
def test_exact_match_and_f1(found: str, gold: list[str], exact: float, overlap: float) -> None:
    assert exact_match(found, gold) == exact
    assert f1(found, gold) == pytest.approx(overlap)


def test_auroc_counts_pairs() -> None:
    assert auroc([3, 1], [2, 0]) == 0.75
    assert auroc([1], [1]) == 0.5


def test_the_best_threshold_answers_what_pays() -> None:
    # Answer the first two (1 + 0.5), decline the two impossible ones (2): 3.5 of 4.
    assert best_threshold([5, 4, 3, -1], [1, 0.5, 0, 0], [False, False, True, True]) == (0.875, 4)
    assert best_threshold([1], [0], [True]) == (1.0, float("inf"))
