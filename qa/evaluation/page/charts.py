"""The report's plots: which numbers they show, what one sees in them, and why one is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from qa.evaluation.curves import best_guesses, found_within, reliability_bins, risk_curve
from qa.evaluation.decisions import Calibration
from qa.evaluation.intervals import Estimate, estimate, estimates
from qa.evaluation.metrics import percentile
from qa.evaluation.outcome import Outcome
from qa.evaluation.page.measures import between, counted, figure, share_of, unbroken
from qa.evaluation.page.svg import inline_svg
from qa.evaluation.page.tables import table
from qa.evaluation.plots import draw_kinds, draw_latency, draw_recall, draw_reliability, draw_risk
from qa.evaluation.ranked import DEPTH
from qa.evaluation.scores import Latency, Scores
from qa.evaluation.summary import Summary
from qa.inert import shortened

__all__ = ["Chart", "charts_of", "render_chart"]

MOST_KINDS = 20
LONGEST_NAME = 18  # characters that fit beside the plot


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot with what it shows in words; ``drawn`` is ``None`` where there is no data, and ``text`` says why.

    ``columns`` and ``rows`` are the numbers behind it, ``labels`` the names in it.
    """

    name: str
    title: str
    text: str
    drawn: str | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    labels: tuple[str, ...] = ()


def charts_of(outcomes: Sequence[Outcome], summary: Summary) -> list[Chart]:
    """All plots of at least one outcome and its figures, in the order of the page."""
    kinds = {one.gold.kind for one in outcomes}
    return [
        _kinds([scores for scores in summary.scores if scores.group in kinds]),
        _reliability(outcomes, summary.answers),
        _risk(outcomes, summary.spans),
        _recall(outcomes),
        _latency(outcomes, summary.latency),
    ]


def render_chart(chart: Chart) -> str:
    """A plot as an HTML figure with its sentence and its numbers, or the sentence alone."""
    title, text = escape(chart.title), escape(unbroken(chart.text))
    if chart.drawn is None:
        return f'<figure class="chart absent"><h3>{title}</h3><figcaption>{text}</figcaption></figure>'
    rows = "\n".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in chart.rows)
    numbers = table(f"{chart.title}: the numbers", chart.columns, rows)
    return f"""<figure class="chart" id="{chart.name}"><h3>{title}</h3>
{inline_svg(chart.drawn, chart.name, chart.title, chart.text, chart.labels)}
<figcaption>{text}</figcaption>
<details><summary>Numbers</summary>{numbers}</details></figure>"""


def _kinds(by_kind: Sequence[Scores]) -> Chart:
    name, title = "kinds", "Scores by kind of question"
    if len(by_kind) < 2:
        return Chart(name, title, "Left out: all questions are of one kind.")
    largest = sorted(by_kind, key=lambda scores: -scores.questions)[:MOST_KINDS]
    shown = sorted(largest, key=lambda scores: -scores.exact)
    some = f"; the {MOST_KINDS} largest of {len(by_kind)} kinds" if len(by_kind) > MOST_KINDS else ""
    pairs = [(exact, f1) for one in shown if (exact := share_of(one, "exact")) and (f1 := share_of(one, "f1"))]
    return Chart(
        name,
        title,
        f"Questions of the kind “{shown[0].group}” are answered best, those of the kind “{shown[-1].group}” worst; "
        f"the lines are 95 % intervals{some}.",
        draw_kinds(pairs),
        ("kind", "questions", "EM", "EM, 95 %", "F1", "F1, 95 %"),
        tuple(
            (scores.group, str(scores.questions), *_texts(exact), *_texts(f1))
            for scores, (exact, f1) in zip(shown, pairs, strict=True)
        ),
        tuple(shortened(scores.group, LONGEST_NAME) for scores in shown),
    )


def _reliability(outcomes: Sequence[Outcome], found: Calibration) -> Chart:
    chances = np.array([one.answer.confidence for one in outcomes])
    right = np.array([one.exact for one in outcomes])
    bins = [(one, share) for one in reliability_bins(chances, right) if (share := estimate(one.right))]
    return Chart(
        "reliability",
        "Can the stated confidence be believed?",
        f"Of what is said with 80 % confidence, 80 % should be right: on the dashed line, and above it where the "
        f"engine is too modest. On average it says {figure(chances.mean())} % and {figure(right.mean())} % is right; "
        f"the expected calibration error (ECE) is {figure(found.error)} points.",
        draw_reliability(bins),
        ("confidence, %", "questions", "stated, %", "right, %", "95 % interval"),
        tuple(
            (
                f"{100 * one.low:.0f}–{100 * one.high:.0f}",
                str(len(one.right)),
                figure(one.stated),
                *_texts(share),
            )
            for one, share in bins
        ),
    )


def _risk(outcomes: Sequence[Outcome], found: Calibration) -> Chart:
    name, title = "risk", "What if it answered only what it is surest of?"
    if not any(one.answer.alternatives for one in outcomes):
        return Chart(name, title, "Left out: the engine found no span for any question.")
    curve = risk_curve(best_guesses(outcomes))
    covered = [(found.coverage_80, 0.8), (found.coverage_90, 0.9)]
    given = [one.exact for one in outcomes if one.answer.answered]
    coverage, right = len(given) / len(outcomes), sum(given) / len(given) if given else None
    parts = [f"{figure(share)} % of the questions with {100 * accuracy:.0f} % right" for share, accuracy in covered]
    shipped = f"As it stands it answers {figure(coverage)} %"
    shipped += "." if right is None else f", of which {figure(right)} % are exactly right."
    places = np.unique(np.linspace(0, len(curve.risk) - 1, 21).astype(int))
    return Chart(
        name,
        title,
        f"With the surest first, it can answer {' or '.join(parts)}. {shipped}",
        draw_risk(curve, None if right is None else (coverage, 1 - right), [mark for mark in covered if mark[0]]),
        ("answered, %", "errors, %"),
        tuple((figure(curve.coverage[place]), figure(curve.risk[place])) for place in places),
    )


def _recall(outcomes: Sequence[Outcome]) -> Chart:
    name, title = "recall", "Does the search find the right passage?"
    ranks = [one.ranks for one in outcomes if one.ranks is not None]
    if not ranks:
        return Chart(name, title, "Left out: nothing was searched for; each question came with its own text.")
    columns = {str(depth): found_within(ranks, depth) for depth in range(1, DEPTH + 1)}
    shares = [(depth, share) for depth, share in estimates(columns).items() if share is not None]
    return Chart(
        name,
        title,
        f"For {figure(shares[0][1].mean)} % of {counted(len(ranks), 'question')} the first passage found holds an "
        f"accepted answer, for {figure(shares[-1][1].mean)} % one of the first {DEPTH} does.",
        draw_recall([share for _, share in shares]),
        ("k", "recall, %", "95 % interval"),
        tuple((depth, *_texts(share)) for depth, share in shares),
    )


def _latency(outcomes: Sequence[Outcome], latency: Latency) -> Chart:
    times = [one.milliseconds for one in outcomes]
    return Chart(
        "latency",
        "How long does an answer take?",
        f"Half of the questions were answered within {latency.median:,.0f} ms, 95 % within {latency.p95:,.0f} ms; "
        f"the slowest took {max(times):,.0f} ms.",
        draw_latency(times, latency.median, latency.p95),
        ("questions, %", "ms"),
        tuple((str(share), f"{percentile(times, share / 100):,.1f}") for share in (5, 25, 50, 75, 90, 95, 99, 100)),
    )


def _texts(share: Estimate) -> tuple[str, str]:
    return figure(share.mean), between(share)
