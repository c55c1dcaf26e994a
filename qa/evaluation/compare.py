"""Two runs on the same questions: which is better, and could the difference be chance?

Every question is asked in both, so the differences are taken question by question. The paired randomisation test
(Fisher 1935; for question answering Dror et al. 2018, https://aclanthology.org/P18-1128) asks how often a difference
of the means as large comes about if the two answers to each question are swapped by the toss of a coin.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError
from qa.evaluation.intervals import Estimate, estimate

__all__ = ["MEASURES", "Change", "Comparison", "Difference", "compare", "read_records", "sign_flip_p"]

Vector = NDArray[np.float64]
Record = Mapping[str, Any]

MEASURES = ("exact", "f1", "forced_f1")
EXACT_UP_TO = 14
"""Questions that differ, up to which all 2**n ways of swapping are gone through."""
FLIPS = 50_000
"""Ways of swapping drawn where there are more; the p of 0.05 is then found to within 0.002."""
_AT_A_TIME = 2_000_000  # signs held in memory
_SEED = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in both runs: ``difference`` is after minus before, ``p`` two-sided and without correction.

    ``won`` and ``lost`` count the questions with a higher and with a lower value than before.
    """

    measure: str
    before: float
    after: float
    difference: Estimate
    p: float
    won: int
    lost: int

    def to_dict(self) -> dict[str, Any]:
        """The difference as JSON-ready values."""
        return {**asdict(self), "difference": self.difference.to_dict()}


@dataclass(frozen=True, slots=True)
class Change:
    """A question that one of the measures rates differently, with both answers (``None``: silence)."""

    id: str
    question: str
    before: str | None
    after: str | None
    f1_before: float
    f1_after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs say about the questions of both; ids of the questions that cannot be paired.

    ``asked_differently``: the same id stands for another question, or other answers are accepted.
    """

    questions: int
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    asked_differently: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The comparison as JSON-ready values."""
        return {**asdict(self), "differences": [one.to_dict() for one in self.differences]}


def read_records(path: Path) -> list[Record]:
    """The outcomes in a file that ``qa evaluate --json`` wrote; ``InputError`` if it is anything else."""
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}; name a file of qa evaluate --json") from error
    except (ValueError, RecursionError):  # not UTF-8 is a ValueError too
        whole = None
    records = whole.get("outcomes") if isinstance(whole, dict) else None
    if not isinstance(records, list) or not records or not all(map(_is_record, records)):
        raise InputError(f"{path} is no evaluation; make one with: qa evaluate GOLD --json > FILE")
    if len({str(record["id"]) for record in records}) < len(records):
        raise InputError(f"{path}: two outcomes have one id, so questions cannot be paired; evaluate anew")
    return records


def compare(before: Sequence[Record], after: Sequence[Record]) -> Comparison:
    """Compare two runs, given as the ``outcomes`` of their JSON."""
    old, new = ({str(record["id"]): record for record in records} for records in (before, after))
    shared = [name for name in new if name in old]
    fit = [name for name in shared if _same(old[name], new[name])]
    pairs = [(old[name], new[name]) for name in fit]
    return Comparison(
        len(pairs),
        tuple(_differences(pairs)),
        tuple(_changes(pairs)),
        only_before=tuple(name for name in old if name not in new),
        only_after=tuple(name for name in new if name not in old),
        asked_differently=tuple(name for name in shared if name not in set(fit)),
    )


def sign_flip_p(differences: Vector) -> float:
    """The two-sided p of the mean of paired differences (n) being 0, by swapping signs.

    >>> sign_flip_p(np.array([1.0, 1.0, 1.0, 0.0]))
    0.25
    """
    told = differences[differences != 0]  # a question without a difference has none whichever way it is swapped
    if not told.size:
        return 1.0
    least = abs(told.sum()) - 1e-9  # sums of the same numbers in another order may differ in the last digit
    is_exact = told.size <= EXACT_UP_TO
    hits = total = 0
    for signs in _all_signs(told.size) if is_exact else _drawn_signs(told.size):
        hits += int(np.count_nonzero(np.abs(signs @ told) >= least))
        total += len(signs)
    # Of drawn ways the one that happened is one more (Phipson and Smyth 2010), so that p is never 0.
    return hits / total if is_exact else (hits + 1) / (total + 1)


def _all_signs(count: int) -> Iterator[Vector]:
    yield np.where(np.arange(2**count)[:, None] >> np.arange(count) & 1, -1.0, 1.0)


def _drawn_signs(count: int) -> Iterator[Vector]:
    draw, rows = np.random.default_rng(_SEED), max(1, _AT_A_TIME // count)
    for begin in range(0, FLIPS, rows):
        yield np.where(draw.random((min(rows, FLIPS - begin), count)) < 0.5, -1.0, 1.0)


def _is_record(value: object) -> bool:
    return (
        isinstance(value, dict)
        and {"id", "question", "answer"} <= value.keys()
        and all(_is_score(value.get(measure)) for measure in ("exact", "f1"))
        and (value.get("forced_f1") is None or _is_score(value["forced_f1"]))
    )


def _is_score(value: object) -> bool:
    return isinstance(value, (int, float)) and 0 <= value <= 1


def _same(one: Record, other: Record) -> bool:
    prints = one.get("fingerprint"), other.get("fingerprint")
    return None in prints or prints[0] == prints[1]


def _differences(pairs: Sequence[tuple[Record, Record]]) -> Iterator[Difference]:
    for measure in MEASURES:
        known = [(old.get(measure), new.get(measure)) for old, new in pairs]
        values = np.array([pair for pair in known if None not in pair], dtype=np.float64).reshape(-1, 2)
        gained = values[:, 1] - values[:, 0]
        found = estimate(gained.tolist())
        if found is not None:
            before, after = (float(mean) for mean in values.mean(axis=0))
            won, lost = int((gained > 0).sum()), int((gained < 0).sum())
            yield Difference(measure, before, after, found, sign_flip_p(gained), won, lost)


def _changes(pairs: Sequence[tuple[Record, Record]]) -> Iterator[Change]:
    for old, new in pairs:
        if any(old.get(measure) != new.get(measure) for measure in MEASURES):
            yield Change(str(new["id"]), new["question"], old["answer"], new["answer"], old["f1"], new["f1"])
