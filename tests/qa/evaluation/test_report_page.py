"""The report in a real browser: what a reader can do with it, and what no text in it can do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.evaluation.causes import cause_of
from qa.evaluation.gold import GoldProblem
from qa.evaluation.outcome import Outcome
from qa.evaluation.report import render_report

if TYPE_CHECKING:
    from tests.qa.evaluation.conftest import MakeOutcome, Open

    MakeOutcomes = Callable[[int], list[Outcome]]
    Contrast = Callable[..., float]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

HOSTILE = (
    "<script>alert('s')</script></script><script>alert('t')</script>\"><img src=x onerror=alert('i')>"
    "</style><svg onload=alert('v')><a href=\"javascript:alert('a')\">x</a> ![y](http://evil.example/y.png)"
)
BREACH = (
    "<script>alert('s')</script><img src=x onerror=alert('i')><svg onload=alert('v')></svg>"
    "<iframe src='//evil'></iframe><a href=\"javascript:alert('a')\">x</a>"
    "<style>body { display: none }</style><p style='position: fixed'>x</p>"
)
FACTS = {"Gold file": "gold.jsonl", "Date": "2026-05-08", "Reader": "bundled, sha256 91c2", "Library": "3 articles"}
TITLES = {"a1": "A harbour bridge for Tarn", "a2": "The observatory of Quillan Bay", "a3": "Tram line 4 returns"}


@pytest.fixture(scope="module")
def outcomes(make_outcomes: MakeOutcomes) -> list[Outcome]:
    """Sixty questions with every verdict."""
    return make_outcomes(60)


@pytest.fixture(scope="module")
def report(outcomes: list[Outcome], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their report."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    page = render_report("Evaluation on gold.jsonl", outcomes, facts=FACTS, articles=TITLES)
    file.write_text(page, encoding="utf-8")
    return file


def ids(outcomes: list[Outcome], wanted: Callable[[Outcome], bool]) -> list[str]:
    return [f"q{number}" for number, one in enumerate(outcomes, 1) if wanted(one)]


def test_questions_are_filtered_and_their_number_is_said(opening: Open, report: Path, outcomes: list[Outcome]) -> None:
    with opening(report) as visit:
        assert visit.count() == "60 questions"
        assert len(visit.shown()) == 60
        visit.choose("Verdict", "wrong")
        wrong = ids(outcomes, lambda one: one.verdict == "wrong")
        assert visit.shown() == wrong
        assert visit.count() == f"{len(wrong)} of 60 questions"
        visit.choose("Kind", "number")
        both = ids(outcomes, lambda one: one.verdict == "wrong" and one.gold.kind == "number")
        assert visit.shown() == both
        assert 0 < len(both) < len(wrong)
        visit.page.get_by_role("button", name="Show all").click()
        assert len(visit.shown()) == 60
        visit.choose("Not right because", "misread")
        assert visit.shown() == ids(outcomes, lambda one: cause_of(one) == "misread")
        visit.choose("Not right because", "")
        visit.page.get_by_label("Article", exact=True).select_option(label="Tram line 4 returns (19)")
        assert visit.shown() == ids(outcomes, lambda one: "a3" in one.article_ids)
        assert len(visit.shown()) == 19
        visit.choose("Article", "")
        visit.page.get_by_label("Text", exact=True).fill("1807 TARN council")
        assert visit.shown() == ["q7"]
        assert visit.count() == "1 of 60 questions"
        assert visit.page.get_by_role("status").get_attribute("aria-live") == "polite"
        assert visit.complaints == []


def test_questions_are_put_in_order(opening: Open, report: Path, outcomes: list[Outcome]) -> None:
    sure = {f"q{number}": round(one.answer.confidence, 4) for number, one in enumerate(outcomes, 1)}
    with opening(report) as visit:
        visit.choose("Order", "confidence-up")
        assert [sure[name] for name in visit.shown()] == sorted(sure.values())
        visit.choose("Order", "f1-down")
        assert outcomes[int(visit.shown()[0][1:]) - 1].f1 == 1.0
        visit.choose("Order", "")
        assert visit.shown() == list(sure)


def test_a_view_has_an_address(opening: Open, report: Path, outcomes: list[Outcome]) -> None:
    lost = ids(outcomes, lambda one: cause_of(one) == "not found")
    with opening(report) as visit:
        visit.page.get_by_role("link", name="not found").click()
        assert visit.shown() == lost
        assert visit.page.get_by_label("Not right because").input_value() == "not found"
        visit.choose("Verdict", "partly")
        address = visit.page.url.partition("#")[2]
    with opening(report, f"#{address}") as visit:
        assert visit.shown() == ids(outcomes, lambda one: cause_of(one) == "not found" and one.verdict == "partly")
    with opening(
        report, "#cause=%22%3E%3Cimg src=x onerror=alert(1)%3E&verdict=constructor&text=%3Cscript%3E"
    ) as visit:
        assert visit.shown() == []
        assert visit.count() == "0 of 60 questions"
        assert visit.complaints == []


def test_nothing_in_a_text_can_act(opening: Open, make_outcome: MakeOutcome, tmp_path: Path) -> None:
    shared = {"kind": HOSTILE, "title": HOSTILE, "id": HOSTILE, "history": ({"role": "user", "content": HOSTILE},)}
    hostile = [
        make_outcome(HOSTILE, HOSTILE, (HOSTILE,), around=(HOSTILE, HOSTILE), article_ids=(HOSTILE, "b"), **shared),
        make_outcome(HOSTILE, None, (HOSTILE,), guess=HOSTILE, ranks=(), **shared),
        make_outcome(HOSTILE, "other", (HOSTILE,), **{**shared, "kind": f"x{HOSTILE}"}),
    ]
    problem, facts, titles = GoldProblem(HOSTILE, HOSTILE), {HOSTILE: HOSTILE}, {HOSTILE: HOSTILE}
    file = tmp_path / "hostile.html"
    page = render_report(HOSTILE, hostile, [problem], facts=facts, articles=titles)
    file.write_text(page, encoding="utf-8")
    with opening(file) as visit:
        visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        visit.choose("Kind", HOSTILE)
        assert visit.shown() == ["q1", "q2"]
        visit.page.get_by_label("Text", exact=True).fill(HOSTILE)
        assert visit.shown() == ["q1", "q2"]
        visit.picture("report-hostile")
        active = "script, img, iframe, [onclick], [onerror], [onload], [href^='javascript'], [src]"
        found = visit.page.evaluate("s => [...document.querySelectorAll(s)].map(e => e.localName)", active)
        assert found == ["script"]
        assert visit.page.locator("#questions-list h3").first.text_content() == HOSTILE
        assert visit.page.title() == HOSTILE
        assert visit.complaints == []


def test_markup_that_slipped_through_would_be_stopped(opening: Open, report: Path, tmp_path: Path) -> None:
    file = tmp_path / "breached.html"
    file.write_text(report.read_text(encoding="utf-8").replace("</h1>", f"</h1>{BREACH}", 1), encoding="utf-8")
    with opening(file) as visit:
        visit.page.locator("a[href^='javascript']").first.click()
        visit.choose("Verdict", "wrong")
        assert 0 < len(visit.shown()) < 60
        assert visit.page.evaluate("getComputedStyle(document.body).display") == "block"
        assert visit.page.evaluate("getComputedStyle(document.querySelector('p[style]')).position") == "static"
        assert len([one for one in visit.complaints if "Content Security Policy" in one]) >= 4


def test_without_scripts_all_is_shown(opening: Open, report: Path) -> None:
    with opening(report, java_script_enabled=False) as visit:
        assert visit.page.locator("#questions-list > li").count() == 60
        assert visit.page.locator("#questions-list > li").last.is_visible()
        assert not visit.page.locator("#filters").is_visible()
        assert visit.page.get_by_role("status").inner_text() == "60 questions"


def test_it_can_be_used_from_the_keyboard(opening: Open, report: Path, outcomes: list[Outcome]) -> None:
    with opening(report) as visit:
        page = visit.page
        page.get_by_label("Verdict", exact=True).focus()
        page.keyboard.type("wrong (")
        assert visit.shown() == ids(outcomes, lambda one: one.verdict == "wrong")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "kind"
        page.locator("#questions-list > li:not([hidden]) summary").first.focus()
        page.keyboard.press("Enter")
        assert page.locator("#questions-list details[open] li").count() >= 1
        page.get_by_role("link", name="Plots").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.querySelector('#plots').getBoundingClientRect().top") < 100


def test_plots_have_names_and_numbers(opening: Open, report: Path) -> None:
    with opening(report) as visit:
        plots = visit.page.get_by_role("img")
        assert plots.count() == 5
        name = "Can the stated confidence be believed?"
        visit.page.get_by_role("img", name=name).wait_for()
        numbers = visit.page.locator("#reliability details")
        numbers.locator("summary").click()
        assert re.search(r"\d+–\d+\s+\d+", numbers.locator("tbody tr").first.inner_text())
        assert visit.page.locator("#reliability text").evaluate_all(
            "all => all.every(e => getComputedStyle(e).fill === getComputedStyle(document.body).color)"
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_in_light_and_dark(opening: Open, report: Path, scheme: str, contrast: Contrast) -> None:
    with opening(report, color_scheme=scheme) as visit:
        visit.picture(f"report-{scheme}")
        visit.picture(f"report-{scheme}-plots", "#plots")
        visit.picture(f"report-{scheme}-questions", "#questions")
        for selector in (
            *("h1", ".lead", ".facts dt", ".cards .figure", ".interval", "caption", "thead th", "td small", "td.good"),
            *("td.bad", "figcaption", ".verdict", ".source", ".search", ".cause", "mark", "#filters label", "nav a"),
            *(".partly .verdict", ".wrong .verdict", ".right .verdict", ".abstained .verdict", "summary", "#shown"),
        ):
            assert contrast(visit.page, selector) >= 4.5, selector
        for color in ("#0072b2", "#d55e00"):
            assert contrast(visit.page, f'.chart path[stroke="{color}"]', "stroke") >= 3, color


def test_it_fits_a_telephone(opening: Open, report: Path) -> None:
    with opening(report, viewport={"width": 390, "height": 844}) as visit:
        visit.picture("report-telephone")
        visit.picture("report-telephone-plots", "#plots")
        visit.picture("report-telephone-questions", "#questions")
        visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert visit.fits()


def test_it_can_be_printed(opening: Open, report: Path) -> None:
    with opening(report) as visit:
        visit.choose("Verdict", "wrong")
        visit.page.emulate_media(media="print", color_scheme="dark")
        assert not visit.page.locator("#filters").is_visible()
        assert visit.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert visit.page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
        assert len(visit.page.pdf()) > 20_000


def test_five_thousand_questions_stay_usable(opening: Open, make_outcomes: MakeOutcomes, tmp_path: Path) -> None:
    file = tmp_path / "large.html"
    many = make_outcomes(5000)
    file.write_text(render_report("Many", many), encoding="utf-8")
    with opening(file) as visit:
        assert visit.count() == "5,000 questions"
        visit.choose("Order", "confidence-up")
        visit.page.get_by_label("Text", exact=True).fill("ferry fishermen")
        wanted = sum("ferry" in (one.answer.text or "") for one in many)
        visit.page.get_by_text(f"{wanted:,} of 5,000 questions").wait_for()
        spent = visit.page.evaluate(
            """() => {
                const started = performance.now();
                const verdict = document.querySelector("[name=verdict]");
                verdict.value = "right";
                location.hash = "#verdict=right&order=f1-down";
                return new Promise(done => addEventListener("hashchange", () =>
                    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - started)))));
            }"""
        )
        assert spent < 10_000  # under a second on a machine with nothing else to do
