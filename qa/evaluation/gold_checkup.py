"""Everything that can be said of a gold file without asking a question: problems, warnings and what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from qa.evaluation.gold import Entry, GoldDraft, GoldProblem, GoldQuestion
from qa.evaluation.gold_check import check_against
from qa.evaluation.gold_warnings import warnings_about

__all__ = ["Checkup", "check_gold"]


@dataclass(frozen=True, slots=True)
class Checkup:
    """The findings on one file; the counts go by name, in the order in which the names come."""

    questions: int
    drafts: int
    problems: tuple[GoldProblem, ...]
    warnings: tuple[GoldProblem, ...]
    kinds: Mapping[str, int]
    sets: Mapping[str, int]
    articles: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """The findings as JSON-ready values."""
        return asdict(self)


def check_gold(entries: Iterable[Entry], articles: Mapping[str, str]) -> Checkup:
    """Check a file's entries against the articles they are about, by name.

    >>> check_gold([GoldDraft("a", "line 1", "question")], {}).warnings[0].message
    '1 draft still without a question; write it, or delete the line'
    """
    entries = list(entries)
    questions = [entry for entry in entries if isinstance(entry, GoldQuestion)]
    drafts = [entry for entry in entries if isinstance(entry, GoldDraft)]
    broken = [entry for entry in entries if isinstance(entry, GoldProblem)]
    order = {entry.place: number for number, entry in enumerate(entries)}
    problems = sorted([*broken, *check_against(questions, articles)], key=lambda found: order[found.place])
    return Checkup(
        len(questions),
        len(drafts),
        tuple(problems),
        (*warnings_about(questions, articles), *_unfinished(drafts)),
        dict(Counter(question.kind for question in questions)),
        dict(Counter(question.subset or "none" for question in questions)),
        _by_article(questions),
    )


def _unfinished(drafts: Sequence[GoldDraft]) -> list[GoldProblem]:
    remedies = {"question": "a question; write it, or delete the line", "answers": 'answers; add them, delete "draft"'}
    found = []
    for missing, remedy in remedies.items():
        some = [draft for draft in drafts if draft.missing == missing]
        if some:
            message = f"{len(some)} draft{'' if len(some) == 1 else 's'} still without {remedy}"
            found.append(GoldProblem(some[0].place, message))
    return found


def _by_article(questions: Iterable[GoldQuestion]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for question in questions:
        named = {spot.article for spot in question.spots if spot.article is not None}
        counts.update(sorted(named) if named else ["own text" if question.asked.context is not None else "none"])
    return dict(counts)
