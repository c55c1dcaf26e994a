"""Files that are no library: ratings, what an evaluation saves, the users of a server."""

from __future__ import annotations

import hashlib
from pathlib import Path

from qa.commands.evaluation_files import Files
from qa.conversation import Turn
from qa.evaluation.gold_feedback import read_ratings
from qa.evaluation.journal import Journal
from qa.evaluation.outcome import Outcome
from qa.evaluation.ranked import Retrieved
from qa.evaluation.summary import Summary
from qa.ratings import Ratings
from qa.reply import Reply
from qa.web.passwords import Passwords, add_user
from tests.qa.evaluation.conftest import made

__all__ = [
    "evaluation",
    "first_evaluation",
    "first_outcome",
    "first_rating",
    "first_user",
    "outcomes",
    "ratings",
    "second_evaluation",
    "second_outcome",
    "second_rating",
    "second_user",
    "users",
]

RATINGS = "ratings.jsonl"
OUTCOMES = "outcomes.jsonl"
SAVED = ("predictions.json", "run.txt", "qrels.txt")
USERS = "users.txt"
COMMENT = "as I remember it, " * 40  # so that half a line can be told from a whole one


def first_rating(folder: Path) -> None:
    _rate(folder, "Who came first?")


def second_rating(folder: Path) -> None:
    _rate(folder, "And then?")


def ratings(folder: Path) -> dict[str, str]:
    """The comments by the questions that were rated, from the lines that can be read."""
    text = (folder / RATINGS).read_text(encoding="utf-8")
    return {found.question: found.comment or "" for found in read_ratings(text)[0]}


def _rate(folder: Path, question: str) -> None:
    reply = Reply(None, 0.7, (), (), (), 0.1, question)
    turn = Turn(question, "", "", reply=reply)
    Ratings(folder / RATINGS).add((turn,), 0, good=True, comment=COMMENT)


def first_evaluation(folder: Path) -> None:
    _evaluate(folder, "forty bridges")


def second_evaluation(folder: Path) -> None:
    _evaluate(folder, "fifty bridges")


def evaluation(folder: Path) -> dict[str, str]:
    """The digests of the files."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in SAVED}


def _evaluate(folder: Path, said: str) -> None:
    found = Retrieved(((said.replace(" ", "-"), 0.5),), (said.replace(" ", "-"),))
    given = [made(said=said, id=f"g{number}", retrieved=found) for number in range(100)]
    files = Files(None, *(str(folder / name) for name in SAVED))
    files.write(given, (), Summary.__new__(Summary), gold="gold.jsonl", setup=None, titles={})


def first_outcome(folder: Path) -> None:
    _go_on(folder, 1)


def second_outcome(folder: Path) -> None:
    _go_on(folder, 2)


def outcomes(folder: Path) -> dict[str, str]:
    """What was answered, by the question's id, as a run that goes on would find it."""
    with Journal(folder / OUTCOMES, "run") as journal:
        return {key: str(found) for key, found in journal.read(given.gold for given in _given(2)).items()}


def _go_on(folder: Path, upto: int) -> None:
    with Journal(folder / OUTCOMES, "run") as journal:
        done = journal.read(given.gold for given in _given(upto)) if (folder / OUTCOMES).exists() else {}
        for given in _given(upto):
            if given.gold.id not in done:
                journal.add(given)


def _given(count: int) -> list[Outcome]:
    return [made(id=f"g{number}") for number in range(count)]


def first_user(folder: Path) -> None:
    add_user(folder / USERS, "ann", "a password")


def second_user(folder: Path) -> None:
    add_user(folder / USERS, "ben", "another password")


def users(folder: Path) -> dict[str, str]:
    """Who can be told by a password."""
    Passwords.load(folder / USERS)
    lines = (folder / USERS).read_text(encoding="utf-8").splitlines()
    return {line.partition(":")[0]: "known" for line in lines}
