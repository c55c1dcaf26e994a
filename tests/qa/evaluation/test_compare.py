from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from corpus.errors import InputError
from qa.evaluation.compare import EXACT_UP_TO, Change, compare, read_records, sign_flip_p

Record = dict[str, Any]


def record(name: str, f1: float, answer: str | None = "so", /, **more: Any) -> Record:
    return {
        "id": name, "question": f"{name}?", "answer": answer, "exact": float(f1 == 1), "f1": f1, "forced_f1": f1, **more
    }  # fmt: skip


def test_three_gains_and_one_loss_by_hand() -> None:
    # Sums of +-1 +-1 +-1 +-1 (16): 2 is reached or passed in size by 4 (once), 2 (four), -2 (four), -4 (once): 10.
    assert sign_flip_p(np.array([1.0, 1.0, 1.0, -1.0, 0.0, 0.0])) == 10 / 16
    assert sign_flip_p(np.array([1.0, 1.0, 1.0, 1.0])) == 2 / 16
    assert sign_flip_p(np.array([0.5, 0.25])) == 2 / 4
    assert sign_flip_p(np.array([0.0, 0.0])) == 1.0
    assert sign_flip_p(np.array([])) == 1.0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0]), min_size=2, max_size=8))
def test_p_is_the_one_of_going_through_all_ways_and_of_scipy(values: list[float]) -> None:
    differences = np.array(values)
    sums = [
        abs(sum(s * v for s, v in zip(signs, values, strict=True))) for signs in product((1, -1), repeat=len(values))
    ]
    assert sign_flip_p(differences) == pytest.approx(np.mean(np.array(sums) >= abs(sum(values)) - 1e-9))
    theirs = stats.permutation_test((differences,), np.mean, permutation_type="samples", n_resamples=10**6)
    if any(values):
        assert sign_flip_p(differences) == pytest.approx(min(1.0, theirs.pvalue))


def test_many_differences_are_drawn_and_come_near_the_exact_p() -> None:
    won, lost = 30, 14
    differences = np.array([1.0] * won + [-1.0] * lost)
    assert len(differences) > EXACT_UP_TO
    exact = stats.binomtest(won, won + lost).pvalue  # swapping signs of +-1 is tossing a coin
    assert sign_flip_p(differences) == pytest.approx(exact, abs=0.002)
    assert sign_flip_p(np.ones(60)) == pytest.approx(1 / 50_001)
    assert sign_flip_p(differences) == sign_flip_p(differences)


def test_two_runs_by_hand() -> None:
    before = [record("a", 1.0), record("b", 0.5, "old"), record("c", 0.0, None), record("d", 0.0), record("gone", 1.0)]
    after = [record("d", 0.0), record("c", 1.0), record("b", 0.8, "new"), record("a", 1.0), record("new", 1.0)]
    found = compare(before, after)
    assert (found.questions, found.only_before, found.only_after) == (4, ("gone",), ("new",))
    exact, f1, forced = found.differences
    assert (exact.before, exact.after, exact.won, exact.lost, exact.p) == (0.25, 0.5, 1, 0, 1.0)
    assert (f1.before, f1.won, f1.lost, f1.p) == (0.375, 2, 0, 0.5)
    assert (f1.after, f1.difference.mean) == pytest.approx((0.7, 0.325))
    assert f1.difference.low is not None
    assert f1.difference.low >= 0.0
    assert forced.measure == "forced_f1"
    assert found.changes == (
        Change("c", "c?", None, "so", 0.0, 1.0),
        Change("b", "b?", "old", "new", 0.5, 0.8),
    )


def test_a_run_does_not_differ_from_itself() -> None:
    records = [record(str(number), number / 7) for number in range(8)]
    found = compare(records, records)
    assert [(one.difference.mean, one.p, one.won, one.lost) for one in found.differences] == [(0.0, 1.0, 0, 0)] * 3
    assert found.changes == ()


def test_a_question_that_changed_under_its_id_is_named_and_not_compared() -> None:
    before = [record("a", 1.0, fingerprint="1"), record("b", 0.0, fingerprint="2"), record("c", 0.0)]
    after = [record("a", 0.0, fingerprint="9"), record("b", 0.0, fingerprint="2"), record("c", 0.0, fingerprint="3")]
    found = compare(before, after)
    assert (found.questions, found.asked_differently) == (2, ("a",))
    assert found.differences[0].before == 0.0


def test_unanswerable_questions_have_no_forced_f1() -> None:
    before, after = [record("a", 1.0, forced_f1=None)], [record("a", 0.0, forced_f1=None)]
    assert [one.measure for one in compare(before, after).differences] == ["exact", "f1"]
    assert compare(before, []).differences == ()
    json.dumps(compare(before, after).to_dict())


def test_an_evaluation_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"outcomes": [record("a", 1.0)]}), encoding="utf-8")
    assert read_records(path) == [record("a", 1.0)]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"outcomes": {}}', b'{"outcomes": []}', b'{"outcomes": [1]}',
        json.dumps({"outcomes": [{"id": "a", "question": "a?", "answer": "b"}]}).encode(),
        json.dumps({"outcomes": [record("a", 1.0, exact="1")]}).encode(),
        json.dumps({"outcomes": [record("a", 1.0, f1=7)]}).encode(),
        json.dumps({"outcomes": [record("a", 1.0, forced_f1="x")]}).encode(),
        json.dumps({"outcomes": [record("a", 1.0), record("a", 0.0)]}).encode(),
    ],
)  # fmt: skip
def test_what_is_no_evaluation_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_records(path)
    assert "old.json" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_evaluation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_records(tmp_path / "absent.json")
