from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.timeout(600)

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
PAID = "How much did the city pay for the track?"


@pytest.fixture(scope="module")
def http(address: str) -> Any:
    with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:
        yield client


def test_a_question_is_answered_as_in_the_chat(http: httpx.Client) -> None:
    answer = http.post("/ask", json={"question": PAID}).json()
    assert answer["answered"] is True
    assert "212 million" in answer["answer"]
    cited = answer["citations"][0]
    whole = http.get(f"/articles/{cited['article_id']}").json()
    assert whole["text"][cited["start"] : cited["end"]] == cited["quote"] == answer["answer"]
    assert whole["title"] == cited["title"]
    for turn in whole["turns"]:
        assert 0 <= turn["start"] < turn["end"] <= len(whole["text"])


def test_a_follow_up_brings_its_history(http: httpx.Client) -> None:
    history = [
        {"role": "user", "content": "Who is the director of the observatory?"},
        {"role": "assistant", "content": "Amina Okafor"},
    ]
    answer = http.post("/ask", json={"question": "What does she expect in March?", "history": history}).json()
    assert "first pictures" in answer["answer"]


def test_a_search_brings_passages_where_they_stand(http: httpx.Client) -> None:
    found = http.get("/search", params={"q": "tram harbour passengers", "k": 3}).json()
    assert [hit["rank"] for hit in found] == [1, 2, 3]
    for hit in found:
        whole = http.get(f"/articles/{hit['article_id']}").json()
        assert whole["text"][hit["start"] : hit["end"]] == hit["text"]
    only = found[0]["article_id"]
    narrowed = http.get("/search", params={"q": "mirror", "articles": only}).json()
    assert {hit["article_id"] for hit in narrowed} == {only}


def test_the_library_is_told_without_the_places_on_the_server(http: httpx.Client) -> None:
    listed = http.get("/articles").json()
    assert len(listed) == 2
    assert all("sources" not in article for article in listed)
    facets = http.get("/facets").json()
    assert facets["articles"] == 2
    named = {article["publisher"] for article in listed if article["publisher"]}
    assert {facet["name"] for facet in facets["publishers"]} == named
    assert http.get("/health").json() == {
        "status": "ok",
        "articles": 2,
        "passages": sum(article["passages"] for article in listed),
    }


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "says"),
    [
        ("POST", "/ask", {"json": {"question": " "}}, 400, "empty"),
        ("POST", "/ask", {"json": {"question": "why " * 750}}, 400, "2,000"),
        ("POST", "/ask", {"json": {"question": "Who?", "publishers": ["Nobody's Post"]}}, 400, "Nobody's Post"),
        ("POST", "/ask", {"json": {"question": "Who?", "since": "2022-02-01", "until": "2022-01-01"}}, 400, "before"),
        ("POST", "/ask", {"json": {}}, 422, "question: it is missing"),
        ("POST", "/ask", {"json": {"question": "Who?", "topk": 3}}, 422, "topk: there is no such field"),
        ("POST", "/ask", {"json": {"question": "Who?", "top_k": 51}}, 422, "50"),
        ("POST", "/ask", {"json": {"question": "Who?", "since": "May"}}, 422, "since: it is not a day"),
        (
            "POST",
            "/ask",
            {"json": {"question": "Who?", "history": [{"role": "system", "content": ""}]}},
            422,
            "history",
        ),
        ("POST", "/ask", {"content": b"{", "headers": {"Content-Type": "application/json"}}, 422, "not JSON"),
        ("POST", "/ask", {"content": b'{"question": "Who?"}'}, 422, "Content-Type: application/json"),
        ("POST", "/ask", {"json": {"question": "x" * 70_000}}, 413, "64 kB"),
        ("GET", "/ask", {}, 405, "method"),
        ("DELETE", "/articles/x", {}, 405, "method"),
        ("GET", "/articles/x", {}, 404, "no article"),
        ("GET", "/search", {}, 422, "q: it is missing"),
        ("GET", "/search", {"params": {"q": "x", "k": 101}}, 422, "100"),
    ],
)
def test_what_cannot_be_served_is_one_line(
    http: httpx.Client, method: str, path: str, sent: dict[str, Any], status: int, says: str
) -> None:
    answer = http.request(method, path, **sent)
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["error"]
    assert says in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


def test_the_schema_and_its_page_tell_the_same_and_fetch_nothing(http: httpx.Client) -> None:
    schema = http.get("/openapi.json").json()
    assert set(schema["paths"]) == {"/ask", "/search", "/articles", "/articles/{id}", "/facets", "/health"}
    page = http.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    for path in schema["paths"]:
        assert path in page.text
    assert "<script" not in page.text
    outside = re.findall(r'(?:src|href)="(?!/|#)', page.text)
    assert outside == []
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert f"`{method.upper()} {path}`" in DOCS
            assert operation["description"]
            assert "HTTPValidationError" not in str(operation)


def test_the_page_is_there_as_well(http: httpx.Client) -> None:
    assert "Ask your articles" in http.get("/").text
    assert http.get("/config").json()["root"] == str(http.base_url).rstrip("/")
    assert http.get("/nothing/here").status_code == 404


def test_too_many_requests_at_once_are_held_back(http: httpx.Client) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: http.get(f"/articles/{number}"), range(240)))
    held = [answer for answer in answers if answer.status_code == 429]
    for answer in held:
        assert int(answer.headers["retry-after"]) >= 1
        assert "come again" in answer.json()["error"]
    assert {answer.status_code for answer in answers} <= {404, 429}
