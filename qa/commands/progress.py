"""A progress bar on stderr for work that takes a while; nothing where stderr is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Advance", "progress"]

Advance = Callable[[int], None]


@contextmanager
def progress(doing: str, total: int | None, unit: str, *, shown: bool = True) -> Iterator[Advance]:
    """Yields what to call with the number of items just done; ``total`` is ``None`` where it is not known."""
    if not (shown and sys.stderr.isatty()):
        yield lambda count: None
        return
    # Imported here: a script's run should not pay for drawing.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=total, rate="")

        def advance(count: int) -> None:
            bar.advance(task, count)
            speed = bar.tasks[0].speed
            bar.update(task, rate=f"{speed:.1f} {unit}/s" if speed else "")

        yield advance
