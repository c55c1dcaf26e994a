from __future__ import annotations

from typing import Any

import httpx
import pytest
from gradio_client import Client

from tests.app.conftest import USER

pytestmark = pytest.mark.timeout(600)

PATHS = [
    "/",
    "/config",
    "/gradio_api/info",
    "/ask",
    "/search?q=x",
    "/articles",
    "/health",
    "/docs",
    "/mcp",
    "/assets/x.js",
]


def get(address: str, path: str, **options: Any) -> httpx.Response:
    return httpx.get(address.rstrip("/") + path, timeout=120, trust_env=False, **options)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_told_without_a_password(guarded_address: str, path: str) -> None:
    answer = get(guarded_address, path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert answer.json() == {"error": "give your name and password"}


def test_no_file_is_taken_without_a_password(guarded_address: str) -> None:
    files = {"files": ("note.txt", b"A note.")}
    upload = guarded_address + "gradio_api/upload"
    assert httpx.post(upload, files=files, timeout=60, trust_env=False).status_code == 401
    assert httpx.post(upload, files=files, timeout=60, trust_env=False, auth=USER).status_code == 200


def test_a_user_gets_the_page_the_answers_and_the_named_endpoints(guarded_address: str) -> None:
    assert "Ask your articles" in get(guarded_address, "/", auth=USER).text
    assert get(guarded_address, "/health", auth=USER).json()["articles"] == 2
    client = Client(guarded_address, verbose=False, analytics_enabled=False, httpx_kwargs={"auth": USER})
    assert len(client.predict("tram", 2, api_name="/search")) == 2
    assert len(client.predict(api_name="/articles")) == 2


def test_a_wrong_password_is_refused_and_guessing_becomes_slow(guarded_address: str) -> None:
    answers = [get(guarded_address, "/health", auth=("ann", f"guess {number}")) for number in range(7)]
    assert answers[0].status_code == 401
    assert "wrong" in answers[0].json()["error"]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert get(guarded_address, "/health", auth=USER).status_code == 200


@pytest.mark.browser
def test_a_person_is_asked_by_the_browser(browser: Any, guarded_address: str) -> None:
    credentials = {"username": USER[0], "password": USER[1]}
    opened = browser.new_context(http_credentials=credentials)
    try:
        page = opened.new_page()
        page.goto(guarded_address)
        page.get_by_label("Your question").wait_for(timeout=90_000)
        page.get_by_label("Your question").fill("How much did the city pay for the track?")
        page.get_by_label("Your question").press("Enter")
        page.locator("#conversation .qa-reply mark").first.wait_for(timeout=90_000)
    finally:
        opened.close()
