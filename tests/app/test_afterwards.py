from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.evaluation.gold_feedback import drafts_from_ratings, read_ratings
from tests.conftest import TRAMWAY

if TYPE_CHECKING:
    from tests.app.conftest import Open, Visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PATIENCE = 120_000
PAID = "How much did the city pay for the track?"


def test_a_thumb_and_a_remark_become_a_gold_question(visit: Visit, server_files: Path) -> None:
    visit.ask(PAID)
    visit.page.locator("#conversation").get_by_label("Dislike").last.click()
    remark = visit.page.get_by_label("Your remark")
    remark.wait_for(timeout=PATIENCE)
    visit.picture("remark")
    remark.fill("the whole sum, please")
    remark.press("Enter")
    remark.wait_for(state="hidden", timeout=PATIENCE)
    text = (server_files / "ratings.jsonl").read_text(encoding="utf-8")
    ratings, problems = read_ratings(text)
    assert problems == []
    assert [rating.comment for rating in ratings[-2:]] == [None, "the whole sum, please"]
    drafts = drafts_from_ratings(ratings, {}, ())
    assert any(draft["question"] == PAID for draft in drafts)
    assert json.loads(text.splitlines()[-1])["verdict"] == "down"


def test_the_talk_is_saved_as_markdown(visit: Visit) -> None:
    visit.ask(PAID)
    visit.ask("What is the boiling point of tungsten?")
    with visit.page.expect_download(timeout=PATIENCE) as started:
        visit.page.get_by_role("button", name="Save as Markdown").click()
    saved = Path(started.value.path()).read_text(encoding="utf-8")
    assert started.value.suggested_filename == "conversation.md"
    assert f"## 1. {PAID}" in saved
    assert "212 million" in saved
    assert "Not in these articles" in saved


def test_an_evaluation_runs_in_the_page_and_shows_its_report(visiting: Open, address: str, tmp_path: Path) -> None:
    start = TRAMWAY.index("212 million")
    gold = tmp_path / "mine.jsonl"
    rows = [
        {
            "id": "a",
            "question": PAID,
            "answers": [{"article": "tramway", "text": "212 million korun"}],
            "kind": "number",
        },
        {"id": "b", "question": "Who won the cup?", "answers": [], "kind": "none"},
        {
            "id": "c",
            "question": "What does the mirror measure?",
            "answers": [{"article": "observatory", "text": "3.6 metres"}],
            "kind": "number",
        },
    ]
    assert start > 0
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with visiting(address, viewport={"width": 1280, "height": 1000}) as visit:
        visit.tab("Evaluate")
        visit.page.locator("#gold input[type=file]").set_input_files(str(gold))
        visit.page.locator("#gold").get_by_text("mine.jsonl").wait_for(timeout=PATIENCE)
        visit.page.get_by_role("button", name="Evaluate", exact=True).click()
        frame = visit.page.frame_locator("#exam iframe")
        frame.locator("h1").wait_for(timeout=PATIENCE)
        assert "mine.jsonl" in frame.locator("h1").inner_text()
        assert PAID in (frame.locator("#questions-list").text_content() or "")
        visit.page.wait_for_timeout(500)
        visit.picture("evaluation")
        assert visit.outside() == []
        assert visit.errors == []
