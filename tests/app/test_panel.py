from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import TRAMWAY

if TYPE_CHECKING:
    from tests.app.conftest import Open, Visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PAID = "How much did the city pay for the track?"


def in_view(page: Any, selector: str) -> bool:
    """Whether an element stands inside the window, and inside the box that it scrolls in."""
    return bool(
        page.evaluate(
            """selector => {
                const place = document.querySelector(selector).getBoundingClientRect();
                const box = document.querySelector('#source .qa-body').getBoundingClientRect();
                return place.top >= box.top - 1 && place.bottom <= box.bottom + 1
                    && place.top >= 0 && place.bottom <= innerHeight;
            }""",
            selector,
        )
    )


def test_an_answer_opens_its_article_at_the_marked_place(visit: Visit) -> None:
    reply = visit.ask(PAID)
    quote = reply.locator("mark").first.inner_text()
    visit.hit(quote)
    paper = visit.panel()
    assert "Tram line 4 returns to Oravec" in paper.locator("h2").inner_text()
    assert "14 June 2022" in paper.locator(".qa-facts").inner_text()
    body = paper.locator(".qa-body").evaluate("e => e.textContent")
    assert "People had forgotten how quiet a street can be" in body
    assert body.split() == [word for word in TRAMWAY.split() if word in body.split()]
    visit.page.wait_for_timeout(500)
    assert in_view(visit.page, "#qa-hit")
    visit.picture("panel")


def test_every_citation_opens_its_place_and_the_next_one_is_a_step_away(visit: Visit) -> None:
    visit.ask(PAID)
    reply = visit.ask("What is the boiling point of tungsten?")
    chips = reply.locator("a.qa-chip")
    reply.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    assert [chips.nth(at).inner_text() for at in range(chips.count())] == [str(at + 1) for at in range(chips.count())]
    shown = reply.locator("li span[dir]")
    for at in range(chips.count()):
        chips.nth(at).click()
        visit.page.wait_for_function(
            "name => document.querySelector('#source .qa-paper')?.dataset.place === name", arg=f"1-{at}"
        )
        marked = visit.page.locator("#source mark.qa-current").first.evaluate("e => e.textContent")
        assert marked[:30] in shown.nth(at).evaluate("e => e.textContent")
    steps = visit.page.locator("#source .qa-steps a")
    if steps.count():
        before = visit.page.locator("#source .qa-paper").get_attribute("data-place")
        visit.page.locator("#source .qa-body").focus()
        visit.page.keyboard.press("n")
        visit.page.wait_for_function(
            "name => document.querySelector('#source .qa-paper').dataset.place !== name", arg=before
        )


def test_a_quotation_is_copied_with_its_source(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reply = visit.ask(PAID)
    reply.get_by_text("Copy quotation").click()
    reply.get_by_text("Copied").wait_for()
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“")
    assert "212 million" in copied
    assert "Tram line 4 returns to Oravec" in copied
    assert "14 June 2022" in copied


def test_the_list_opens_an_article_and_comes_back(visit: Visit) -> None:
    visit.page.locator("#source").get_by_text("A new telescope above Quillan Bay").click()
    assert "3.6 metres" in visit.panel().inner_text()
    visit.page.locator("#source").get_by_text("All articles").click()
    visit.page.locator("#source .qa-articles").wait_for()


def test_a_follow_up_shows_what_was_understood_and_can_be_changed(visit: Visit) -> None:
    visit.ask("What does the mirror measure?")
    reply = visit.ask("And where was it polished?")
    understood = reply.locator(".qa-asked").inner_text()
    assert "mirror" in understood
    reply.get_by_text("Change it").click()
    visit.page.wait_for_function("document.querySelector('#question textarea').value.includes('mirror')")
    assert visit.page.get_by_label("Your question").input_value() in understood


def test_on_a_telephone_a_citation_brings_its_article_into_view(visiting: Open, address: str) -> None:
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with visiting(address, **options) as visit:
        reply = visit.ask(PAID)
        visit.hit(reply.locator("mark").first.inner_text())
        reply.locator("a.qa-chip").first.click()
        visit.page.wait_for_function(
            "(place => place.top >= 0 && place.bottom <= innerHeight)"
            "(document.querySelector('#qa-hit').getBoundingClientRect())",
            timeout=30_000,
        )
        assert visit.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        visit.page.wait_for_timeout(800)
        visit.picture("telephone-article")
