"""Questions with answers on disk: JSON lines (plain or xz) and files in SQuAD's format.

A data folder holds ``train``, ``negatives``, ``authored_near`` and ``authored_news`` to learn from, ``dev`` and
``authored_near_dev`` to choose by, each as ``NAME.jsonl.xz`` or ``NAME.jsonl``; a missing one is left out.
``own_articles.json`` beside this file holds news articles and questions that were written for the project;
``own_articles_dev.json`` and ``own_speakers_dev.json`` (mostly who said what) hold more, never trained on. ``written/``
holds texts of other kinds (reviews, posts, notices, encyclopedia paragraphs, long stories, articles, talks, briefs) and
more news of who said what (speakers), with questions, all written for it; the fifth of these texts that ``is_held_out``
names is never trained on either. ``asked/`` holds further questions that were written on paragraphs of ``train``, which
it names by a digest: the paragraphs stay in the data folder.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from corpus.types import Span

__all__ = [
    "DEV_PARTS",
    "LONG_KINDS",
    "OWN_ARTICLES",
    "TRAIN_PARTS",
    "GoldText",
    "Question",
    "asked_questions",
    "digest_of",
    "find_part",
    "held_out_news",
    "is_held_out",
    "news_questions",
    "read_part",
    "read_questions",
    "written_kind",
    "written_questions",
]

TRAIN_PARTS = ("train", "negatives", "authored_near", "authored_news")
DEV_PARTS = ("dev", "authored_near_dev")
OWN_ARTICLES = Path(__file__).parent / "own_articles.json"
WRITTEN = Path(__file__).parent / "written"
ASKED = Path(__file__).parent / "asked"
LONG_KINDS = frozenset({"articles", "briefs", "speakers", "stories", "talks"})
"""Kinds of ``written/`` whose texts are long enough to be cut into passages, as articles are."""
_OWN_DEV = tuple(Path(__file__).parent / f"{name}.json" for name in ("own_articles_dev", "own_speakers_dev"))


@dataclass(frozen=True, slots=True)
class GoldText:
    """An accepted answer: its text and the character of the context at which it starts."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question on one context; ``answers`` is empty where the context does not answer it."""

    source: str
    id: str
    question: str
    context: str
    answers: tuple[GoldText, ...] = ()
    kind: str = ""

    @property
    def impossible(self) -> bool:
        """Whether the context holds no answer."""
        return not self.answers

    @property
    def span(self) -> Span:
        """Where the first accepted answer stands in the context."""
        answer = self.answers[0]
        return Span(answer.start, answer.start + len(answer.text))


def is_held_out(context: str) -> bool:
    """Whether an authored news article is kept from training: a fixed fifth of them, by the hash of the text."""
    digest = hashlib.sha256(context.encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") % 5 == 0


def find_part(folder: Path, name: str) -> Path | None:
    """The file of one part of a data folder, or ``None`` where the folder lacks it."""
    paths = (folder / f"{name}{ending}" for ending in (".jsonl.xz", ".jsonl"))
    return next((path for path in paths if path.is_file()), None)


def read_part(folder: Path, name: str) -> list[Question]:
    """All questions of one part, none where the folder lacks it; ``InputError`` if it cannot be read."""
    path = find_part(folder, name)
    return list(read_questions(path)) if path else []


def news_questions(folder: Path, *, own: bool = True) -> list[Question]:
    """All questions on news articles: the data folder's, and those on our ``own`` articles."""
    questions = read_part(folder, "authored_news")
    return [*questions, *read_questions(OWN_ARTICLES)] if own else questions


def held_out_news(folder: Path) -> list[Question]:
    """The questions on news articles that no run has seen."""
    own = (question for path in _OWN_DEV for question in read_questions(path))
    return [*(question for question in news_questions(folder) if is_held_out(question.context)), *own]


def written_questions(*, held_out: bool, sources: Collection[str] | None = None) -> list[Question]:
    """The questions of ``written/``, those kept back or the others; the source is ``written_`` and the file's name.

    Where ``sources`` are given, no other files are read.
    """
    found = (
        replace(question, source=f"written_{path.stem}")
        for path in sorted(WRITTEN.glob("*.json"))
        if sources is None or f"written_{path.stem}" in sources
        for question in read_questions(path)
    )
    return [question for question in found if is_held_out(question.context) is held_out]


def digest_of(context: str) -> str:
    """How ``asked/`` names a paragraph: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(context.encode("utf-8")).hexdigest()[:16]


def asked_questions(
    known: Iterable[Question], folder: Path = ASKED, *, sources: Collection[str] | None = None
) -> list[Question]:
    """The questions of ``asked/`` on contexts of ``known`` questions; the source is ``asked_`` and the file's name.

    A line is ``{"context": DIGEST, "question": "...", "answer": [START, END]}``, in characters of the context, the
    answer ``null`` where the context holds none. Lines on other contexts are left out; ``InputError`` names a bad one.
    Where ``sources`` are given, no other files are read.
    """
    paths = [path for path in sorted(folder.glob("*.jsonl")) if sources is None or f"asked_{path.stem}" in sources]
    contexts = {digest_of(context): context for context in {question.context for question in known}} if paths else {}
    return [question for path in paths for question in _asked_of(path, contexts)]


def _asked_of(path: Path, contexts: Mapping[str, str]) -> Iterator[Question]:
    number = 0
    try:
        for number, row in enumerate(_lines(path), 1):
            if context := contexts.get(row["context"]):
                yield _asked(row, context, f"asked_{path.stem}", number)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}, question {number}: {error!r}; restore the file from the repository") from error


def _asked(row: Mapping[str, Any], context: str, source: str, number: int) -> Question:
    answers: tuple[GoldText, ...] = ()
    if not isinstance(row["question"], str):
        raise TypeError("the question is no text")
    if row["answer"] is not None:
        start, end = row["answer"]
        if not 0 <= start < end <= len(context):
            raise ValueError("the answer lies outside its context")
        answers = (GoldText(context[start:end], start),)
    return Question(source, f"{source}-{number}", row["question"], context, answers)


def written_kind(source: str) -> str | None:
    """The kind of text of a source of ``written/``, the first word of its file's name; ``None`` for other sources.

    >>> written_kind("written_stories_b"), written_kind("mlqa_en_dev")
    ('stories', None)
    """
    name = source.removeprefix("written_")
    return None if name == source else name.split("_")[0]


def read_questions(path: Path) -> Iterator[Question]:
    """The questions of a ``.jsonl``, ``.jsonl.xz`` or SQuAD ``.json`` file; ``InputError`` if it is none of them."""
    try:
        if path.suffix == ".json":
            yield from _squad(json.loads(path.read_text(encoding="utf-8")), path.stem)
        else:
            yield from map(_question, _lines(path))
    except (OSError, ValueError, KeyError, TypeError, lzma.LZMAError) as error:
        raise InputError(f"cannot read questions from {path}: {error!r}; JSON lines or SQuAD JSON is needed") from error


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _question(row: Mapping[str, Any]) -> Question:
    answers = tuple(GoldText(answer["text"], answer["start"]) for answer in row["answers"])
    return Question(row["source"], row["id"], row["question"], row["context"], answers, row.get("kind", ""))


def _squad(raw: Mapping[str, Any], source: str) -> Iterator[Question]:
    for article in raw["data"]:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                gold = [] if asked.get("is_impossible") else asked["answers"]
                answers = tuple(GoldText(answer["text"], answer["answer_start"]) for answer in gold)
                yield Question(
                    source, str(asked["id"]), asked["question"], paragraph["context"], answers, asked.get("kind", "")
                )
