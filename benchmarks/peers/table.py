"""The comparison as Markdown tables and as JSON-ready values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from benchmarks.peers.quality import Quality
from benchmarks.peers.speed import Ratios, Speed

__all__ = ["Row", "kind_lines", "table_lines", "to_dict"]

Cell: TypeAlias = Callable[["Row"], str]

NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One project's figures; ``ratios`` is ``None`` for ours."""

    name: str
    versions: Mapping[str, str]
    quality: Quality
    kinds: Mapping[str, Quality]
    speed: Speed
    ratios: Ratios | None


def table_lines(rows: Sequence[Row]) -> Iterator[str]:
    """The main table, a project a column; shares in percent, times with their ratio to ours."""
    yield "| | " + " | ".join(row.name for row in rows) + " |"
    yield "|---|" + "---:|" * len(rows)
    for heading, cell in _CELLS:
        yield f"| {heading} | " + " | ".join(cell(row) for row in rows) + " |"


def kind_lines(rows: Sequence[Row]) -> Iterator[str]:
    """F1 by kind of question, a project a column."""
    yield "| F1 by kind | n | " + " | ".join(row.name for row in rows) + " |"
    yield "|---|---:|" + "---:|" * len(rows)
    for kind, quality in rows[0].kinds.items():
        yield f"| {kind} | {quality.questions} | " + " | ".join(_percent(row.kinds[kind].f1) for row in rows) + " |"


def to_dict(rows: Sequence[Row]) -> dict[str, Any]:
    """Every figure by the project's name."""
    return {
        row.name: {
            "versions": dict(row.versions),
            "quality": row.quality.to_dict(),
            "kinds": {kind: quality.to_dict() for kind, quality in row.kinds.items()},
            "speed": row.speed.to_dict(),
            "ratios": row.ratios.to_dict() if row.ratios else None,
        }
        for row in rows
    }


def _percent(share: float | None) -> str:
    return NOTHING if share is None else f"{100 * share:.1f}"


def _cost(figure: float | None, digits: int, ratio: float | None) -> str:
    if figure is None:
        return NOTHING
    return f"{figure:.{digits}f}" if ratio is None else f"{figure:.{digits}f} (x{ratio:.2f})"


def _ratios(row: Row) -> Ratios:
    return row.ratios or Ratios(None, None, None, None)


_CELLS: tuple[tuple[str, Cell], ...] = (
    ("EM", lambda row: _percent(row.quality.exact)),
    ("F1", lambda row: _percent(row.quality.f1)),
    ("EM, forced", lambda row: _percent(row.quality.forced_exact)),
    ("F1, forced", lambda row: _percent(row.quality.forced_f1)),
    ("unanswerable declined", lambda row: _percent(row.quality.declined)),
    ("answerable declined", lambda row: _percent(row.quality.silent)),
    ("place holds the answer", lambda row: _percent(row.quality.verbatim)),
    ("cited rightly", lambda row: _percent(row.quality.cited)),
    ("errors raised", lambda row: str(row.quality.failures)),
    ("start, s", lambda row: f"{row.speed.opening:.1f}"),
    ("index, s", lambda row: _cost(row.speed.indexing, 2, _ratios(row).indexing)),
    ("question, median ms", lambda row: _cost(row.speed.median_ms, 0, _ratios(row).median)),
    ("question, p95 ms", lambda row: _cost(row.speed.p95_ms, 0, _ratios(row).p95)),
    ("peak memory, MiB", lambda row: _cost(row.speed.megabytes, 0, _ratios(row).memory)),
)
