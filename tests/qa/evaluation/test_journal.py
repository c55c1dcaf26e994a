from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import InputError
from qa.batch import Asked
from qa.evaluation.gold import GoldQuestion, Spot
from qa.evaluation.journal import Journal
from qa.evaluation.outcome import Outcome
from qa.evaluation.ranked import Retrieved
from qa.evaluation.record import fingerprint, from_record, to_record

RUN = "0123456789abcdef"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outcomes.jsonl"


def written(path: Path, outcomes: list[Outcome], run: str = RUN) -> None:
    with Journal(path, run) as journal:
        for outcome in outcomes:
            journal.add(outcome)


def test_every_field_survives(make_outcome, make_outcomes) -> None:
    searched = replace(make_outcome(), ranks=(2,), retrieved=Retrieved((("p1", 0.5), ("p2", 0.25)), ("p2",)))
    for outcome in [searched, *make_outcomes(60)]:
        rounded = replace(outcome, milliseconds=round(outcome.milliseconds, 3))
        assert from_record(json.loads(json.dumps(to_record(outcome))), outcome.gold) == rounded


@settings(deadline=None)
@given(question=st.text(), said=st.text(), accepted=st.text())
def test_any_text_survives(make_outcome, question: str, said: str, accepted: str) -> None:
    outcome = make_outcome(question, said, (accepted,), id=said)
    assert from_record(json.loads(json.dumps(to_record(outcome))), outcome.gold) == outcome


def test_a_fingerprint_tells_what_is_asked_and_accepted_apart() -> None:
    asked = Asked("Who?", ({"role": "user", "content": "Hello"},), "A text.")
    gold = GoldQuestion("a", asked, ("Ada",), "fact", "core", "line 1", (Spot("x", "Ada", 3),))
    others = [
        replace(gold, asked=replace(asked, question="Who ?")),
        replace(gold, asked=replace(asked, history=())),
        replace(gold, asked=replace(asked, context=None)),
        replace(gold, answers=("Ada", "Ada L.")),
        replace(gold, spots=(Spot("y", "Ada", 3),)),
        replace(gold, spots=(Spot("x", "Ada", None),)),
    ]
    assert len({fingerprint(one) for one in (gold, *others)}) == 7
    assert fingerprint(replace(gold, id="b", kind="date", subset=None, place="line 9")) == fingerprint(gold)


def test_a_run_goes_on_where_it_stopped(path: Path, make_outcomes) -> None:
    outcomes = [replace(one, milliseconds=7.0) for one in make_outcomes(9)]
    written(path, outcomes[:4])
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:100])  # the line that was being written when the power failed
    questions = [one.gold for one in outcomes]
    with Journal(path, RUN) as journal:
        found = journal.read(questions)
        for outcome in outcomes:
            if outcome.gold.id not in found:
                journal.add(outcome)
    assert path.read_bytes().startswith(whole)
    assert list(Journal(path, RUN).read(questions).values()) == outcomes


def test_another_part_of_the_gold_file_stays(path: Path, make_outcome) -> None:
    one, other = make_outcome(id="a"), make_outcome(id="b")
    written(path, [one])
    with Journal(path, RUN) as journal:
        assert journal.read([other.gold]) == {}
        journal.add(other)
    assert list(Journal(path, RUN).read([one.gold, other.gold])) == ["a", "b"]


def test_a_file_is_begun_anew_only_when_there_is_something_to_write(path: Path, make_outcome) -> None:
    written(path, [make_outcome(id="a")])
    before = path.read_bytes()
    written(path, [])
    assert path.read_bytes() == before
    written(path, [make_outcome(id="b")])
    assert b'"a"' not in path.read_bytes()


def test_another_run_or_another_gold_file_is_refused(path: Path, make_outcome) -> None:
    one = make_outcome(id="a")
    written(path, [one])
    with pytest.raises(InputError, match="line 1 was answered by another"):
        Journal(path, "f" * 16).read([one.gold])
    with pytest.raises(InputError, match="line 1 asks or accepts something else"):
        Journal(path, RUN).read([replace(one.gold, answers=("else",))])


@pytest.mark.parametrize("line", ["no JSON", "[1]", '{"id": "a", "answer": "b"}', "[" * 100_000])
def test_a_file_of_something_else_is_refused(path: Path, line: str, make_outcome) -> None:
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1 was not written by qa evaluate"):
        Journal(path, RUN).read([make_outcome(id="a").gold])


def test_what_a_power_cut_left_of_the_end_is_dropped(path: Path, make_outcome) -> None:
    one, two, three = (make_outcome(id=name) for name in "abc")
    written(path, [one, two, three])
    first, second, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + bytes(len(second)) + b"\n" + third)
    with Journal(path, RUN) as journal:
        assert journal.read([one.gold, two.gold, three.gold]) == {"a": one}
        journal.add(two)
    assert path.read_bytes() == first + second


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Inside the block no file can grow beyond so many bytes."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_outcomes_that_there_is_no_room_for_are_one_line(path: Path, make_outcome) -> None:
    outcome = make_outcome(id="a")
    remedy = r"outcomes\.jsonl: cannot be written .*; check the disk, then go on with --resume"
    with room_for(10), pytest.raises(InputError, match=remedy) as refused:
        written(path, [outcome])
    assert "\n" not in str(refused.value)
    with Journal(path, RUN) as journal:
        assert journal.read([outcome.gold]) == {}
        journal.add(outcome)
        assert journal.read([outcome.gold]) == {"a": outcome}


def test_a_damaged_line_is_refused(path: Path, make_outcome) -> None:
    one = make_outcome(id="a")
    path.write_text(json.dumps({"run": RUN, "id": "a", "fingerprint": fingerprint(one.gold)}) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1 is damaged"):
        Journal(path, RUN).read([one.gold])
