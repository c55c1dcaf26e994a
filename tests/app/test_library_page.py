from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.app.conftest import Open, Visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

HARBOUR = """Vesterhavn opens its ferry dock again

Vesterhavn Bulletin, 3 April 2024

The ferry dock of Vesterhavn opened on Tuesday after a repair that took eleven weeks. \
Harbour master Signe Aalund said that the new ramp carries trucks of 44 tonnes.
"""
PATIENCE = 120_000


def upload(page: Any, *files: Path) -> str:
    """Drop files under "Articles"; what became of them."""
    page.get_by_role("tab", name="Articles").click()
    page.locator("#files input[type=file]").set_input_files([str(file) for file in files])
    page.locator("#intake").get_by_text("read.").wait_for(timeout=PATIENCE)
    return str(page.locator("#intake").inner_text())


def counted(page: Any, words: str) -> None:
    page.wait_for_function(
        "words => document.querySelector('.qa-header').textContent.includes(words)", arg=words, timeout=PATIENCE
    )


def test_files_are_added_asked_and_removed_by_one_visitor_only(visiting: Open, address: str, tmp_path: Path) -> None:
    good, empty, odd = tmp_path / "harbour.txt", tmp_path / "empty.txt", tmp_path / "odd <b>name.pdf"
    good.write_text(HARBOUR, encoding="utf-8")
    empty.write_text("", encoding="utf-8")
    odd.write_bytes(b"\x00\x01not a pdf")
    with visiting(address) as mine, visiting(address) as other:
        told = upload(mine.page, good, empty, odd)
        lines = [line for line in told.splitlines() if line.strip()]
        assert "3 files read" in told
        assert any("harbour.txt" in line and "added" in line for line in lines)
        assert any("empty.txt" in line and "added" not in line for line in lines)
        assert sum("pdf" in line for line in lines) >= 1
        counted(mine.page, "3 articles")
        assert "Vesterhavn opens its ferry dock again" in mine.page.locator("#shelf").inner_text()
        mine.picture("articles")
        mine.tab("Ask")
        reply = mine.ask("How long did the repair of the ferry dock take?")
        assert "eleven weeks" in reply.locator("mark").first.inner_text()
        assert "Vesterhavn" in mine.panel().locator("h2").inner_text()

        assert "2 articles" in other.page.locator(".qa-header").inner_text()
        assert "Vesterhavn" not in other.ask("How long did the repair of the ferry dock take?").inner_text()

        mine.tab("Articles")
        row = mine.page.locator("#shelf tr", has_text="Vesterhavn")
        row.get_by_text("Remove").click()
        row.get_by_text("Click again to remove").wait_for()
        mine.page.get_by_label("Find in titles").click()
        row.get_by_text("Click again to remove").wait_for(state="hidden")
        row.get_by_text("Remove").click()
        mine.page.wait_for_timeout(5_000)  # however slow the reader or the machine is
        row.get_by_text("Click again to remove").click()
        counted(mine.page, "2 articles")
        assert "Vesterhavn" not in mine.page.locator("#shelf").inner_text()
        mine.tab("Ask")
        assert "Vesterhavn" not in mine.ask("How long did the repair of the ferry dock take?").inner_text()
        assert mine.errors == other.errors == []


def test_titles_are_searched(visit: Visit) -> None:
    visit.tab("Articles")
    visit.page.get_by_label("Find in titles, publishers and authors").fill("telescope")
    visit.page.wait_for_function("document.querySelectorAll('#shelf tbody tr').length === 1", timeout=PATIENCE)
    assert "Quillan Bay" in visit.page.locator("#shelf").inner_text()


def test_a_question_can_be_put_to_one_publisher_only(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Look only in…").click()
    page.get_by_label("Publishers").click()
    page.get_by_role("option", name="Quillan Bay Herald").click()
    page.get_by_role("button", name="Looking only in: 1 publisher").wait_for(timeout=PATIENCE)
    assert "Tram" not in visit.ask("How much did the city pay for the track?").inner_text()
    visit.picture("filter")
    page.get_by_role("button", name="Look everywhere").click()
    page.get_by_role("button", name="Look only in…").wait_for(timeout=PATIENCE)
    assert "212 million" in visit.ask("How much did the city pay for the track?").inner_text()


def test_a_date_that_is_none_is_one_line(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Look only in…").click()
    visit.page.get_by_label("Published from").fill("last <i>week</i>")
    reply = visit.ask("How much did the city pay for the track?")
    assert "is not a date" in reply.inner_text()
    assert "2021-05-31" in reply.inner_text()
