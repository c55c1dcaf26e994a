"""Askers side by side for a time: each checks that what comes back is its own, and memory is looked at meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np

from benchmarks.load.articles import Story
from benchmarks.load.page import PageError, Visitor, answer_in
from benchmarks.load.server import Server

__all__ = ["Kind", "Load", "Outcome", "askers", "run_load", "slope"]

EACH_TALK = 12
"""Questions after which an asker begins a new conversation, as people do: a page shows all of it with each answer."""
LOOK_EVERY = 1.0
"""Seconds between two looks at the memory."""

Expected = dict[str, str | None]


@dataclass(slots=True)
class Kind:
    """What became of all requests of one kind; ``seconds`` of those that were answered."""

    name: str
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    held_back: int = 0

    def figures(self) -> dict[str, Any]:
        """Counts, and p50, p95, p99 and the longest in seconds."""
        times = self.seconds or [0.0]
        p50, p95, p99 = (round(float(value), 3) for value in np.percentile(times, [50, 95, 99]))
        return {
            "requests": len(self.seconds) + len(self.errors),
            "errors": len(self.errors),
            "wrong": len(self.wrong),
            "held_back": self.held_back,
            "p50": p50,
            "p95": p95,
            "p99": p99,
            "longest": round(max(times), 3),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run saw: each kind of request, and (seconds, bytes, open files) of the server as time went on."""

    kinds: list[Kind]
    looks: list[tuple[float, int, int]]
    seconds: float


@dataclass(slots=True)
class Load:
    """What all askers of a run share; ``expected`` is what the engine alone answers to each question."""

    server: Server
    stories: Sequence[Story]
    expected: Expected
    until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_on(self) -> bool:
        """Whether there is time for another request."""
        return time.monotonic() < self.until

    def record(self, kind: Kind, work: Callable[[], str | None], right: str | None, what: str) -> None:
        """Do one thing, and note how long it took and whether it gave what is right."""
        began = time.monotonic()
        try:
            found = work()
        except (PageError, httpx.HTTPError, ValueError, KeyError) as error:
            with self.lock:
                kind.errors.append(f"{what}: {type(error).__name__}: {error}"[:300])
            return
        took = time.monotonic() - began
        with self.lock:
            kind.seconds.append(took)
            if found != right:
                kind.wrong.append(f"{what}: {found!r} in the place of {right!r}"[:300])


def ask_in_page(load: Load, kind: Kind, number: int) -> None:
    """An asker in the chat, who takes a new page now and then."""
    turn = number
    while load.is_on:
        with Visitor(load.server.url) as visitor:
            for _ in range(EACH_TALK):
                if not load.is_on:
                    break
                question = load.stories[turn % len(load.stories)].question
                load.record(kind, lambda q=question: answer_in(visitor.ask(q)), load.expected[question], question)  # type: ignore[misc]
                turn += 7
            with load.lock:
                kind.held_back += visitor.held_back


def ask_as_program(load: Load, kind: Kind, number: int) -> None:
    """A program that sends each question to ``/ask``, and comes again when it is told to."""
    turn = number
    with httpx.Client(base_url=load.server.url, timeout=300, trust_env=False) as client:
        while load.is_on:
            question = load.stories[turn % len(load.stories)].question

            def work(question: str = question) -> str | None:
                for _ in range(30):
                    answer = client.post("/ask", json={"question": question})
                    if answer.status_code not in (429, 503):
                        break
                    with load.lock:
                        kind.held_back += 1
                    time.sleep(float(answer.headers["retry-after"]))
                found: str | None = answer.raise_for_status().json()["answer"]
                return found

            load.record(kind, work, load.expected[question], question)
            turn += 11


def change_articles(load: Load, kind: Kind, number: int) -> None:
    """A visitor who adds an article, asks for what only it tells, and takes it out again."""
    turn = 0
    while load.is_on:
        turn += 1
        place, cost = f"Zanzavik{number}x{turn}", f"{turn * 3 + number} million crowns"
        text = f"A lighthouse for {place}\n\nThe lighthouse of {place} cost {cost}, said the keeper Ola Berg on Monday."
        with Visitor(load.server.url) as visitor:
            before = set(visitor.articles())

            def add(visitor: Visitor = visitor, text: str = text, place: str = place) -> str | None:
                return "added" if "added" in visitor.add(f"{place}.txt", text.encode()) else None

            load.record(kind, add, "added", f"add {place}")
            own = set(visitor.articles()) - before
            question = f"How much did the lighthouse of {place} cost?"
            load.record(kind, lambda v=visitor, q=question: answer_in(v.ask(q)), cost, question)  # type: ignore[misc]
            for article_id in own:
                load.record(
                    kind,
                    lambda v=visitor, a=article_id: (v.remove(a), "gone" if a not in v.articles() else None)[1],  # type: ignore[misc]
                    "gone",
                    f"remove {place}",
                )


def askers(load: Load, count: int) -> tuple[list[Kind], list[threading.Thread]]:
    """So many askers: seven of ten in the page, two programs, one who changes articles; at least one of each."""
    programs, changers = max(1, count // 5), max(1, count // 10)
    shares = (("page", ask_in_page, max(1, count - programs - changers)), ("/ask", ask_as_program, programs))
    kinds, threads = [], []
    for name, role, many in (*shares, ("add and remove", change_articles, changers)):
        kind = Kind(name)
        kinds.append(kind)
        threads += [
            threading.Thread(target=_until_the_end, args=(role, load, kind, number), daemon=True)
            for number in range(many)
        ]
    return kinds, threads


def _until_the_end(role: Callable[[Load, Kind, int], None], load: Load, kind: Kind, number: int) -> None:
    """Play a role; whom the page throws out by an error notes that and comes back."""
    while load.is_on:
        try:
            role(load, kind, number)
        except (PageError, httpx.HTTPError) as error:
            with load.lock:
                kind.errors.append(f"visit: {type(error).__name__}: {error}"[:300])


def run_load(load: Load, count: int, seconds: float) -> Outcome:
    """Let ``count`` askers ask for ``seconds``; those in flight at the end are waited for."""
    kinds, threads = askers(load, count)
    began = time.monotonic()
    load.until = began + seconds
    for thread in threads:
        thread.start()
    looks = []
    while any(thread.is_alive() for thread in threads):
        looks.append((time.monotonic() - began, load.server.memory(), load.server.files()))
        time.sleep(LOOK_EVERY)
    return Outcome(kinds, looks, time.monotonic() - began)


def slope(looks: Sequence[tuple[float, int, int]]) -> float:
    """Bytes a second by which memory grew over the second half of a run, by least squares."""
    later = looks[len(looks) // 2 :]
    if len(later) < 3:
        return 0.0
    times, sizes = [look[0] for look in later], [float(look[1]) for look in later]
    return float(np.polyfit(times, sizes, 1)[0])
