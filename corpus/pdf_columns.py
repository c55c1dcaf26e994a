"""The order in which the lines of a page are read: cells of a table stay in their row, columns are read one by one.

Most programs draw one column after the other, and their order is kept. Some draw straight across the page; such
rows have a gutter at the same place, line after line, with prose on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from statistics import median

from corpus.pdf_lines import Line

__all__ = ["CELL_BORDER", "in_reading_order"]

CELL_BORDER = " | "
_FEWEST_ROWS = 5
_PROSE_CHARACTERS = 20
"""Half a column's line; cells of tables are shorter on one side at least."""


def in_reading_order(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, each row of cells made one, and columns that were drawn side by side set one after another."""
    for _, page in groupby(lines, key=lambda line: line.page):
        rows = [list(row) for _, row in groupby(page, key=lambda line: line.row)]
        for gutter, run in _runs(rows):
            if gutter is not None and _is_prose(run):
                yield from (row[0] for row in run if row[0].left < gutter)
                yield from (row[-1] for row in run if row[-1].left >= gutter)
            else:
                yield from (_joined(row) for row in run)


def _runs(rows: list[list[Line]]) -> Iterator[tuple[float | None, list[list[Line]]]]:
    """Runs of rows that one gutter divides, with its place, and the rows between, each alone.

    A row with words on one side only belongs to the run around it: paragraphs end early, columns at different heights.
    """
    at = 0
    while at < len(rows):
        end, left, right = at, float("-inf"), float("inf")
        while end < len(rows) and (narrowed := _narrowed(rows[end], left, right)) is not None:
            left, right = narrowed
            end += 1
        if sum(len(row) == 2 for row in rows[at:end]) >= _FEWEST_ROWS:
            yield (left + right) / 2, rows[at:end]
            at = end
        else:
            yield None, [rows[at]]
            at += 1


def _narrowed(row: list[Line], left: float, right: float) -> tuple[float, float] | None:
    """The gutter ``(left, right)`` as far as this row leaves it free; ``None`` where it closes it."""
    if len(row) == 2 and row[0].right < row[1].left:
        left, right = max(left, row[0].right), min(right, row[1].left)
    elif len(row) != 1 or left == float("-inf") or not (row[0].right <= right or row[0].left >= left):
        return None
    elif row[0].right <= right:
        left = max(left, row[0].right)
    else:
        right = min(right, row[0].left)
    return (left, right) if left < right else None


def _is_prose(run: list[list[Line]]) -> bool:
    pairs = [row for row in run if len(row) == 2]
    return all(median(len(row[side].text) for row in pairs) >= _PROSE_CHARACTERS for side in (0, 1))


def _joined(row: list[Line]) -> Line:
    if len(row) == 1:
        return row[0]
    return replace(
        row[0],
        text=CELL_BORDER.join(line.text for line in row),
        left=min(line.left for line in row),
        right=max(line.right for line in row),
    )
