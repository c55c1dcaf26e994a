from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa import Engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.app.conftest import Open, Serve, Visit

    Contrast = Callable[..., float]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_the_page_says_what_it_is_and_what_it_has_read(visit: Visit) -> None:
    page = visit.page
    assert page.title() == "Ask your articles"
    header = page.locator(".qa-header").inner_text()
    assert "2 articles" in header
    assert re.search(r"\d+ passages", header)
    listed = page.get_by_label("Articles").inner_text()
    assert "Tram line 4 returns to Oravec" in listed
    assert "14 June 2022" in listed
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.wait_for_timeout(500)
    visit.picture("start")


def test_an_answer_stands_in_its_sentence_with_its_source(visit: Visit) -> None:
    reply = visit.ask("How much did the city pay for the track?")
    assert "212 million" in reply.locator("mark").first.inner_text()
    assert "The city paid 212 million korun for the track." in reply.locator("blockquote").first.inner_text()
    source = reply.locator(".qa-source").first.inner_text()
    assert "Tram line 4 returns to Oravec" in source
    assert "14 June 2022" in source
    assert re.search(r"characters \d+–\d+", source)
    assert re.search(r"\w+ · (over |> )?\d+ %", reply.locator(".qa-confidence").inner_text())
    assert visit.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert visit.page.get_by_label("Your question").input_value() == ""
    visit.page.wait_for_timeout(500)
    visit.picture("answer")


def test_messages_are_read_out_as_their_text(visit: Visit) -> None:
    visit.ask("What does the mirror measure?")
    assert visit.page.locator("#conversation [data-testid][aria-label]").count() == 0
    assert visit.page.get_by_role("log").count() == 1


def test_what_the_articles_do_not_say_is_said_so(visit: Visit) -> None:
    reply = visit.ask("What is the boiling point of tungsten?")
    assert "Not in these articles." in reply.inner_text()
    assert reply.locator("details", has_text="The closest passages").locator("li").first.is_visible()
    visit.page.wait_for_timeout(500)
    visit.picture("unanswered")


def test_a_follow_up_knows_what_was_talked_about_until_a_new_conversation(visit: Visit) -> None:
    visit.ask("Who is the director of the observatory?")
    reply = visit.ask("What does she expect in March?")
    assert "first pictures" in reply.inner_text()
    visit.page.get_by_role("button", name="New conversation").click()
    visit.page.locator("#conversation .qa-reply").first.wait_for(state="detached", timeout=90_000)
    assert "64" in visit.ask("How many passengers were on board?").inner_text()


def test_a_question_that_is_too_long_gets_one_line_and_the_talk_goes_on(visit: Visit) -> None:
    notice = visit.ask("why " * 750)
    assert "3,000 characters" in notice.inner_text()
    assert "64" in visit.ask("How many passengers were on board the first tram?").locator("mark").first.inner_text()


def test_an_example_can_be_clicked(visit: Visit) -> None:
    example = visit.page.locator("#conversation button.example").first
    question = example.inner_text().strip()
    example.click()
    visit.wait(1)
    assert visit.page.locator("#conversation .qa-question").inner_text().strip() == question
    assert visit.page.locator("#conversation .qa-reply mark").count() >= 1


def test_it_fits_a_telephone(visiting: Open, address: str) -> None:
    with visiting(address, viewport={"width": 390, "height": 844}) as visit:
        assert fits(visit.page)
        visit.ask("Who is the head of the transport office?")
        assert fits(visit.page)
        visit.page.wait_for_timeout(500)
        visit.picture("telephone")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(visiting: Open, address: str, scheme: str, contrast: Contrast) -> None:
    with visiting(address, color_scheme=scheme) as visit:
        visit.ask("When did the first tram leave the harbour?")
        visit.page.wait_for_timeout(500)
        visit.picture(scheme)
        for selector in (
            ".qa-header h1",
            ".qa-header p",
            ".qa-paper h2",
            ".qa-facts",
            ".qa-body",
            ".qa-body mark",
            ".qa-chip",
            ".qa-sentence",
            ".qa-sentence mark",
            ".qa-source",
            ".qa-time",
            ".qa-question",
        ):
            assert contrast(visit.page, selector) >= 4.5, selector


def test_an_empty_library_says_how_to_fill_it(visiting: Open, serve: Serve, tmp_path: Path) -> None:
    library = tmp_path / "none yet"
    with Engine.open(library, create=True):
        pass
    with serve(library, tmp_path / "log.txt") as url, visiting(url) as visit:
        assert "qa add" in visit.page.get_by_label("Articles").inner_text()
        assert "no articles" in visit.ask("Who wrote this?").inner_text()
        visit.picture("empty")
