"""Fits a reader's confidence on held-out questions, writes it beside the weights, and reports how well it holds.

``library`` is fitted on small libraries of held-out news articles and of single paragraphs, ``context`` on held-out
reading-comprehension questions, near misses and whole news articles. The figures come from five-fold
cross-validation over articles; the shipped weights from all of it. How the confidence holds where the texts are of
another kind is told by leaving one kind of text out of the fit, each in turn ("shifted").
"""

# ruff: noqa: S311 - draws for training, not secrets
from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from index.embed import load_embedder
from qa.asking import Asker
from qa.confidence import FILE, Setting
from qa.features import FEATURES
from training.collect import UNANSWERABLE, Judged, collect_contexts, collect_libraries, unanswerable_beside
from training.data import (
    LONG_KINDS,
    Question,
    held_out_news,
    news_questions,
    read_part,
    written_kind,
    written_questions,
)
from training.fit import best_rows, fit
from training.reliability import reliability

__all__ = ["calibrate", "family_of"]

FOLDS = 5
WRITTEN_FAMILIES = {
    "ency": "encyclopedia",
    "notices": "posts, reviews, notices",
    "posts": "posts, reviews, notices",
    "reviews": "posts, reviews, notices",
    "voices": "posts, reviews, notices",
}
"""Kinds of the short texts in ``written/``, by how the names of their files begin."""

PARAGRAPHS = 20
"""Paragraphs in one small library of single paragraphs."""


def calibrate(folder: Path, data: Path, *, all_news: bool = False, sample: int = 1200) -> dict[str, Any]:
    """Fit the confidence of the reader in ``folder``, write it there, and return the report.

    ``all_news`` uses every news article, for a reader that was trained on none; ``sample`` bounds each set.
    """
    asker = Asker.load(folder, load_embedder())
    judged: dict[Setting, list[Judged]] = {
        "library": list(_library_questions(asker, data, all_news, sample)),
        "context": list(collect_contexts(asker, _context_questions(data, all_news, sample))),
    }
    report: dict[str, Any] = {"questions": {name: len(found) for name, found in judged.items()}}
    models: dict[str, Any] = {"features": list(FEATURES)}
    for name, found in judged.items():
        report[name] = _validated(found) | {"shifted": _shifted(found)}
        models[name] = _shipped(found)
    (folder / FILE).write_text(json.dumps(models, indent=1) + "\n", encoding="utf-8")
    return report


def _news(data: Path, all_news: bool) -> list[Question]:
    return news_questions(data) if all_news else held_out_news(data)


def _library_questions(asker: Asker, data: Path, all_news: bool, sample: int) -> Iterable[Judged]:
    long = [question for question in written_questions(held_out=True) if written_kind(question.source) in LONG_KINDS]
    draw = random.Random(3)
    news = _drawn(draw, _news(data, all_news), 2 * sample)
    yield from collect_libraries(asker, [*news, *_drawn(draw, long, sample // 2)])
    dev = [question for question in read_part(data, "dev") if question.answers]
    yield from collect_libraries(asker, _drawn(random.Random(0), dev, sample), size=PARAGRAPHS)


def _context_questions(data: Path, all_news: bool, sample: int) -> list[Question]:
    draw = random.Random(1)
    dev = read_part(data, "dev")
    unanswerable = unanswerable_beside(sample)
    # Neighbouring paragraphs are declined without effort: as many as near misses would make the odds look too good.
    easy = unanswerable // 4
    drawn = [
        *_drawn(draw, [question for question in dev if question.answers], sample),
        *_drawn(draw, [question for question in dev if question.impossible], easy),
        *_drawn(draw, read_part(data, "authored_near_dev"), unanswerable - easy),
        *_drawn_in_shares(draw, _news(data, all_news), sample // 2),
    ]
    written = written_questions(held_out=True)
    for family in sorted({family_of(question.source) for question in written}):
        about = [question for question in written if family_of(question.source) == family]
        drawn += _drawn_in_shares(draw, about, sample // 2)
    return drawn


def _drawn(draw: random.Random, questions: Sequence[Question], count: int) -> list[Question]:
    """``count`` of the questions, or all where there are fewer."""
    return draw.sample(questions, min(count, len(questions)))


def _drawn_in_shares(draw: random.Random, questions: Sequence[Question], count: int) -> list[Question]:
    """``count`` questions, of which a share of ``UNANSWERABLE`` have no answer."""
    without = round(count * UNANSWERABLE)
    return [
        *_drawn(draw, [question for question in questions if question.answers], count - without),
        *_drawn(draw, [question for question in questions if not question.answers], without),
    ]


def _shipped(judged: Sequence[Judged]) -> dict[str, Any]:
    fitted = fit(judged)
    return {
        "rank": fitted.rank.round(4).tolist(),
        "right": fitted.right.round(4).tolist(),
        "none": fitted.none.round(4).tolist(),
        "threshold": fitted.threshold,
    }


def family_of(source: str) -> str:
    """The kind of text that questions of a source are about.

    >>> family_of("written_ency_c"), family_of("own_articles_dev"), family_of("mlqa_en_dev")
    ('encyclopedia', 'news', 'wikipedia')
    """
    kind = written_kind(source)
    if kind is not None:
        return "long texts" if kind in LONG_KINDS else WRITTEN_FAMILIES[kind]
    return "news" if source.endswith("_news") or source.startswith("own_") else "wikipedia"


def _shifted(judged: Sequence[Judged]) -> dict[str, Any]:
    """Figures of models that never saw the kind of text they are asked about, by that kind and all together."""
    families = sorted({family_of(one.source) for one in judged})
    rows = {
        family: _judged_rows(
            [one for one in judged if family_of(one.source) != family],
            [one for one in judged if family_of(one.source) == family],
        )
        for family in families
    }
    rows["all"] = [row for found in rows.values() for row in found]
    names = ("ece", "ece_none", "brier", "coverage_at_80", "coverage_at_90")
    told = {family: reliability(found) for family, found in rows.items()}
    return {
        family: {"questions": len(rows[family])} | {name: figures[name] for name in names}
        for family, figures in told.items()
    }


def _validated(judged: Sequence[Judged]) -> dict[str, Any]:
    """Figures of models fitted on four fifths of the articles and asked about the fifth."""
    groups = sorted({one.group for one in judged})
    random.Random(2).shuffle(groups)
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    rows: list[dict[str, Any]] = []
    for number in range(FOLDS):
        rows += _judged_rows(
            [one for one in judged if fold[one.group] != number], [one for one in judged if fold[one.group] == number]
        )
    return reliability(rows)


def _judged_rows(known: Sequence[Judged], asked: Sequence[Judged]) -> list[dict[str, Any]]:
    """What models fitted on ``known`` say about ``asked``, a row a question that has candidates."""
    fitted = fit(known)
    asked = [one for one in asked if len(one.features)]
    features, exact, f1, answerable = best_rows(asked, fitted.rank)
    columns = (fitted.probabilities(features), fitted.none_probabilities(features), exact, f1, answerable)
    names = ("kind", "right", "none", "exact", "f1", "answerable")
    return [dict(zip(names, (one.kind, *told), strict=True)) for one, *told in zip(asked, *columns, strict=True)]
