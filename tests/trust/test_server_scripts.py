"""Nothing that strangers write acts in the browser: a dialog trap, a list of live elements, and of what was fetched."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from tests.app.conftest import ROOT, Visit
from tests.trust.running import Running

if TYPE_CHECKING:
    from tests.app.conftest import Open
    from tests.trust.conftest import Tally

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

PATIENCE = 120_000
ATTACKS = [
    "<script>alert('{0}')</script>",
    "<img src=x onerror=\"alert('{0}')\">",
    "<svg onload=alert('{0}')><animate onbegin=alert('{0}')></svg>",
    "[{0}](javascript:alert('{0}'))",
    "<a href=\"data:text/html,<script>alert('{0}')</script>\">{0}</a>",
    "![{0}](http://evil.example/{0}.png)",
    "<iframe srcdoc=\"<script>parent.alert('{0}')</script>\"></iframe>",
    "<details open ontoggle=alert('{0}')><summary>{0}</summary></details>",
    "<math><mtext><style><img src=x onerror=alert('{0}')></style></mtext></math>",
    "</textarea></title></script><script>alert('{0}')</script>",
    "<form action=http://evil.example><input autofocus onfocus=alert('{0}')></form>",
    "{{{{constructor.constructor('alert(1)')()}}}} ${{alert('{0}')}} $$\\href{{javascript:alert('{0}')}}{{x}}$$",
    "<base href=http://evil.example/><link rel=stylesheet href=http://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
]
LIVE = (
    "script, img, svg, iframe:not([title='Evaluation report']), object, embed, form, base, meta, link, math, style, "
    "a:not([href^='#qa-']), [onclick], [onerror], [onload], [ontoggle], [onfocus], [onbegin], [src], [style*='url']"
)
PLACES = "#conversation .message-content, #source, #shelf, #intake, #exam, .qa-header, #remark"


def attacks(place: str) -> list[str]:
    return [attack.format(place) for attack in ATTACKS]


def hostile_article() -> str:
    """An article whose title, author, publisher, address, speakers and text all attack."""
    facts = {
        "title": " ".join(attacks("title")[:3]),
        "author": attacks("author")[1],
        "publisher": attacks("publisher")[0],
        "url": "javascript:alert('url')",
        "date": "2021-05-31",
    }
    front = "\n".join(f"{name}: {json.dumps(value)}" for name, value in facts.items())
    said = "\n\n".join(
        f"{attack} Kim: The bridge of Tarn cost {attack} 41 million dinar." for attack in attacks("text")
    )
    turns = "\n\n".join(f"{name}: The mayor opened the bridge on Monday." for name in attacks("speaker")[:4])
    return f"---\n{front}\n---\n\nThe bridge of Tarn cost 41 million dinar, Kim said.\n\n{said}\n\n{turns}\n"


@pytest.fixture(scope="module")
def visit(visiting: Open, server: Running) -> Iterator[Visit]:
    """A visitor who has added the hostile article, in a file with a hostile name."""
    with visiting(server.url) as opened:
        opened.tab("Articles")
        payload = {
            "name": "<img src=x onerror=alert('name')>.md",
            "mimeType": "text/markdown",
            "buffer": hostile_article().encode(),
        }
        opened.page.locator("#files input[type=file]").set_input_files([payload])
        opened.page.locator("#intake").get_by_text("read.").wait_for(timeout=PATIENCE)
        assert "added" in opened.page.locator("#intake").inner_text()
        yield opened


def assert_inert(visit: Visit, what: str, cases: int, tally: Any) -> None:
    """Give scripts the time to act, and find that none did and that no element could."""
    visit.page.evaluate("document.querySelectorAll('details').forEach(found => found.open = true)")
    visit.page.wait_for_timeout(1_000)
    found = visit.page.evaluate(
        "([places, live]) => [...document.querySelectorAll(places)]"
        ".flatMap(place => [...place.querySelectorAll(live)]).map(element => element.outerHTML.slice(0, 300))",
        [PLACES, LIVE],
    )
    is_inert = not (found or visit.dialogs or visit.outside())
    tally(f"scripts in the page: {what}", cases, cases if is_inert else 0)
    assert found == []
    assert visit.dialogs == []
    assert visit.outside() == []


def test_questions_and_answers(visit: Visit, tally: Tally) -> None:
    visit.tab("Ask")
    asked = [*attacks("question"), "How much did the bridge of Tarn cost?", "Who opened the bridge of Tarn?"]
    for question in asked:
        visit.ask(question)
    assert_inert(visit, "questions and answers", len(asked), tally)
    assert "<script>alert('question')</script>" in visit.page.locator("#conversation").inner_text()


def test_the_article_beside_the_chat(visit: Visit, tally: Tally) -> None:
    visit.tab("Articles")
    visit.page.locator("#shelf a[href^='#qa-article-']").filter(has_text="alert('title')").first.click()
    visit.panel()
    assert "alert('text')" in visit.page.locator("#source").inner_text()
    assert_inert(visit, "an article with its facts", len(ATTACKS), tally)


def test_the_lists_to_choose_from(visit: Visit, tally: Tally) -> None:
    visit.tab("Ask")
    visit.page.locator("#menu button").first.click()
    for label in ("Articles", "Publishers", "Said by"):
        box = visit.page.locator("#menu").get_by_label(label)
        box.click()
        visit.page.wait_for_timeout(300)
        live = "[...document.querySelectorAll('#menu ul')].flatMap(list => [...list.querySelectorAll(LIVE)]).length"
        assert visit.page.evaluate(live.replace("LIVE", json.dumps("script, img, iframe, form, a, [onerror]"))) == 0
        box.press("Escape")
    assert_inert(visit, "lists to choose from", 3, tally)


def test_a_remark(visit: Visit, server: Running, tally: Tally) -> None:
    visit.ask("How much did the bridge of Tarn cost?")
    visit.page.locator("#conversation").get_by_label("Dislike").last.click()
    remark = visit.page.get_by_label("Your remark")
    remark.wait_for(timeout=PATIENCE)
    remark.fill(" ".join(attacks("remark")))
    remark.press("Enter")
    remark.wait_for(state="hidden", timeout=PATIENCE)
    assert_inert(visit, "a remark", len(ATTACKS), tally)
    kept = server.log.with_name("ratings.jsonl").read_text()
    assert kept.isascii()
    assert "alert('remark')" in json.loads(kept.splitlines()[-1])["comment"]


def test_the_saved_talk(visit: Visit, tmp_path: Path, tally: Tally) -> None:
    with visit.page.expect_download(timeout=PATIENCE) as started:
        visit.page.get_by_role("button", name="Save as Markdown").click()
    saved = Path(started.value.path()).read_text(encoding="utf-8")
    assert "alert" in saved
    html = tmp_path / "saved.html"
    html.write_text(MarkdownIt("commonmark", {"html": True}).enable("table").render(saved), encoding="utf-8")
    shown = look_at(visit, html)
    tally("scripts in the saved talk", len(ATTACKS), len(ATTACKS) if shown == [] else 0)
    assert shown == []


def look_at(visit: Visit, file: Path, allowed: str = "") -> list[str]:
    """Every live element, dialog and request of a file opened in a window of its own."""
    page = visit.page.context.new_page()
    seen: list[str] = []

    def trap(dialog: Any) -> None:
        seen.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", trap)
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else seen.append(request.url))
    try:
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(found => found.open = true)")
        page.wait_for_timeout(1_000)
        live = page.evaluate(
            "([live, allowed]) => [...document.body.querySelectorAll(live)]"
            ".filter(element => !(allowed && element.matches(allowed)))"
            ".map(element => element.outerHTML.slice(0, 300))",
            [LIVE, allowed],
        )
        return [*seen, *live]
    finally:
        page.close()


def gold_rows() -> list[dict[str, Any]]:
    rows = [
        {"id": f"{number}<b>", "question": question, "answers": []} for number, question in enumerate(attacks("gold"))
    ]
    good = {"id": "a", "question": "What did the city pay?", "answers": [{"article": "tramway", "text": "212 million"}]}
    kinds = [{**row, "kind": attacks("kind")[0], "set": attacks("set")[1]} for row in rows]
    return [good, *kinds]


def test_questions_to_evaluate_with(visit: Visit, tally: Tally) -> None:
    visit.tab("Evaluate")
    text = "".join(json.dumps(row) + "\n" for row in gold_rows())
    payload = {"name": "<img src=x onerror=alert('file')>.jsonl", "mimeType": "text/plain", "buffer": text.encode()}
    visit.page.locator("#gold input[type=file]").set_input_files([payload])
    visit.page.locator("#gold").get_by_text("alert").first.wait_for(timeout=PATIENCE)
    visit.page.get_by_role("button", name="Evaluate", exact=True).click()
    frame = visit.page.frame_locator("#exam iframe")
    frame.locator("h1").wait_for(timeout=PATIENCE)
    assert "alert('gold')" in (frame.locator("body").text_content() or "")
    assert visit.page.locator("#exam iframe").get_attribute("sandbox") == "allow-scripts"
    live = frame.locator("body").evaluate(
        "(body, live) => [...body.querySelectorAll(live)].map(element => element.outerHTML.slice(0, 200))",
        "img:not([src^='data:image/']), iframe, object, embed, form:not(#filters), base, meta, [onerror], [onload], "
        "[onfocus], [ontoggle], a[href^='javascript'], a[href^='data'], a[href^='http']",
    )
    assert live == []
    assert_inert(visit, "questions to evaluate with", len(ATTACKS), tally)


def test_a_report_that_is_opened_by_itself(visit: Visit, tmp_path: Path, library_folder: Path, tally: Tally) -> None:
    gold, report = tmp_path / "<img src=x onerror=alert('gold file')>.jsonl", tmp_path / "report.html"
    gold.write_text("".join(json.dumps(row) + "\n" for row in gold_rows()), encoding="utf-8")
    library = tmp_path / "library"
    hostile = tmp_path / "hostile.md"
    hostile.write_text(hostile_article(), encoding="utf-8")
    for command in (
        ["add", str(hostile), str(library_folder.parents[1] / "articles0"), "--library", str(library)],
        ["evaluate", str(gold), "--library", str(library), "--report", str(report)],
    ):
        subprocess.run([sys.executable, "-m", "qa", *command], cwd=ROOT, capture_output=True, timeout=300, check=False)
    assert "alert(" in report.read_text(encoding="utf-8")
    own = "script:not([src]), style, svg, svg *, a[href^='#'], img[src^='data:image/'], [style], meta[charset], form"
    shown = look_at(visit, report, own)
    tally("scripts in a report", len(ATTACKS), len(ATTACKS) if shown == [] else 0)
    assert shown == []


def test_the_page_for_programs(visit: Visit, server: Running, tally: Tally) -> None:
    page = visit.page.context.new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    try:
        page.goto(f"{server.url}/docs?x={attacks('docs')[0]}#{attacks('docs')[1]}")
        assert page.evaluate("document.querySelectorAll('script, img, iframe').length") == 0
    finally:
        page.close()
    tally("scripts in the page: docs", 1, int(all(url.startswith(server.url) for url in seen)))


def test_nothing_was_fetched_from_elsewhere(visit: Visit, server: Running, tally: Tally) -> None:
    visit.page.goto(f"{server.url}/?view=api")
    visit.page.wait_for_timeout(3_000)
    visit.page.goto(f"{server.url}/?view=settings")
    visit.page.wait_for_timeout(1_000)
    outside = visit.outside()
    tally("requests of the browser", len(visit.requests), len(visit.requests) - len(outside))
    assert outside == []
    assert visit.dialogs == []
