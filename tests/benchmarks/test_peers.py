from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.peers import ours
from benchmarks.peers.__main__ import main
from benchmarks.peers.child import Served, peak_megabytes
from benchmarks.peers.measure import Child, Entrant, Measured, blocks_of, measure
from benchmarks.peers.protocol import Document, Reply, Setup
from benchmarks.peers.quality import quality_by_kind, quality_of
from benchmarks.peers.speed import Ratios, Speed, paired_ratio, ratios_of, speed_of
from benchmarks.peers.table import Row, kind_lines, table_lines, to_dict
from corpus.article import article_from_text
from corpus.errors import InputError
from index.embed import default_folder
from qa.batch import Asked
from qa.evaluation.gold import GoldQuestion
from qa.reader import DEFAULT_READER

FERRY = "The ferry Halva sails from Port Ostra at noon. Captain Mirela Tonn has steered it since 2011. It is blue."
BAKERY = "Oskar Lind bakes rye bread in Tavik. His oven was built in 1934. He opens at six in the morning."
SETUP = Setup(str(DEFAULT_READER), str(default_folder()), threads=1)


def document(text: str) -> Document:
    return Document(article_from_text(text, clean=False).id, text)


def gold(question: str, answers: tuple[str, ...], context: str | None = None, kind: str = "fact") -> GoldQuestion:
    return GoldQuestion(question, Asked(question, (), context), answers, kind, None, "line 1")


def measured(asking: list[list[float]], indexing: list[float] | None = None) -> Measured:
    return Measured("x", {"x": "1"}, 2.0, asking=asking, indexing=indexing or [], megabytes=100.0)


def test_plain_types_survive_json() -> None:
    assert Setup.from_dict(json.loads(json.dumps(asdict(SETUP)))) == SETUP
    reply = Reply("noon", "noon", "a", 3, 7)
    assert Reply.from_dict(json.loads(json.dumps(asdict(reply)))) == reply
    assert reply.located
    assert not Reply("noon").located


def test_quality_by_hand() -> None:
    questions = [gold("a", ("noon",)), gold("b", ("2011",)), gold("c", (), kind="none"), gold("d", ("blue",))]
    place = FERRY.index("noon")
    replies = [
        Reply("noon", "noon", "ferry", place, place + 4),
        Reply(None, "2011"),
        Reply("Tonn", "Tonn", "ferry", 0, 4),
        Reply(None, None, failure="ValueError: no"),
    ]
    found = quality_of(questions, replies, {"ferry": FERRY})
    assert (found.questions, found.exact, found.f1, found.failures) == (4, 0.25, 0.25, 1)
    assert (found.forced_exact, found.forced_f1) == (2 / 3, 2 / 3)
    assert (found.declined, found.silent) == (0.0, 2 / 3)
    assert (found.verbatim, found.cited) == (0.5, 1.0)
    kinds = quality_by_kind(questions, replies, {"ferry": FERRY})
    assert [(kind, quality.questions) for kind, quality in kinds.items()] == [("fact", 3), ("none", 1)]


def test_what_a_project_does_not_tell_is_not_rated() -> None:
    found = quality_of([gold("a", ("noon",))], [Reply("noon")], {})
    assert (found.exact, found.forced_exact, found.verbatim, found.cited, found.declined) == (
        1.0,
        None,
        None,
        None,
        None,
    )


def test_a_place_in_a_given_text_is_looked_up_there() -> None:
    place = BAKERY.index("1934")
    reply = Reply("1934", "1934", "whatever", place, place + 4)
    found = quality_of([gold("a", ("1934",), BAKERY)], [reply], {})
    assert (found.verbatim, found.cited) == (1.0, 1.0)


def test_ratios_compare_what_was_measured_together() -> None:
    # The machine was ten times slower during the second block: the ratio does not see it.
    mine, theirs = (
        measured([[1, 2, 3], [10, 20, 30]], indexing=[1, 5]),
        measured([[2, 4, 9], [40, 80, 90]], indexing=[3, 10]),
    )
    assert paired_ratio(theirs.asking, mine.asking) == 3.0
    found = ratios_of(theirs, mine)
    assert (found.indexing, found.median, found.p95, found.memory) == (2.5, 3.0, 3.0, 1.0)
    assert ratios_of(mine, mine) == Ratios(1.0, 1.0, 1.0, 1.0)
    assert speed_of(theirs) == Speed(2.0, 6.5, 9000, 90000, 100.0)
    assert speed_of(measured([[1]])).indexing is None


def test_the_tables_have_a_column_for_each_project() -> None:
    quality = quality_of([gold("a", ("noon",))], [Reply("noon")], {})
    mine = Row("ours", {"torch": "2"}, quality, {"fact": quality}, Speed(1.0, 0.5, 100.4, 200.0, 300.0), None)
    other = Row(
        "other", {}, quality, {"fact": quality}, Speed(2.0, None, 300.0, 500.0, 600.0), Ratios(None, 3.0, 2.5, 2.0)
    )
    lines = list(table_lines([mine, other]))
    assert lines[0] == "| | ours | other |"
    assert "| EM | 100.0 | 100.0 |" in lines
    assert "| EM, forced | - | - |" in lines
    assert "| index, s | 0.50 | - |" in lines
    assert "| question, median ms | 100 | 300 (x3.00) |" in lines
    assert "| peak memory, MiB | 300 | 600 (x2.00) |" in lines
    assert list(kind_lines([mine, other]))[-1] == "| fact | 1 | 100.0 | 100.0 |"
    found = json.loads(json.dumps(to_dict([mine, other])))
    assert found["other"]["ratios"]["median"] == 3.0
    assert found["ours"]["ratios"] is None


def test_our_adapter_keeps_to_the_protocol() -> None:
    peer = ours.open_peer(SETUP)
    ferry, bakery = document(FERRY), document(BAKERY)
    peer.index([ferry, bakery])
    reply = peer.answer("When was the oven built?")
    assert reply.answer == reply.best == "1934"
    assert reply.document == bakery.id
    assert BAKERY[reply.start : reply.end] == "1934"
    assert peer.read("When does the ferry sail?", FERRY).located
    assert peer.answer("How many moons has Jupiter?").answer is None
    peer.index([ferry])  # the earlier index is forgotten
    assert peer.answer("When was the oven built?").document != bakery.id
    assert "torch" in peer.versions


def test_a_child_answers_by_turns_and_tells_its_memory() -> None:
    questions = [gold("When was the oven built?", ("1934",)), gold("Who steers the ferry?", ("Mirela Tonn",))]
    entrants = [Entrant(name, "benchmarks.peers.ours", sys.executable) for name in ("one", "two")]
    one, two = measure(entrants, SETUP, [document(FERRY), document(BAKERY)], questions, rounds=2)
    assert [reply.answer for reply in one.replies] == [reply.answer for reply in two.replies]
    assert one.replies[0].answer == "1934"
    assert (len(one.indexing), [len(block) for block in one.asking]) == (2, [2, 2])
    assert one.opening > 0
    assert one.megabytes > 50


def test_a_request_that_fails_is_told_in_the_result() -> None:
    served = Served("benchmarks.peers.nobody")
    assert "must be to open" in served.handle({"do": "index", "documents": []})["error"]
    assert served.handle({"do": "open", "setup": asdict(SETUP)})["missing"] == "benchmarks.peers.nobody"
    assert served.handle({"do": "memory"})["megabytes"] == pytest.approx(peak_megabytes(), rel=0.5)


def test_what_is_missing_is_one_line_with_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with (
        Child(Entrant("nobody", "benchmarks.peers.nobody", sys.executable), 1) as child,
        pytest.raises(InputError, match=r"^nobody needs benchmarks\.peers\.nobody, .*; run: make bench$"),
    ):
        child.request("open", setup=asdict(SETUP))
    with pytest.raises(InputError, match="run: make bench"):
        Child(Entrant("haystack", "benchmarks.peers.haystack", str(tmp_path / "python")), 1)


def test_a_file_without_texts_is_refused_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "plain.jsonl"
    file.write_text('{"question": "Who?", "answers": []}\n', encoding="utf-8")
    assert main(["--squad", str(file)]) == 2
    assert "no question there has a text" in capsys.readouterr().err


def test_blocks_hold_every_question_once() -> None:
    questions = [gold(str(number), ()) for number in range(5)]
    assert [[one.id for one in block] for block in blocks_of(questions, 2)] == [["0", "1"], ["2", "3"], ["4"]]
