"""An outcome as JSON and back, so that a run can be stored, resumed and compared with another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from qa.evaluation.gold import GoldQuestion
from qa.evaluation.outcome import Outcome
from qa.evaluation.ranked import Retrieved
from qa.types import Alternative, Answer, Citation

__all__ = ["fingerprint", "from_record", "to_record"]


def fingerprint(gold: GoldQuestion) -> str:
    """16 hexadecimal digits of what is asked and what counts as right: where they differ, scores cannot be compared."""
    asked = [gold.asked.question, [dict(turn) for turn in gold.asked.history], gold.asked.context]
    wanted = sorted([spot.article or "", spot.text, -1 if spot.start is None else spot.start] for spot in gold.spots)
    text = json.dumps([asked, sorted(gold.answers), wanted], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def to_record(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON-ready values: of its question only the names and the fingerprint."""
    gold, found = outcome.gold, outcome.retrieved
    return {
        "kind": gold.kind,
        "set": gold.subset,
        "accepted": list(gold.answers),
        "fingerprint": fingerprint(gold),
        "verdict": outcome.verdict,
        "exact": outcome.exact,
        "f1": outcome.f1,
        "forced_exact": outcome.forced_exact,
        "forced_f1": outcome.forced_f1,
        "cited": outcome.cited,
        "parts": None if outcome.parts is None else list(outcome.parts),
        "milliseconds": round(outcome.milliseconds, 3),
        "article_ids": list(outcome.article_ids),
        "ranks": None if outcome.ranks is None else list(outcome.ranks),
        "isolated_exact": outcome.isolated_exact,
        "isolated_f1": outcome.isolated_f1,
        "retrieved": None if found is None else [{"passage": name, "score": score} for name, score in found.passages],
        "relevant": None if found is None else list(found.relevant),
        **outcome.answer.to_dict(gold.id),
    }


def from_record(record: Mapping[str, Any], gold: GoldQuestion) -> Outcome:
    """The outcome that ``to_record`` wrote of this question; ``KeyError`` or ``TypeError`` of anything else."""
    hits, parts, ranks = record["retrieved"], record["parts"], record["ranks"]
    return Outcome(
        gold,
        _answer(record),
        exact=record["exact"],
        f1=record["f1"],
        forced_exact=record["forced_exact"],
        forced_f1=record["forced_f1"],
        cited=record["cited"],
        parts=None if parts is None else (parts[0], parts[1], parts[2]),
        milliseconds=record["milliseconds"],
        article_ids=tuple(record["article_ids"]),
        ranks=None if ranks is None else tuple(ranks),
        isolated_exact=record["isolated_exact"],
        isolated_f1=record["isolated_f1"],
        retrieved=None
        if hits is None
        else Retrieved(tuple((hit["passage"], hit["score"]) for hit in hits), tuple(record["relevant"])),
    )


def _answer(record: Mapping[str, Any]) -> Answer:
    return Answer(
        record["question"],
        record["answer"],
        record["confidence"],
        tuple(Citation(**citation) for citation in record["citations"]),
        tuple(Alternative(**alternative) for alternative in record["alternatives"]),
        dict(record["timings_ms"]),
    )
