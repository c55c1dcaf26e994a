from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from qa.commands.comparison import comparison_lines
from qa.commands.scoreboard import scoreboard
from qa.evaluation.compare import compare
from qa.evaluation.ranked import Retrieved
from qa.evaluation.record import to_record
from qa.evaluation.summary import summarize

TITLES = {
    "a1": "成渝地区双城经济圈建设" * 8,
    "a2": "An observatory \x1b[2J above the bay of Quillan, seen from afar " * 3,
}


@pytest.mark.parametrize("count", [1, 2, 40, 1500])
def test_the_table_fits_into_a_hundred_columns(count: int, make_outcomes) -> None:
    outcomes = [
        replace(one, retrieved=Retrieved((("p1", 1.0),), ("p1",)) if one.ranks is not None else None)
        for one in make_outcomes(count)
    ]
    lines = list(scoreboard(summarize(outcomes, TITLES)))
    assert max(map(cell_len, lines)) <= 100
    assert "\x1b" not in "".join(lines)
    assert lines == [line.rstrip() for line in lines]


def test_figures_stand_in_columns_with_half_their_interval(make_outcome) -> None:
    outcomes = [
        make_outcome(kind="number"),
        make_outcome(said="two", kind="number"),
        make_outcome(said=None, accepted=(), kind="none"),
    ]
    lines = list(scoreboard(summarize(outcomes)))
    row = next(line for line in lines if line.startswith("none"))
    assert row.split() == ["none", "1", "100.0", "100.0", "–", "–", "100.0", "–"]
    number = next(line for line in lines if line.startswith("number"))
    assert "50.0 ±50.0" in number
    assert number.index("50.0") == row.index("100.0") + 1
    assert "  with an answer                 2         0" in lines
    assert "  without one                    0         1" in lines


def test_two_runs_side_by_side(make_outcome) -> None:
    before = [to_record(one) for one in (make_outcome(id="a", said=None), make_outcome(id="b"), make_outcome(id="old"))]
    after = [
        to_record(one)
        for one in (make_outcome(id="a"), make_outcome(id="b"), make_outcome(id="c", question="Why\x1b?"))
    ]
    lines = list(comparison_lines(compare(before, after), "old.json"))
    assert lines[0] == "Against old.json, 2 questions in both:"
    assert lines[2].split() == ["EM", "50.0", "100.0", "+50.0", "[+0.0,", "+100.0]", "1.0000", "1", "0"]
    assert "  + a: How many bridges has Tarn?" in lines
    assert "      (silent) -> “forty bridges”" in lines
    assert "Not compared, only in old.json (1): old" in lines
    assert "Not compared, only in this run (1): c" in lines
    assert max(map(cell_len, lines)) <= 100


def test_a_long_list_of_changes_is_cut(make_outcome) -> None:
    before = [to_record(make_outcome(id=f"g{number}", said=None)) for number in range(50)]
    after = [to_record(make_outcome(id=f"g{number}")) for number in range(50)]
    lines = list(comparison_lines(compare(before, after), "old.json"))
    assert "  and 30 more; --json lists them all" in lines
    assert len(lines) < 60
