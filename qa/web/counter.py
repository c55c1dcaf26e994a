"""Where programs are served: the server's own library, and the turnstile in front of its engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from qa.engine import Engine
from qa.visitors import Visitors
from qa.web.turnstile import Turnstile

__all__ = ["Counter"]

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Counter:
    """Serves all programs alike; what visitors of the page add to their own view of the articles is not theirs."""

    visitors: Visitors
    turnstile: Turnstile = field(default_factory=Turnstile)

    def read(self, work: Callable[[Engine], Result]) -> Result:
        """What ``work`` makes of the library, now: for what needs no model."""
        with self.visitors.using("") as engine:
            return work(engine)

    async def serve(self, work: Callable[[Engine], Result]) -> Result:
        """What ``work`` makes of the engine when its turn comes; raises ``BusyError`` where too many wait."""
        return await self.turnstile.run(lambda: self.read(work))
