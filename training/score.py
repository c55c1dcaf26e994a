"""How good a model folder is on held-out questions, read with the windows and the decoding of the product.

Forced: every answerable question gets its best span. Separation: whether the best span's margin over "no answer" is
larger where there is an answer.
"""

# ruff: noqa: S311 - draws for training, not secrets
from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from corpus.types import Article, Passage, Span
from qa.decode import candidates
from qa.read import pieces_of
from qa.reader import SpanReader
from qa.windows import Window
from training.data import (
    DEV_PARTS,
    LONG_KINDS,
    Question,
    held_out_news,
    read_part,
    read_questions,
    written_kind,
    written_questions,
)
from training.measures import auroc, best_threshold, exact_match, f1
from training.news import Served, serve

__all__ = ["Figures", "Outcome", "read_all", "score_folder", "table"]

Figures = dict[str, dict[str, Any]]
_GROUP = 256


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question with the best span found, its margin over "no answer", and what it earns (0 to 1)."""

    question: Question
    text: str
    margin: float
    exact: float
    f1: float


def score_folder(folder: Path, data: Path, sample: int | None = None, only: Sequence[str] = ()) -> Figures:
    """``{"forced": ..., "news": ..., "separation": ...}`` of a model folder on a data folder or one file.

    ``sample`` bounds each set, ``only`` keeps the sets whose names match one of the patterns ("written_*");
    ``InputError`` where none does.
    """
    reader = SpanReader(folder)
    sets = _kept(_sets(data), only)
    outcomes = {
        name: read_all(reader, _sampled(questions, sample), served=name.startswith("news"))
        for name, questions in sets.items()
    }
    return {
        "forced": {name: _forced(found) for name, found in outcomes.items() if _forced(found)},
        "news": _by_kind(outcomes.get("news", [])),
        "separation": dict(_separation(outcomes)),
    }


def read_all(reader: SpanReader, questions: Sequence[Question], *, served: bool) -> list[Outcome]:
    """The best span of each question: over the whole context, or over the article's passages as ``served``."""
    outcomes: list[Outcome] = []
    for begin in range(0, len(questions), _GROUP):
        group = questions[begin : begin + _GROUP]
        asked = [(question, _shown(question.context, served=served)) for question in group]
        windows = [_windows(reader, question, shown) for question, shown in asked]
        logits = iter(reader.score([window for own in windows for window in own]))
        for (question, shown), own in zip(asked, windows, strict=True):
            best = candidates(shown.passages, own, [next(logits) for _ in own], 1)[:1]
            text = best[0].span.of(question.context) if best else ""
            gold = [answer.text for answer in question.answers]
            margin = best[0].margin if best else float("-inf")
            outcomes.append(Outcome(question, text, margin, exact_match(text, gold), f1(text, gold)))
    return outcomes


def table(figures: Figures) -> str:
    """The figures as lines of text."""
    lines = [f"{'set':28} {'n':>6} {'EM':>6} {'F1':>6}"]
    for part in ("forced", "news"):
        for name, row in figures[part].items():
            lines.append(
                f"{(name if part == 'forced' else f'  news {name}'):28} {row['n']:6d} {row['em']:6.1f} {row['f1']:6.1f}"
            )
    lines.append(f"{'separation':28} {'n':>6} {'AUROC':>6} {'F1':>6}  at margin")
    for name, row in figures["separation"].items():
        lines.append(f"{name:28} {row['n']:6d} {row['auroc']:6.3f} {row['f1']:6.1f}  {row['threshold']:.2f}")
    return "\n".join(lines)


def _sets(data: Path) -> dict[str, list[Question]]:
    if data.is_file():
        return {data.name.split(".")[0]: list(read_questions(data))}
    sets: dict[str, list[Question]] = defaultdict(list)
    for part in DEV_PARTS:
        for question in read_part(data, part):
            sets[question.source].append(question)
    for question in held_out_news(data):
        sets["news_speakers" if question.source == "own_speakers_dev" else "news"].append(question)
    for question in written_questions(held_out=True):
        sets["news_written" if written_kind(question.source) in LONG_KINDS else question.source].append(question)
    return {name: questions for name, questions in sorted(sets.items()) if len(questions) >= 5}


def _kept(sets: dict[str, list[Question]], only: Sequence[str]) -> dict[str, list[Question]]:
    kept = {name: found for name, found in sets.items() if any(fnmatchcase(name, pattern) for pattern in only)}
    if only and not kept:
        raise InputError(f"no set is named {' or '.join(only)}; there are: {', '.join(sets) or 'none'}")
    return kept or sets


def _sampled(questions: Sequence[Question], sample: int | None) -> Sequence[Question]:
    if sample is None or sample >= len(questions):
        return questions
    return random.Random(0).sample(questions, sample)


def _shown(context: str, *, served: bool) -> Served:
    if served:
        return serve(context)
    return Served(Article("context", context), (Passage("whole", "context", Span(0, len(context))),))


def _windows(reader: SpanReader, question: Question, shown: Served) -> list[Window]:
    return reader.windower.build(question.question, [pieces_of(shown.article, passage) for passage in shown.passages])


def _forced(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    answerable = [outcome for outcome in outcomes if not outcome.question.impossible]
    if not answerable:
        return {}
    return {
        "n": len(answerable),
        "em": 100 * sum(o.exact for o in answerable) / len(answerable),
        "f1": 100 * sum(o.f1 for o in answerable) / len(answerable),
    }


def _by_kind(outcomes: Sequence[Outcome]) -> Figures:
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        kinds[outcome.question.kind].append(outcome)
    return {kind: figures for kind, found in sorted(kinds.items()) if (figures := _forced(found))}


def _separation(outcomes: Mapping[str, Sequence[Outcome]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each set of unanswerable questions against answerable ones: of its own set, or of all plain sets, as many."""
    plain = [
        o for name, found in outcomes.items() if not name.startswith("news") for o in found if not o.question.impossible
    ]
    random.Random(0).shuffle(plain)
    for name, found in outcomes.items():
        negative = [outcome for outcome in found if outcome.question.impossible]
        own = [outcome for outcome in found if not outcome.question.impossible]
        positive = own or plain[: len(negative)]
        if negative and positive:
            yield name, _told_apart(positive, negative[: max(len(positive), 1)] if not own else negative)


def _told_apart(positive: Sequence[Outcome], negative: Sequence[Outcome]) -> dict[str, Any]:
    both = [*positive, *negative]
    impossible = [outcome.question.impossible for outcome in both]
    gained, threshold = best_threshold([o.margin for o in both], [o.f1 for o in both], impossible)
    separated = auroc([o.margin for o in positive], [o.margin for o in negative])
    return {"n": len(both), "auroc": separated, "f1": 100 * gained, "threshold": threshold}
