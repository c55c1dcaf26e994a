from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.article import article_from_text
from corpus.metadata import Metadata
from qa import Engine

if TYPE_CHECKING:
    from tests.app.conftest import Open, Serve

HOSTILE = """<script>alert('body')</script> says so

<img src=x onerror="alert('image')"> Kim said that the ![bridge](http://evil.example/a.png) of Tarn costs \
<b onclick=alert(1)>41 million</b> dinar. See [this](javascript:alert('link')) and `code` and $$x^2$$ and ${alert(2)}.

<svg onload=alert('svg')>: The mayor opened the bridge on Monday. {{constructor.constructor('alert(3)')()}}
"""
HOSTILE_FACTS = Metadata(
    title="</script><script>alert('title')</script> Bridge ![t](http://evil.example/t.png)",
    author="<img src=x onerror=alert('author')>",
    publisher="<a href=\"javascript:alert('publisher')\">Tarn Post</a>",
    published="<svg onload=alert('date')>",
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def hostile_address(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile") / "<img src=x onerror=alert(4)>"
    with Engine.open(folder, create=True) as engine:
        engine.add_article(article_from_text(HOSTILE, metadata=HOSTILE_FACTS, clean=False), source="<b>file</b>.txt")
    with serve(folder, folder.parent / "log.txt") as url:
        yield url


def get(url: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode("utf-8", "replace")


def test_nothing_in_an_article_or_question_can_act(visiting: Open, hostile_address: str) -> None:
    with visiting(hostile_address) as visit:
        for question in (
            "How much does the bridge of Tarn cost?",
            "Who wrote the article?",
            "Who opened the bridge?",
            "<img src=x onerror=alert('q')> ![x](http://evil.example/q.png) [y](javascript:alert('z'))",
            "<script>alert('s')</script><details open ontoggle=alert('d')> **who** `is` ${alert(5)} {{alert(6)}}?",
        ):
            visit.ask(question)
        page = visit.page
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.wait_for_timeout(1500)
        visit.picture("hostile")
        inside = "#conversation .message-content, #source, #shelf, .qa-header"
        active = "script, img, svg, iframe, a:not([href^='#qa-']), [onclick], [onerror], [onload], [ontoggle], [src]"
        found = page.evaluate(
            "([inside, active]) => [...document.querySelectorAll(inside)]"
            ".flatMap(e => [...e.querySelectorAll(active)]).map(e => e.outerHTML)",
            [inside, active],
        )
        assert found == []
        assert "<script>alert('title')</script>" in page.locator("#source").inner_text()
        assert "<img src=x onerror=alert('q')> ![x](http" in page.locator("#conversation").inner_text()
        assert "<b onclick=alert(1)>41 million</b> dinar" in page.locator("#conversation").inner_text()
        assert visit.outside() == []
        assert visit.dialogs == []


def test_no_file_and_no_other_host_name_is_served(address: str, library_folder: Path) -> None:
    database = library_folder / "library.db"
    for route in (
        f"gradio_api/file={database}",
        f"file={database}",
        f"gradio_api/file/{database}",
        "gradio_api/upload",
    ):
        status, text = get(address + route)
        assert status in (403, 404, 405), route
        assert "SQLite" not in text
    assert get(address, Host="evil.example")[0] == 400
    assert get(address + "config", Origin="http://evil.example")[0] == 403
    assert get(address)[0] == 200


def test_a_huge_request_is_refused(address: str) -> None:
    body = json.dumps({"data": ["x" * 200_000]}).encode()
    request = urllib.request.Request(
        address + "gradio_api/call/ask", data=body, headers={"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    refused.value.close()
    assert refused.value.code == 413
