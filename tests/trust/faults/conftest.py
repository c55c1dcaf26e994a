"""The server that makes steps under faults, and the states that each step begins and ends with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.trust.faults.harness import Server, build_shim, why_not
from tests.trust.faults.steps import STEPS


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server; tests that need it are skipped, with the reason, where no faults can be made."""
    if (reason := why_not()) is not None:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("server")
    with Server(build_shim(folder), folder) as running:
        yield running


@dataclass(slots=True)
class Scene:
    """A step with the folder it begins in, and what a folder holds before and after it."""

    name: str
    folder: Path
    old: dict[str, Any]
    new: dict[str, Any]
    server: Server
    searches: dict[str, Any] = field(default_factory=dict)

    def allows(self, holds: dict[str, str] | None) -> bool:
        """Whether that is the old or the new state, or in a step of several parts some of each."""
        if not STEPS[self.name].parts:
            return holds in (self.old["holds"], self.new["holds"])
        old, new, found = self.old["holds"] or {}, self.new["holds"], holds or {}
        known = {key: {old.get(key), new.get(key)} for key in {**old, **new, **found} if key != "generation"}
        return all(found.get(key) in values for key, values in known.items())

    def finds(self, survey: dict[str, Any], folder: Path) -> bool:
        """Whether the search there finds what it finds in a copy with new indexes."""
        if survey["found"] is None:
            return True
        key = f"{survey['holds']} {len(survey['found'])}"
        if key not in self.searches:
            self.searches[key] = self.server.done("fresh", self.name, folder)
        return len(survey["found"]) == len(self.searches[key]) and all(
            map(_same_hits, survey["found"], self.searches[key])
        )

    def complaints(self, folder: Path) -> Generator[str, None, dict[str, Any]]:
        """What is wrong in a folder that a fault has left, and after the step is made again there.

        Returns what is there in the end, nothing where that cannot be looked at.
        """
        left = self.server.call("survey", self.name, folder)
        if "result" not in left:
            yield f"cannot be looked at: {left}"
            return {}
        survey = left["result"]
        if not self.allows(survey["holds"]):
            yield f"neither old nor new: {survey['holds']}"
        yield from self._unsound(survey, folder)
        again = self.server.call("act", self.name, folder)
        if "result" not in again:
            yield f"cannot be done again: {again}"
            return {}
        survey = self.server.done("survey", self.name, folder)
        if _without_count(survey["holds"]) != _without_count(self.new["holds"]):
            yield f"done again, it holds {survey['holds']}"
        for what in self._unsound(survey, folder):
            yield f"done again, {what}"
        return survey

    def _unsound(self, survey: dict[str, Any], folder: Path) -> Iterator[str]:
        if survey["problems"]:
            yield f"problems: {survey['problems']}"
        if not self.finds(survey, folder):
            yield "the search finds something else"


def _without_count(holds: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in holds.items() if key != "generation"}


def _same_hits(found: list[tuple[str, float]], wanted: list[tuple[str, float]]) -> bool:
    """The same passages with nearly the same scores: BM25 counts what was removed until an index is made anew."""
    return [one for one, _ in found] == [one for one, _ in wanted] and all(
        abs(score - other) < 0.02 for (_, score), (_, other) in zip(found, wanted, strict=True)
    )


@pytest.fixture(scope="session")
def scene(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Scene]:
    """The scene of a step by its name, made once."""
    made: dict[str, Scene] = {}

    def make(name: str) -> Scene:
        if name not in made:
            before = tmp_path_factory.mktemp("before")
            after = before.with_name(f"{before.name}-after")
            server.done("prepare", name, before)
            shutil.copytree(before, after)
            server.done("act", name, after)
            new = server.done("survey", name, after)
            shutil.copytree(before, looked := before.with_name(f"{before.name}-looked"))
            made[name] = Scene(name, before, server.done("survey", name, looked), new, server)
        return made[name]

    return make
