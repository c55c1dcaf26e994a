from __future__ import annotations

import json
import os
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import InputError
from corpus.types import Article, Span
from qa.conversation import Turn
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.evaluation.gold_feedback import drafts_from_ratings, read_ratings
from qa.excerpts import excerpt_of_span
from qa.ratings import LONGEST_COMMENT, Ratings, default_ratings_file
from qa.reply import Reply


@pytest.fixture
def turns(speech: Article) -> tuple[Turn, ...]:
    """An answer, a question without one, an error, and a follow-up."""
    return (
        answered("How many quays?", "two quays", speech),
        Turn("Who paid in gold?", "", "", reply=Reply(None, 0.7, (), (), (), 0.1, "Who paid in gold?")),
        Turn("?", "", "", failed=True),
        answered("And when?", "In May", speech),
    )


def answered(question: str, answer: str, article: Article) -> Turn:
    start = article.text.index(answer)
    excerpt = excerpt_of_span(article, Span(start, start + len(answer)))
    return Turn(question, answer, "", reply=Reply(answer, 0.9, (excerpt,), (), (), 0.1, question))


def rows(ratings: Ratings) -> list[dict[str, object]]:
    text = ratings.path.read_text(encoding="ascii")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines() if line]


def drafts(ratings: Ratings, *articles: Article) -> list[dict[str, object]]:
    read, problems = read_ratings(ratings.path.read_text(encoding="utf-8"))
    assert problems == []
    return drafts_from_ratings(read, {article.id: article.text for article in articles})


def test_good_answers_become_gold_questions(tmp_path: Path, turns: tuple[Turn, ...], speech: Article) -> None:
    ratings = Ratings(tmp_path / "new" / "folder" / "ratings.jsonl")
    for number in (0, 1, 3):
        ratings.add(turns, number, good=True)
    first, second, third = drafts(ratings, speech)
    assert first["answers"] == [{"article": speech.id, "text": "two quays", "start": speech.text.index("two quays")}]
    assert second["answers"] == []
    assert [turn["content"] for turn in third["history"]] == [  # type: ignore[attr-defined]
        "How many quays?", "two quays", "Who paid in gold?", ""
    ]  # fmt: skip
    assert not any("draft" in draft for draft in (first, second, third))
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(map(json.dumps, (first, second, third))))
    assert all(isinstance(entry, GoldQuestion) for entry in read_gold(gold))


def test_a_comment_that_follows_a_thumb_belongs_to_the_same_question(
    tmp_path: Path, turns: tuple[Turn, ...], speech: Article
) -> None:
    ratings = Ratings(tmp_path / "ratings.jsonl")
    ratings.add(turns, 0, good=False)
    ratings.add(turns, 0, good=False, comment="  It is “three”.\nSee page 2. 👍\x00\ud83d ")
    (draft,) = drafts(ratings, speech)
    assert draft["rejected"] == ["two quays"]
    assert draft["comments"] == ["It is “three”.\nSee page 2. 👍\x00\ud83d"]
    assert "add the answers" in str(draft["draft"])


def test_an_answer_from_a_part_of_the_library_is_left_to_check(
    tmp_path: Path, turns: tuple[Turn, ...], speech: Article
) -> None:
    ratings = Ratings(tmp_path / "ratings.jsonl")
    part = tuple(replace(turn, only="1 article") for turn in turns)
    ratings.add(part, 0, good=True)
    ratings.add(part, 1, good=True)
    assert [str(draft.get("draft"))[:28] for draft in drafts(ratings, speech)] == ["asked of a part of the artic"] * 2
    ratings.add(turns, 0, good=True)
    first, second = drafts(ratings, speech)
    assert "draft" not in first
    assert "draft" in second


def test_a_long_comment_is_cut_and_an_empty_one_is_none(tmp_path: Path, turns: tuple[Turn, ...]) -> None:
    ratings = Ratings(tmp_path / "ratings.jsonl")
    ratings.add(turns, 0, good=True, comment="x" * 10_000)
    ratings.add(turns, 0, good=True, comment=" \n")
    assert [row["comment"] for row in rows(ratings)] == ["x" * LONGEST_COMMENT, None]


@pytest.mark.parametrize("number", [2, 4, -1, 10**9])
def test_what_is_no_answer_cannot_be_rated(tmp_path: Path, turns: tuple[Turn, ...], number: int) -> None:
    ratings = Ratings(tmp_path / "ratings.jsonl")
    with pytest.raises(InputError, match="no answer"):
        ratings.add(turns, number, good=True)
    assert not ratings.path.exists()


def test_many_at_once_write_whole_lines(tmp_path: Path, turns: tuple[Turn, ...], speech: Article) -> None:
    path = tmp_path / "ratings.jsonl"
    shared = Ratings(path)
    gate = threading.Barrier(8)

    def rate(number: int) -> None:
        # Half of them have one of their own, as in several processes, where the lock does not help.
        ratings = shared if number % 2 else Ratings(path)
        gate.wait()
        for line in range(20):
            ratings.add(turns, 0, good=True, comment=f"{number}-{line} " + "é" * 1_900)

    threads = [threading.Thread(target=rate, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [str(row["comment"]).split()[0] for row in rows(Ratings(path))]
    assert sorted(found) == sorted(f"{number}-{line}" for number in range(8) for line in range(20))
    assert len(drafts(Ratings(path), speech)) == 1


def test_a_line_that_was_cut_short_does_not_spoil_the_next(tmp_path: Path, turns: tuple[Turn, ...]) -> None:
    ratings = Ratings(tmp_path / "ratings.jsonl")
    ratings.add(turns, 0, good=True)
    whole = ratings.path.read_bytes()
    ratings.path.write_bytes(whole + whole[:40])
    ratings.add(turns, 0, good=True)
    read, problems = read_ratings(ratings.path.read_text())
    assert (len(read), [problem.place for problem in problems]) == (2, ["line 2"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_told_without_the_places_of_the_machine(turns: tuple[Turn, ...]) -> None:
    with pytest.raises(InputError, match=r"No space left on device.*tell whoever runs") as caught:
        Ratings(Path("/dev/full")).add(turns, 0, good=True)
    assert "/dev" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, turns: tuple[Turn, ...]) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "ratings.jsonl"):
        with pytest.raises(InputError, match="could not be stored"):
            Ratings(path).add(turns, 0, good=True)


@pytest.mark.skipif(os.name == "nt", reason="no such permissions there")
def test_nobody_else_may_read_what_was_asked(tmp_path: Path, turns: tuple[Turn, ...]) -> None:
    ratings = Ratings(tmp_path / "ratings.jsonl")
    ratings.add(turns, 0, good=True)
    assert stat.S_IMODE(ratings.path.stat().st_mode) == 0o600


def test_the_file_has_a_place_of_its_own() -> None:
    assert default_ratings_file().name == "ratings.jsonl"
    assert default_ratings_file().is_absolute()
