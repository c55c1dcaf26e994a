from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.app.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def serious(page: Any) -> list[str]:
    """What axe-core finds of the two upper grades: rule, and the first elements that break it."""
    checker = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = checker.Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {[node['html'][:160] for node in rule['nodes'][:3]]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_the_way(visiting: Open, address: str, scheme: str) -> None:
    with visiting(address, color_scheme=scheme) as visit:
        page = visit.page
        page.wait_for_timeout(500)
        assert serious(page) == []
        visit.ask("How much did the city pay for the track?")
        visit.ask("What is the boiling point of tungsten?")
        visit.panel()
        page.get_by_role("button", name="Look only in…").click()
        page.wait_for_timeout(700)
        visit.picture(f"talk-{scheme}")
        assert serious(page) == []
        for name in ("Articles", "Evaluate"):
            visit.tab(name)
            page.wait_for_timeout(700)
            visit.picture(f"{name.lower()}-{scheme}")
            assert serious(page) == []


def test_it_can_be_used_without_a_mouse(visiting: Open, address: str) -> None:
    with visiting(address) as visit:
        keys = visit.page.keyboard
        reply = visit.ask("How much did the city pay for the track?")
        visit.hit(reply.locator("mark").first.inner_text())
        reply.locator("a.qa-chip").first.focus()
        keys.press("Enter")
        visit.page.wait_for_function("document.activeElement.classList.contains('qa-body')")
        keys.press("/")
        assert visit.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
        assert visit.page.get_by_label("Your question").input_value() == ""
