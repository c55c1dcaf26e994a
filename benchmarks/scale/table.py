"""The table of the measurement, and how each figure grows with the number of passages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

__all__ = ["growth", "render"]

# What is printed: the figure's name, what it is called, its digits after the point.
ROWS: Final = (
    ("added_per_second", "added, passages/s (read, split, embedded)", 0),
    ("stored_per_second", "stored, passages a processor second (vectors ready)", 0),
    ("add_growth_mb", "memory that adding takes beyond the models, MB", 0),
    ("build_seconds", "indexes made for the first time, processor s", 1),
    ("build_peak_mb", "peak memory of that, MB", 0),
    ("disk_mb", "on disk, MB", 0),
    ("open_seconds", "opening with stored indexes, s", 2),
    ("search_p50_ms", "retrieval p50, ms", 1),
    ("search_p95_ms", "retrieval p95, ms", 1),
    ("answer_p50_ms", "full answer p50, ms", 0),
    ("answer_p95_ms", "full answer p95, ms", 0),
    ("recall", "recall at 10 against exact", 3),
    ("article_p95_ms", "retrieval in one article p95, ms", 1),
    ("publisher_p95_ms", "retrieval in a fortieth (publisher) p95, ms", 1),
    ("dates_p95_ms", "retrieval in a half (dates) p95, ms", 1),
    ("dates_first_ms", "first retrieval with a filter, ms", 0),
    ("add_one_ms", "one article more, ms", 0),
    ("add_one_search_ms", "retrieval right after that, ms", 0),
    ("remove_one_search_ms", "retrieval right after removing one, ms", 0),
    ("peak_mb", "peak memory of asking, MB", 0),
)


def render(figures: Mapping[int, Mapping[str, float]]) -> str:
    """A Markdown table: a row a figure, a column a size, and how it grows from the first size to the last."""
    lines = ["| | " + " | ".join(f"{size:,}" for size in figures) + " | growth |", "|---" * (len(figures) + 2) + "|"]
    for name, title, digits in ROWS:
        values = {size: found[name] for size, found in figures.items() if name in found}
        if values:
            cells = [f"{values[size]:,.{digits}f}" if size in values else "" for size in figures]
            lines.append(f"| {title} | {' | '.join(cells)} | {growth(values)} |")
    return "\n".join(lines)


def growth(values: Mapping[int, float]) -> str:
    """How a figure grows with the size: by the exponent of the power law between the first and the last.

    Under 0.1 it is called constant, up to 0.4 logarithmic (ten times as much for a thousand times the size would be
    0.33), up to 0.8 less than linear, above that linear.

    >>> growth({1000: 5.0, 1000000: 5.5}), growth({1000: 2.0, 100000: 210.0})
    ('constant', 'linear')
    """
    if len(values) < 2 or min(values.values()) <= 0:
        return ""
    sizes = sorted(values)
    exponent = math.log(values[sizes[-1]] / values[sizes[0]]) / math.log(sizes[-1] / sizes[0])
    for limit, name in ((0.1, "constant"), (0.4, "logarithmic"), (0.8, "less than linear")):
        if abs(exponent) < limit:
            return name
    return "linear"
