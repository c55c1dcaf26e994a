"""The account of the trust suite: what was tried, in how many cases, and how many of them survived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.app.conftest import browser, visiting  # noqa: F401 - fixtures
from tests.trust.running import Running, running

Tally = Callable[[str, int, int], None]
Tallies = dict[str, tuple[int, int]]

TALLIES = pytest.StashKey[Tallies]()


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
    """Print the table, fallen cases in red."""
    tallies = config.stash.get(TALLIES, {})
    if not tallies:
        return
    width = max(len(what) for what in [*tallies, "all together"])
    totals = [sum(figures) for figures in zip(*tallies.values(), strict=True)]
    terminalreporter.section("trust: what was tried")
    terminalreporter.write_line(f"{'':{width}}  {'cases':>9}  {'survived':>9}")
    for what, (cases, survived) in sorted(tallies.items()):
        terminalreporter.write_line(f"{what:{width}}  {cases:>9,}  {survived:>9,}", red=survived < cases)
    terminalreporter.write_line(f"{'all together':{width}}  {totals[0]:>9,}  {totals[1]:>9,}", bold=True)
