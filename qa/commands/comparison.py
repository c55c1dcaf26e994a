"""Two evaluations side by side, as plain text in 100 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.commands.printable import shortened
from qa.evaluation.compare import Change, Comparison, Difference

__all__ = ["comparison_lines"]

TITLES = {"exact": "EM", "f1": "F1", "forced_f1": "F1 forced"}
SHOWN = 20
"""Questions of one list that are printed; the JSON has them all."""


def comparison_lines(found: Comparison, against: str) -> Iterator[str]:
    """The lines to print; ``against`` is the earlier run's file."""
    yield f"Against {against}, {found.questions:,} questions in both:"
    if found.differences:
        yield f"{'':12}{'before':>8}{'now':>8}{'difference':>12}{'95 % interval':>18}{'p':>9}{'won':>6}{'lost':>6}"
        yield from map(_row, found.differences)
        yield "  p: paired randomisation test, two-sided, not corrected for looking at several measures."
    yield from _changes(found.changes)
    for ids, what in (
        (found.only_before, f"only in {against}"),
        (found.only_after, "only in this run"),
        (found.asked_differently, "not the same question or accepted answers in both"),
    ):
        if ids:
            yield f"Not compared, {what} ({len(ids):,}): {', '.join(map(shortened, ids[:SHOWN]))}{_more(ids)}"


def _row(one: Difference) -> str:
    gained = one.difference
    ends = "–" if gained.low is None or gained.high is None else f"[{100 * gained.low:+.1f}, {100 * gained.high:+.1f}]"
    means = f"{100 * one.before:>8.1f}{100 * one.after:>8.1f}{100 * gained.mean:>+12.1f}"
    p = "< 0.0001" if one.p < 0.0001 else f"{one.p:.4f}"
    return f"  {TITLES[one.measure]:10}{means}{ends:>18}{p:>9}{one.won:>6,}{one.lost:>6,}"


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        yield "No question is rated differently."
        return
    yield f"Rated differently ({len(changes):,}):"
    for change in changes[:SHOWN]:
        sign = "=" if change.f1_after == change.f1_before else "+" if change.f1_after > change.f1_before else "-"
        yield f"  {sign} {shortened(change.id, 20)}: {shortened(change.question, 70)}"
        yield f"      {_said(change.before)} -> {_said(change.after)}"
    if len(changes) > SHOWN:
        yield f"  and {len(changes) - SHOWN:,} more; --json lists them all"


def _said(answer: str | None) -> str:
    return "(silent)" if answer is None else f"“{shortened(answer, 40)}”"


def _more(ids: Sequence[str]) -> str:
    return f" and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else ""
