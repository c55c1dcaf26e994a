"""Outcomes made by hand, so that no model is asked, and a browser that opens the report on them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qa.batch import Asked
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.outcome import Outcome, outcome_of
from qa.types import Alternative, Answer, Citation

ARTIFACTS = Path(__file__).resolve().parents[3] / "artifacts"
CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 120_000  # milliseconds, on a machine that does much else
TITLES = {"a1": "A harbour bridge for Tarn", "a2": "The observatory of Quillan Bay", "a3": "Tram line 4 returns"}
KINDS = ("number", "person", "date", "reason", "follow_up", "none_near")
MakeOutcome = Callable[..., Outcome]


def made(
    question: str = "How many bridges has Tarn?",
    said: str | None = "forty bridges",
    accepted: tuple[str, ...] = ("forty bridges",),
    *,
    kind: str = "number",
    confidence: float = 0.8,
    guess: str | None = None,
    around: tuple[str, str] = ("The town of Tarn has ", ", more than any other."),
    title: str | None = TITLES["a1"],
    id: str = "g1",  # noqa: A002 - the field's name
    history: tuple[dict[str, str], ...] = (),
    milliseconds: float = 12.0,
    **found: Any,
) -> Outcome:
    """An outcome with one citation; ``found`` are fields of ``Outcome`` that a search fills in."""
    best = said if said is not None else guess
    alternatives = () if best is None else (Alternative(best, confidence, "a1", 0, len(best)),)
    citations: tuple[Citation, ...] = ()
    if said is not None:
        sentence = f"{around[0]}{said}{around[1]}"
        citations = (Citation("a1", title, "Tarn Post", "2024-05-08", None, said, 0, len(said), sentence, sentence),)
    gold = GoldQuestion(id, Asked(question, history), accepted, kind, None, "line 1")
    answer = Answer(question, said, confidence, citations, alternatives)
    parts = None if said is None else (around[0], said, around[1])
    return replace(outcome_of(gold, answer, milliseconds, parts), **found)


def varied(count: int) -> list[Outcome]:
    """Outcomes of every verdict and cause, the same for the same number."""
    draw = random.Random(7)
    return [_one(number, draw) for number in range(1, count + 1)]


def _one(number: int, draw: random.Random) -> Outcome:
    kind = KINDS[draw.randrange(len(KINDS))]
    sure = draw.betavariate(4, 2)
    accepted = () if kind == "none_near" else (f"{number} bridges", f"{number} large bridges")
    said = f"{number} bridges" if draw.random() < sure else draw.choice([f"{number} new bridges", "a ferry", None])
    if kind == "none_near" and draw.random() < sure:
        said = None
    ranks = () if draw.random() < 0.1 else tuple(sorted(draw.sample(range(1, 12), draw.choice([1, 1, 2]))))
    alone = draw.choice([0.0, 1.0])
    found: dict[str, Any] = {}
    if accepted:
        places = (draw.choice(list(TITLES)),)
        found = {"article_ids": places, "ranks": ranks, "isolated_exact": alone, "isolated_f1": max(alone, 0.4)}
    return made(
        f"How many bridges did the council of Tarn plan in the year {1800 + number}, and why?",
        said,
        accepted,
        kind=kind,
        confidence=sure,
        guess=draw.choice([f"{number} bridges", "a ferry"]),
        around=("After a long night the council of Tarn decided that ", " would do, though the fishermen objected."),
        id=f"g{number:03}",
        history=({"role": "user", "content": "What did the council decide?"},) if kind == "follow_up" else (),
        milliseconds=draw.lognormvariate(4, 0.5),
        **found,
    )


@pytest.fixture(scope="session")
def make_outcome() -> MakeOutcome:
    """Makes one outcome; see ``made``."""
    return made


@pytest.fixture(scope="session")
def make_outcomes() -> Callable[[int], list[Outcome]]:
    """Makes many outcomes that differ; see ``varied``."""
    return varied


class Visit:
    """An open report with what it asked for, said in dialogs and complained of."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("requestfailed", self._failed)
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text))

    def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _failed(self, request: Any) -> None:
        if request.failure == "csp":  # stopped by the page's policy before anything was sent
            self.requests.remove(request.url)

    def choose(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(value)

    def shown(self) -> list[str]:
        """The ids of the questions that can be seen, in their order, once the count has been said."""
        self.page.wait_for_timeout(400)
        return list(
            self.page.evaluate(
                "[...document.querySelectorAll('#questions-list > li')].filter(e => e.offsetParent).map(e => e.id)"
            )
        )

    def count(self) -> str:
        return str(self.page.get_by_role("status").inner_text())

    def fits(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))

    def picture(self, name: str, at: str = "body") -> None:
        ARTIFACTS.mkdir(exist_ok=True)
        self.page.evaluate("selector => document.querySelector(selector).scrollIntoView()", at)
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=str(ARTIFACTS / f"{name}.png"), timeout=PATIENCE)


Open = Callable[..., AbstractContextManager[Visit]]


@pytest.fixture(scope="module")
def opening() -> Iterator[Open]:
    """Opens a file in a window of its own, which takes the window's options."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"], timeout=PATIENCE)

        @contextmanager
        def opening(file: Path, fragment: str = "", **options: Any) -> Iterator[Visit]:
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
            try:
                visit = Visit(context.new_page())
                visit.page.goto(file.as_uri() + fragment, timeout=PATIENCE)
                yield visit
                assert visit.dialogs == []
                assert {url.partition("#")[0] for url in visit.requests} == {file.as_uri()}
            finally:
                context.close()

        yield opening
        browser.close()
