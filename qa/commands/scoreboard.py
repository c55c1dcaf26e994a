"""An evaluation as plain text in 100 columns: the table of groups, then search, reader, decisions, trust and time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.commands.printable import one_line
from qa.evaluation.decisions import Calibration, Confusion
from qa.evaluation.intervals import Estimate
from qa.evaluation.scores import Scores
from qa.evaluation.summary import Isolated, Retrieval, Summary

__all__ = ["scoreboard"]

WIDTH = 100
CELL = 11  # "100.0 ±11.5"
MEASURES = (
    ("exact", "EM"),
    ("f1", "F1"),
    ("forced_exact", "EM forced"),
    ("forced_f1", "F1 forced"),
    ("abstained", "abstained"),
    ("cited", "cited well"),
)
"""Fields of ``Scores`` with their headings; the first four are shown of articles too."""


def scoreboard(summary: Summary) -> Iterator[str]:
    """The lines to print."""
    yield from _table("", summary.scores, MEASURES)
    if summary.articles:
        yield ""
        yield from _table("by article", list(summary.articles.values()), MEASURES[:4])
    if summary.retrieval is not None:
        yield from _retrieval(summary.retrieval)
    if summary.isolated is not None:
        yield from _isolated(summary.isolated)
    yield from _confusion(summary.confusion)
    yield from _calibration(summary.answers, summary.spans)
    times = summary.latency
    yield ""
    yield f"Time a question: {times.median:.0f} ms (median), {times.p95:.0f} ms (p95), {times.p99:.0f} ms (p99)."
    yield "In percent; ± is half of the 95 % bootstrap interval over questions (see docs/evaluation.md)."


def _table(heading: str, rows: Sequence[Scores], measures: Sequence[tuple[str, str]]) -> Iterator[str]:
    # Imported here: --help should not pay for it. It knows the width of a Chinese title.
    from rich.cells import cell_len, set_cell_size

    room = WIDTH - 7 - len(measures) * (CELL + 2)
    names = [one_line(scores.group) for scores in rows]
    wide = min(room, max(map(cell_len, (heading, *names))))
    headings = "".join(f"{title:>{CELL + 2}}" for _, title in measures)
    yield f"{set_cell_size(heading, wide)}{'n':>7}{headings}"
    for name, scores in zip(names, rows, strict=True):
        shown = name if cell_len(name) <= wide else set_cell_size(name, wide - 2).rstrip() + " …"
        cells = "".join(
            f"  {_percent(getattr(scores, field), scores.margin(field)):{CELL}}" for field, _ in measures
        ).rstrip()
        yield f"{set_cell_size(shown, wide)}{scores.questions:>7,}{cells}"


def _retrieval(found: Retrieval) -> Iterator[str]:
    yield ""
    yield f"Search, {found.questions:,} questions, the first {found.depth} passages of each:"
    for kind, meaning in (("Success", "a right passage among the first"), ("R", "share of the right ones there")):
        cuts = [name for name in found.measures if name.startswith(f"{kind}@")]
        cells = "".join(f"{name.split('@')[1]:>4}: {_of(found.measures[name]):{CELL}}" for name in cuts)
        yield f"  {meaning:31}{cells}".rstrip()
    means = ", ".join(
        f"{title} {_of(found.measures[name]).strip()}" for name, title in (("RR", "MRR"), ("nDCG@10", "nDCG@10"))
    )
    unreachable = f"; {found.unreachable:,} have no right passage at all" if found.unreachable else ""
    yield f"  {means}{unreachable}"


def _isolated(found: Isolated) -> Iterator[str]:
    yield ""
    yield f"Best span, {found.questions:,} questions:"
    yield f"  from the right passage alone   EM {_of(found.exact)}  F1 {_of(found.f1)}"
    yield f"  after the search               EM {_of(found.forced_exact)}  F1 {_of(found.forced_f1)}"


def _confusion(cells: Confusion) -> Iterator[str]:
    yield ""
    yield f"{'Questions':24}{'answered':>10}{'silent':>10}"
    yield f"{'  with an answer':24}{cells.answered:>10,}{cells.missed:>10,}"
    yield f"{'  without one':24}{cells.invented:>10,}{cells.declined:>10,}"


def _calibration(answers: Calibration, spans: Calibration) -> Iterator[str]:
    yield ""
    yield f"{'Confidence':24}{'ECE':>10}{'Brier':>14}{'AURC':>10}{'covers at 80 %':>18}{'at 90 % right':>16}"
    for name, one in (("  what was said", answers), ("  the best span", spans)):
        brier = _percent(one.brier.mean, one.brier.margin).rstrip()
        shares = f"{100 * one.coverage_80:>18.1f}{100 * one.coverage_90:>16.1f}"
        yield f"{name:24}{100 * one.error:>10.1f}{brier:>14}{100 * one.aurc:>10.1f}{shares}"


def _of(found: Estimate) -> str:
    return _percent(found.mean, found.margin)


def _percent(value: float | None, margin: float | None) -> str:
    """``67.2 ±11.5``, so padded that the points of a column stand below each other."""
    if value is None:
        return f"{'–':>5}"
    return f"{100 * value:5.1f}" + ("" if margin is None else f" ±{100 * margin:.1f}")
