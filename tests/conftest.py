"""What holds for every test."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from qa import Engine

# A shell that starts the tests in the background has them ignore Ctrl-C, and so would every program that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

TRAMWAY = """Tram line 4 returns to Oravec

By Ilka Moreau | 14 June 2022

After nineteen years without trams, line 4 is running again between the harbour of Oravec and the university. \
The city paid 212 million korun for the track.

"People had forgotten how quiet a street can be," said Tomas Weil, the head of the transport office.

The first tram left the harbour at 5:40 in the morning with 64 passengers on board. Fares stay at 20 korun."""

OBSERVATORY = """# A new telescope above Quillan Bay

Quillan Bay Herald, 2 November 2023

The observatory on Mount Sarda has a new telescope. Its mirror measures 3.6 metres and was polished in Leiden.

Director Amina Okafor expects the first pictures in March. The old telescope goes to a school in Pell.
"""


@pytest.fixture(scope="session")
def articles_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two short articles of invented places, in two formats."""
    folder = tmp_path_factory.mktemp("articles")
    (folder / "tramway.txt").write_text(TRAMWAY, encoding="utf-8")
    (folder / "observatory.md").write_text(OBSERVATORY, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def library_folder(tmp_path_factory: pytest.TempPathFactory, articles_folder: Path) -> Path:
    """A library of those two articles, made with the real models; tests that change a library copy it."""
    folder = tmp_path_factory.mktemp("shared") / "library"
    with Engine.open(folder, create=True) as engine:
        assert all(isinstance(found, tuple) for found in engine.add([articles_folder]))
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a browser test that skips itself has failed: an unseen page must not pass for a working one."""
    report = yield
    if (
        report.skipped
        and not hasattr(report, "wasxfail")
        and item.get_closest_marker("browser")
        and os.environ.get("CI")
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def contrast() -> Callable[..., float]:
    """Measures the contrast of what a page shows; see ``contrast_of``."""
    return contrast_of


def contrast_of(page: Any, selector: str, what: str = "color") -> float:
    """The WCAG contrast of an element's text or line against the first background behind it."""
    return float(
        page.evaluate(
            """([selector, what]) => {
                const parse = c => c.match(/[\\d.]+/g).map(Number);
                const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
                    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
                    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
                let element = document.querySelector(selector);
                const text = light(parse(getComputedStyle(element)[what]));
                let behind = [255, 255, 255];
                for (; element; element = element.parentElement) {
                    const found = parse(getComputedStyle(element).backgroundColor);
                    if (found.length === 3 || found[3] === 1) { behind = found; break; }
                }
                const back = light(behind);
                return (Math.max(text, back) + .05) / (Math.min(text, back) + .05);
            }""",
            [selector, what],
        )
    )
