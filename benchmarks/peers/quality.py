"""How good the replies are: exact match, F1, declining, and whether what is said stands where it is said to stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from benchmarks.peers.protocol import Reply
from corpus.sentences import sentence_spans
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.metrics import best_exact, best_f1, holds

__all__ = ["Quality", "quality_by_kind", "quality_of"]


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over a group of questions, from 0 to 1; ``None`` where a measure applies to none of them.

    ``exact`` and ``f1`` rate what was said, declining being right where no answer exists; the forced ones the best
    span of an answerable question, said or not. ``declined`` is the share of the unanswerable questions that got no
    answer, ``silent`` that of the answerable ones. ``verbatim`` is the share of answers given with a place that
    stand in the document at just that place; ``cited`` the share of answers to answerable questions whose place lies
    in a sentence with an accepted answer. ``failures`` counts the questions at which the project raised an error.
    """

    questions: int
    exact: float
    f1: float
    forced_exact: float | None
    forced_f1: float | None
    declined: float | None
    silent: float | None
    verbatim: float | None
    cited: float | None
    failures: int

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON-ready values."""
        return asdict(self)


def quality_of(questions: Sequence[GoldQuestion], replies: Sequence[Reply], texts: Mapping[str, str]) -> Quality:
    """The quality of at least one reply; ``texts`` holds the documents by their ids."""
    pairs = list(zip(questions, replies, strict=True))
    answerable = [(gold, reply) for gold, reply in pairs if gold.answerable]
    forced = [(gold, reply.best) for gold, reply in answerable if reply.best is not None]
    tells_best = any(reply.best is not None for reply in replies)
    return Quality(
        questions=len(pairs),
        exact=fmean(best_exact(reply.answer or "", gold.answers) for gold, reply in pairs),
        f1=fmean(best_f1(reply.answer or "", gold.answers) for gold, reply in pairs),
        forced_exact=_sum(best_exact(best, gold.answers) for gold, best in forced) / len(answerable)
        if tells_best and answerable
        else None,
        forced_f1=_sum(best_f1(best, gold.answers) for gold, best in forced) / len(answerable)
        if tells_best and answerable
        else None,
        declined=_mean(reply.answer is None for gold, reply in pairs if not gold.answerable),
        silent=_mean(reply.answer is None for _, reply in answerable),
        verbatim=_mean(_is_verbatim(gold, reply, texts) for gold, reply in pairs if reply.answer and reply.located),
        cited=_mean(_is_cited(gold, reply, texts) for gold, reply in answerable if reply.answer and reply.located),
        failures=sum(reply.failure is not None for reply in replies),
    )


def quality_by_kind(
    questions: Sequence[GoldQuestion], replies: Sequence[Reply], texts: Mapping[str, str]
) -> dict[str, Quality]:
    """The quality of each kind of question, in the order the kinds come."""
    groups: dict[str, list[tuple[GoldQuestion, Reply]]] = {}
    for gold, reply in zip(questions, replies, strict=True):
        groups.setdefault(gold.kind, []).append((gold, reply))
    return {
        kind: quality_of([gold for gold, _ in members], [reply for _, reply in members], texts)
        for kind, members in groups.items()
    }


def _is_verbatim(gold: GoldQuestion, reply: Reply, texts: Mapping[str, str]) -> bool:
    return _text_of(gold, reply, texts)[reply.start : reply.end] == reply.answer


def _is_cited(gold: GoldQuestion, reply: Reply, texts: Mapping[str, str]) -> bool:
    text, start, end = _text_of(gold, reply, texts), reply.start or 0, reply.end or 0
    touched = [span for span in sentence_spans(text) if span.start < end and span.end > start]
    return bool(touched) and holds(text[touched[0].start : touched[-1].end], gold.answers)


def _text_of(gold: GoldQuestion, reply: Reply, texts: Mapping[str, str]) -> str:
    return gold.asked.context if gold.asked.context is not None else texts.get(reply.document or "", "")


def _sum(values: Iterable[float]) -> float:
    return float(sum(values))


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return fmean(known) if known else None
