from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qa.evaluation.causes import CAUSES, cause_of

if TYPE_CHECKING:
    from tests.qa.evaluation.conftest import MakeOutcome


@pytest.mark.parametrize(
    ("found", "cause"),
    [
        ({}, None),
        ({"said": None, "accepted": ()}, None),
        ({"accepted": ()}, "invented"),
        ({"said": None, "guess": "forty bridges", "ranks": (1,)}, "held back"),
        ({"said": None, "guess": "a ferry", "ranks": (), "isolated_exact": 1.0}, "not found"),
        ({"said": "a ferry", "ranks": ()}, "not found"),
        ({"said": "forty big bridges", "ranks": (2,), "isolated_exact": 0.0}, "cut"),
        ({"said": "a ferry", "ranks": (2,), "isolated_exact": 0.0}, "misread"),
        ({"said": "a ferry", "ranks": (2,), "isolated_exact": 1.0}, "passed over"),
        ({"said": None, "guess": "a ferry", "ranks": (2,), "isolated_exact": 1.0}, "passed over"),
        ({"said": "a ferry", "ranks": (2,)}, "unclear"),
        ({"said": "a ferry"}, "unclear"),
    ],
)
def test_the_cause_follows_from_search_and_reader(
    make_outcome: MakeOutcome, found: dict[str, Any], cause: str | None
) -> None:
    assert cause_of(make_outcome(**found)) == cause
    assert cause is None or cause in CAUSES
