"""Times and memory of each project, and their ratios to ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from statistics import median
from typing import Any

from benchmarks.peers.measure import Measured
from qa.evaluation.metrics import percentile

__all__ = ["Ratios", "Speed", "paired_ratio", "ratios_of", "speed_of"]


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds to open and to index (median of the rounds; ``None`` where nothing was indexed), milliseconds a
    question, peak memory in MiB.
    """

    opening: float
    indexing: float | None
    median_ms: float
    p95_ms: float
    megabytes: float

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON-ready values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Ratios:
    """A project's figure divided by ours: above 1 it takes more than we do; ``None`` where there is none."""

    indexing: float | None
    median: float | None
    p95: float | None
    memory: float | None

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON-ready values."""
        return asdict(self)


def speed_of(measured: Measured) -> Speed:
    """The figures of one project that answered at least one question."""
    spent = [seconds * 1000 for seconds in chain.from_iterable(measured.asking)]
    return Speed(
        opening=measured.opening,
        indexing=median(measured.indexing) if measured.indexing else None,
        median_ms=percentile(spent, 0.5),
        p95_ms=percentile(spent, 0.95),
        megabytes=measured.megabytes,
    )


def ratios_of(measured: Measured, ours: Measured) -> Ratios:
    """What one project takes, in units of what ours takes in the same minutes."""
    return Ratios(
        indexing=paired_ratio([[s] for s in measured.indexing], [[s] for s in ours.indexing])
        if measured.indexing
        else None,
        median=paired_ratio(measured.asking, ours.asking),
        p95=speed_of(measured).p95_ms / speed_of(ours).p95_ms,
        memory=measured.megabytes / ours.megabytes,
    )


def paired_ratio(theirs: Sequence[Sequence[float]], ours: Sequence[Sequence[float]]) -> float:
    """The median over blocks of (median of their block / median of our block measured next to it).

    >>> paired_ratio([[2, 4, 9], [40, 80, 90]], [[1, 2, 3], [10, 20, 30]])
    3.0
    """
    return median(median(their) / median(our) for their, our in zip(theirs, ours, strict=True))
