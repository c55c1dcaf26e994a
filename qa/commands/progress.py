"""A progress bar on stderr for work that takes a while; nothing where stderr is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from qa.commands.pace import Pace

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

__all__ = ["Advance", "Counted", "adding", "progress"]

Advance = Callable[[int], None]
Counted = Callable[[int, bool], None]
"""Called for each file that is done: how many new passages it has, and whether it was read at all."""


@contextmanager
def progress(doing: str, total: int | None, unit: str, *, shown: bool = True) -> Iterator[Advance]:
    """Yields what to call with the number of items just done; ``total`` is ``None`` where it is not known."""
    if not (shown and sys.stderr.isatty()):
        yield lambda count: None
        return
    from rich.progress import TimeRemainingColumn

    with _bar(TimeRemainingColumn()) as bar:
        task = bar.add_task(doing, total=total, told="")

        def advance(count: int) -> None:
            bar.advance(task, count)
            speed = bar.tasks[0].speed
            bar.update(task, told=f"{speed:.1f} {unit}/s" if speed else "")

        yield advance


@contextmanager
def adding(total: int) -> Iterator[Counted]:
    """Yields what to call for each of ``total`` files that is in: tells files, passages, their speed and time left."""
    if not sys.stderr.isatty():
        yield lambda passages, read: None
        return
    pace = Pace(total)
    with _bar() as bar:
        task = bar.add_task("Adding", total=total, told="")

        def count(passages: int, read: bool) -> None:
            pace.count(passages, read=read)
            bar.update(task, completed=pace.done, told=told(pace))

        yield count


def told(pace: Pace) -> str:
    """What stands beside the bar: ``6,210 passages, 58/s, 0:12:30 left``."""
    parts = [f"{pace.passages:,} passages"]
    if pace.speed is not None:
        parts[0] += f", {pace.speed:,.0f}/s"
    if pace.seconds_left is not None:
        parts.append(f"{timedelta(seconds=round(pace.seconds_left))} left")
    return ", ".join(parts)


def _bar(*columns: ProgressColumn) -> Progress:
    # Imported here: a script's run should not pay for drawing.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    first = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[told]}"))
    return Progress(*first, *columns, console=Console(stderr=True), transient=True)
