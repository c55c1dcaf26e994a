"""The account of the trust suite: what was tried, in how many cases, and how many of them survived."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.app.conftest import browser, visiting  # noqa: F401 - fixtures
from tests.trust.running import Running, running
from tests.trust.table import TITLE, save_tallies, table

Tally = Callable[[str, int, int], None]

TALLIES = pytest.StashKey[dict[str, tuple[int, int]]]()


@pytest.fixture(scope="session")
def tally(pytestconfig: pytest.Config) -> Tally:
    """Record cases under a name, as in ``tally("kill points", 212, 212)``; the same name is added up.

    Call it before asserting on the figures, so that what fell is in the table too.
    """
    tallies = pytestconfig.stash.setdefault(TALLIES, {})

    def record(what: str, cases: int, survived: int) -> None:
        if not 0 <= survived <= cases:
            raise ValueError(f"{what}: {survived} of {cases} cannot have survived")
        before = tallies.get(what, (0, 0))
        tallies[what] = (before[0] + cases, before[1] + survived)

    return record


@pytest.fixture(scope="package")
def server(library_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The program as it is started by default, with tools for assistants, over two small articles."""
    with running(library_folder, tmp_path_factory.mktemp("server"), "--mcp") as started:
        yield started


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table, fallen cases in red; or, where ``TRUST_TALLIES`` names a file, leave it there for one of all."""
    tallies = config.stash.get(TALLIES, {})
    if not tallies:
        return
    if kept := os.environ.get("TRUST_TALLIES"):
        save_tallies(tallies, Path(kept))
        return
    terminalreporter.section(TITLE)
    for line, has_fallen in table(tallies):
        terminalreporter.write_line(line, red=has_fallen)
