"""Plots of an evaluation as SVG, drawn by matplotlib: the one file that imports it, and only when it draws.

Each function returns matplotlib's own SVG, which ``page/svg.py`` fits into a page. The same numbers give the same
text. No function takes a word from outside: a plot that names groups writes placeholders (``label_text``), so that
neither fonts nor formulas in a name concern matplotlib.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any

from qa.evaluation.curves import Bin, RiskCurve
from qa.evaluation.intervals import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_kinds", "draw_latency", "draw_recall", "draw_reliability", "draw_risk", "label_text"]

Series = tuple[str, str, str, bool]
"""A series' colour, marker and name, and whether its intervals lie."""

INK = "#000000"
"""Becomes the colour of the page's text."""
# Okabe and Ito's palette (https://jfly.uni-koeln.de/color/): these two differ to every kind of colour vision, and both
# stand out from white (5.2 and 3.9 to 1); in the dark the page shows lighter ones in their place.
BLUE, ORANGE = "#0072b2", "#d55e00"
WIDTH, HEIGHT = 4.2, 3.1  # inches; shown at 1.7 times that, and at 1.2 times on a telephone
MARGINS = {"left": 0.13, "right": 0.97, "bottom": 0.16, "top": 0.96}
SETTINGS: dict[Any, Any] = {  # of keys that are a type of matplotlib's own
    "svg.fonttype": "none",
    "svg.hashsalt": "evaluation",
    "text.parse_math": False,
    "font.size": 9,
    "axes.labelsize": 9,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": INK,
    "grid.alpha": 0.15,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.8,
    "errorbar.capsize": 2.5,
}
NOTHING = {"Date": None, "Creator": None, "Format": None, "Type": None}


def label_text(number: int) -> str:
    """What stands in a plot for its ``number``-th name, from 0."""
    return f"label-{number}-"


def draw_reliability(bins: Sequence[tuple[Bin, Estimate]]) -> str:
    """Stated confidence against the share that was right, with the number of questions below each bin."""
    with _drawing() as figure:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
        figure.subplots_adjust(**{**MARGINS, "top": 0.91}, hspace=0.12)
        upper.plot([0, 100], [0, 100], color=INK, alpha=0.6, linestyle="--", linewidth=1, label="stated = right")
        series = (BLUE, "o", "observed, 95 % interval", False)
        _with_errors(upper, [100 * found.stated for found, _ in bins], [share for _, share in bins], series)
        middles = [50 * (found.low + found.high) for found, _ in bins]
        counts = [len(found.right) for found, _ in bins]
        lower.bar(middles, counts, width=9, color=BLUE, alpha=0.5)
        for middle, count in zip(middles, counts, strict=True):
            lower.annotate(str(count), (middle, count), (0, 1), textcoords="offset points", ha="center", fontsize=8)
        lower.set(ylabel="count", xlabel="confidence stated (%)", ylim=(0, 1.45 * max(counts)), yticks=[])
        upper.set(ylabel="right (%)", xlim=(0, 100), ylim=(-3, 103), xticks=range(0, 101, 20))
        upper.grid(visible=True)
        upper.legend(loc="lower center", bbox_to_anchor=(0.48, 1), ncols=2, borderaxespad=0)  # points may be anywhere
        figure.align_ylabels()
        return _svg(figure)


def draw_risk(curve: RiskCurve, shipped: tuple[float, float] | None, marks: Sequence[tuple[float, float]]) -> str:
    """Errors among the surest answers; ``shipped`` is a place (coverage, risk), ``marks`` are (coverage, accuracy)."""
    with _drawing() as figure:
        axes = _axes(figure, xlabel="questions answered, the surest first (%)", ylabel="errors among them (%)")
        coverage, errors = 100 * curve.coverage, 100 * curve.risk
        axes.step(coverage, errors, where="post", color=BLUE, label="by confidence")
        if shipped:
            place = [100 * value for value in shipped]
            axes.plot(*([value] for value in place), color=ORANGE, marker="D", linestyle="", label="as it stands")
        for (covered, accuracy), style in zip(marks, (":", "-.", "--"), strict=False):
            corner, risk = 100 * covered, 100 * (1 - accuracy)
            words = f"{100 * accuracy:.0f} % right, {corner:.0f} % answered"
            axes.plot([0, corner, corner], [risk, risk, 0], color=INK, linestyle=style, linewidth=1, label=words)
        axes.set(xlim=(0, 101), ylim=(0, max(30.0, 1.08 * errors.max())))
        axes.legend(loc="upper left")
        return _svg(figure)


def draw_recall(shares: Sequence[Estimate]) -> str:
    """The share of questions with a right passage among the first k, for k from 1."""
    with _drawing() as figure:
        axes = _axes(figure, xlabel="passages looked at, k", ylabel="right passage among them (%)")
        depths = range(1, len(shares) + 1)
        means, lows, highs = zip(*(_in_percent(share) for share in shares), strict=True)
        axes.fill_between(depths, lows, highs, color=BLUE, alpha=0.2, linewidth=0, label="95 % interval")
        axes.plot(depths, means, color=BLUE, marker="o", markersize=3.5, label="recall")
        axes.set(xlim=(0.5, len(shares) + 0.5), ylim=(0, 103), xticks=[1, *range(5, len(shares) + 1, 5)])
        axes.legend(loc="lower right")
        return _svg(figure)


def draw_latency(milliseconds: Sequence[float], median: float, p95: float) -> str:
    """The share of questions that were answered within a time; the scale is logarithmic where some take far longer."""
    with _drawing() as figure:
        axes = _axes(figure, xlabel="time (ms)", ylabel="questions answered (%)")
        times, total = sorted(milliseconds), len(milliseconds)
        reached = [100 * number / total for number in range(total + 1)]
        axes.step([times[0], *times], reached, where="post", color=BLUE)
        for value, name, style in ((median, "half", "--"), (p95, "95 %", ":")):
            axes.axvline(value, color=ORANGE, linestyle=style, linewidth=1.5, label=f"{name} within {value:,.0f} ms")
        axes.set(ylim=(0, 103))
        if times[0] > 0 and times[-1] > 8 * median:
            _logarithmic(axes, times[0], times[-1])
        else:
            axes.set_xlim(0, 1.05 * times[-1] or 1)
        axes.legend(loc="lower right")
        return _svg(figure)


def draw_kinds(rows: Sequence[tuple[Estimate, Estimate]]) -> str:
    """Exact match and F1 of each group, the first on top, with their intervals; names are left to ``label_text``."""
    with _drawing(height=0.9 + 0.36 * len(rows)) as figure:
        axes = figure.add_subplot()
        below, above = 0.48 / figure.get_figheight(), 1 - 0.26 / figure.get_figheight()
        figure.subplots_adjust(left=0.34, right=0.97, bottom=below, top=above)
        circles, diamonds = (BLUE, "o", "exact match", True), (ORANGE, "D", "F1", True)
        _with_errors(axes, [number - 0.15 for number in range(len(rows))], [exact for exact, _ in rows], circles)
        _with_errors(axes, [number + 0.15 for number in range(len(rows))], [f1 for _, f1 in rows], diamonds)
        axes.set(xlabel="score (%)", xlim=(-2, 102), ylim=(len(rows) - 0.4, -0.6), yticks=range(len(rows)))
        axes.set_yticklabels([label_text(number) for number in range(len(rows))])
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=True, axis="x")
        axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1), ncols=2, borderaxespad=0)
        return _svg(figure)


@contextmanager
def _drawing(height: float = HEIGHT) -> Iterator[Figure]:
    import matplotlib
    from matplotlib.figure import Figure

    # Whatever the user's matplotlibrc says (text set by LaTeX, another backend), the page looks the same.
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        yield Figure(figsize=(WIDTH, height))


def _axes(figure: Figure, xlabel: str, ylabel: str) -> Axes:
    axes = figure.add_subplot()
    figure.subplots_adjust(**MARGINS)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.grid(visible=True)
    return axes


def _with_errors(axes: Axes, places: Sequence[float], shares: Sequence[Estimate], series: Series) -> None:
    """Points with their intervals: joined and upright over ``places``, or lying at those heights."""
    percents = [_in_percent(share) for share in shares]
    means = [mean for mean, _, _ in percents]
    errors = [[mean - low for mean, low, _ in percents], [high - mean for mean, _, high in percents]]
    color, marker, name, is_lying = series
    xs, ys = (means, places) if is_lying else (places, means)
    axes.errorbar(
        xs,
        ys,
        xerr=errors if is_lying else None,
        yerr=None if is_lying else errors,
        color=color,
        marker=marker,
        label=name,
        linestyle="" if is_lying else "-",
        linewidth=1.2,
        elinewidth=1.2,
        markersize=5,
    )


def _in_percent(share: Estimate) -> tuple[float, float, float]:
    """Mean, lower and upper end; the mean itself for ends that are not known or, by a hair, on its other side."""
    low, high = (share.mean if end is None else end for end in (share.low, share.high))
    return 100 * share.mean, 100 * min(low, share.mean), 100 * max(high, share.mean)


def _logarithmic(axes: Axes, least: float, most: float) -> None:
    from matplotlib.ticker import NullLocator

    axes.set_xscale("log")
    ticks = [step * 10.0**power for power in range(-3, 8) for step in (1, 2, 5)]
    shown = [tick for tick in ticks if least <= tick <= most]
    axes.set_xticks(shown, [f"{tick:g}" if tick < 1000 else f"{tick:,.0f}" for tick in shown])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(least / 1.1, most * 1.1)


def _svg(figure: Figure) -> str:
    written = StringIO()
    figure.savefig(written, format="svg", transparent=True, metadata=NOTHING)
    return written.getvalue()
