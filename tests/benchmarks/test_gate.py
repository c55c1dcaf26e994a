from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.floors import Figure, Floors, Verdict, checksum, load_floors, lowered, save_floors, table, verdicts
from benchmarks.gate import FLOORS, corpus_files, figures_of, keep, main
from corpus.errors import InputError
from qa.batch import Asked
from qa.evaluation.evaluate import Outcome, outcome_of
from qa.evaluation.gold import GoldQuestion
from qa.types import Alternative, Answer, Citation


def floors(value: float = 0.8, questions: int = 100, corpus: str = "c") -> Floors:
    return Floors(corpus, "reader@1", {"core": {"EM": Figure(value, questions)}})


def outcome(id: str, accepted: tuple[str, ...], said: str | None, best: str) -> Outcome:  # noqa: A002
    citation = Citation("a", None, None, None, None, said or "", 0, 1, f"Here is {said}.", "")
    answer = Answer("Who?", said, 0.6, (citation,) if said else (), (Alternative(best, 0.4, "a", 0, 1),))
    return outcome_of(GoldQuestion(id, Asked("Who?"), accepted, "fact", None, "line 1"), answer, 5.0)


@pytest.mark.parametrize(
    ("now", "word", "holds"),
    [(0.85, "better", True), (0.8, "kept", True), (0.79, "within noise", True), (0.78, "within noise", True),
     (0.77, "WORSE", False)],
)  # fmt: skip
def test_two_questions_of_a_hundred_may_change(now: float, word: str, holds: bool) -> None:
    (found,) = verdicts({"EM": Figure(0.8, 100)}, {"EM": Figure(now, 100)})
    assert (found.word, found.holds) == (word, holds)
    assert found.band == pytest.approx(0.02)


def test_figures_of_other_questions_are_not_compared() -> None:
    with pytest.raises(InputError, match="EM is of 99 questions, its floor of 100; run with --update"):
        verdicts({"EM": Figure(0.8, 100)}, {"EM": Figure(0.8, 99)})
    with pytest.raises(InputError, match="F1 is of 0 questions"):
        verdicts({"F1": Figure(0.8, 100)}, {"EM": Figure(0.8, 100)})


@given(st.floats(0, 1), st.integers(1, 500))
def test_what_was_written_holds_against_itself(value: float, questions: int) -> None:
    figure = Figure(value, questions)
    (found,) = verdicts({"EM": Figure(round(value, 4), questions)}, {"EM": figure})
    assert found.holds
    assert found.word == "kept"


def test_floors_are_kept_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert load_floors(path) is None
    save_floors(path, floors(0.123456))
    assert load_floors(path) == floors(0.1235)
    assert json.loads(path.read_text(encoding="utf-8"))["band_questions"] == 2.0
    path.write_text('{"sets": []}', encoding="utf-8")
    with pytest.raises(InputError, match="holds no floors"):
        load_floors(path)


def test_a_floor_sinks_only_where_that_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    keep(path, floors(0.8), lower=False)
    keep(path, floors(0.9), lower=False)
    with pytest.raises(InputError, match=r"core, EM: 0\.9000 to 0\.8900\); if that is meant, add --lower"):
        keep(path, floors(0.89), lower=False)
    assert load_floors(path) == floors(0.9)
    keep(path, floors(0.89), lower=True)
    assert load_floors(path) == floors(0.89)
    assert lowered(floors(), Floors("c", "r", {})) == ["core, EM: left out"]


def test_the_checksum_follows_names_and_contents_only(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a", encoding="utf-8")
    two.write_text("b", encoding="utf-8")
    first = checksum([one, two])
    assert checksum([two, one]) == first
    two.write_text("c", encoding="utf-8")
    assert checksum([one, two]) != first


def test_the_figures_by_hand() -> None:
    outcomes = [
        outcome("a", ("fox",), "fox", "fox"),
        outcome("b", ("fox",), None, "fox"),
        outcome("c", ("fox",), "hen", "hen"),
        outcome("d", (), None, "hen"),
    ]
    assert figures_of(outcomes, {"a": 1.0, "b": 0.0}) == {
        "EM": Figure(0.5, 4),
        "F1": Figure(0.5, 4),
        "EM, forced": Figure(2 / 3, 3),
        "F1, forced": Figure(2 / 3, 3),
        "declined": Figure(1.0, 1),
        "cited rightly": Figure(1 / 3, 3),
        "recall@5": Figure(0.5, 2),
    }


def test_the_table_tells_floor_band_and_verdict() -> None:
    lines = table("core", [Verdict("EM", 0.8, 0.02, 0.7)])
    assert lines[0] == "| core | floor | band | now | |"
    assert lines[2] == "| EM | 80.0 | 2.0 | 70.0 | WORSE |"


def test_without_fitting_floors_nothing_is_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "floors.json"
    assert main(["--floors", str(path)]) == 2
    assert "run with --update" in capsys.readouterr().err
    save_floors(path, floors(corpus="of yesterday"))
    assert main(["--floors", str(path)]) == 2
    assert "have changed since the floors were set; run with --update" in capsys.readouterr().err
    save_floors(path, floors(corpus=checksum(corpus_files())))
    assert main(["--floors", str(path), "--set", "nights"]) == 2
    assert "no floors for the set nights; there are: core" in capsys.readouterr().err


@pytest.mark.timeout(900)  # two threads beside another program wait for each other for minutes
def test_the_gate_holds_on_the_core_questions(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--set", "core", "--floors", str(FLOORS)])
    said = capsys.readouterr()
    assert code == 0, said.out + said.err
    assert "| EM, forced |" in said.out
