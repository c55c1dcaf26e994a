from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.load.page import PageError, Visitor
from tests.trust.running import LEAKS, Running

if TYPE_CHECKING:
    from tests.trust.conftest import Tally

pytestmark = pytest.mark.timeout(600)

TAKING = [
    "/ask",
    "/mcp",
    "/gradio_api/call/ask",
    "/gradio_api/call/search",
    "/gradio_api/call/v2/ask",
    "/gradio_api/queue/join",
    "/gradio_api/run/predict",
    "/gradio_api/run/articles",
    "/gradio_api/cancel",
    "/gradio_api/reset",
    "/gradio_api/upload",
]
FIRST = ("/ask", "/gradio_api/queue/join")
HALF = '"\\ud800"'
GARBAGE = [
    b"",
    b"null",
    b"[]",
    b"{",
    b"\xff\xfe",
    b"\x00" * 100,
    b"[" * 60_000,
    b'{"a":' * 10_000,
    b'{"question": ' + b"9" * 5_000 + b"}",
    b'{"question": 1e999}',
    b'{"question": NaN}',
    b'{"question": ["Who?"]}',
    b'{"question": {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}}',
    f'{{"question": {HALF}}}'.encode(),
    f'{{"question": "Who?", "history": [{{"role": "user", "content": {HALF}}}]}}'.encode(),
    f'{{"question": "Who?", "publishers": [{HALF}]}}'.encode(),
    f'{{"question": "Who?", "articles": [{HALF}]}}'.encode(),
    b'{"question": "Who?", "top_k": 99999999999999999999}',
    b'{"question": "Who?", "since": "0000-00-00", "until": "99999-01-01"}',
    b'{"question": "' + b"x" * 2_001 + b'"}',
    '{"question": "\u202e\u2066\u0000\u001b[31m?"}'.encode(),
    b'{"data": null}',
    b'{"data": [], "fn_index": -1, "session_hash": "x"}',
    b'{"data": [], "fn_index": 99999, "session_hash": "x"}',
    b'{"data": [{}, {}, {}, {}, {}, {}, {}], "fn_index": 0, "session_hash": "x"}',
    b'{"data": ["Who?"], "fn_index": 0, "session_hash": "' + b"x" * 20_000 + b'"}',
    f'{{"data": [{HALF}, null, [], [], [], "", ""], "fn_index": 0, "session_hash": "half"}}'.encode(),
    b'{"data": ["\\u001b]0;owned\\u0007", 3], "session_hash": "\\u001b[31m"}',
    b'{"data": [{"path": "\\u001b[31m/etc/passwd", "meta": {"_type": "gradio.FileData"}}, 3]}',
    b'{"event_id": "x", "session_hash": "x", "fn_index": 0}',
]


@pytest.mark.parametrize(
    "path", [path if path in FIRST else pytest.param(path, marks=pytest.mark.slow) for path in TAKING]
)
def test_garbage_gets_one_line_and_leaves_the_server_up(server: Running, path: str, tally: Tally) -> None:
    wrong: list[tuple[bytes, int]] = []
    for body in GARBAGE:
        answer = server.request("POST", path, body, Accept="application/json, text/event-stream")
        ours = not path.startswith("/gradio_api")
        if not answer.status or LEAKS.search(answer.text) or (ours and answer.status >= 500):
            wrong.append((body[:60], answer.status))
    tally("garbage in the place of a request", len(GARBAGE), len(GARBAGE) - len(wrong))
    assert wrong == []
    assert server.request("GET", "/health").status == 200


def test_nothing_that_is_sent_drives_the_terminal(server: Running) -> None:
    for path in (
        "/articles/%1b[31m",
        "/%1b]0;owned%07",
        "/search?q=%1b[2J",
        "/gradio_api/custom_component/%1b/client/x/y",
    ):
        server.request("GET", path)
    server.request("GET", "/", User_Agent="\x1b[31m")
    printed = server.printed()
    assert not set("\x1b\x07\x9b\x00") & set(printed), printed[-500:]
    assert printed.count("\n") < 2_000  # garbage must not fill the terminal either


def test_a_client_cannot_make_the_server_fetch(server: Running) -> None:
    fetched: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fetched.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    canary = HTTPServer(("127.0.0.1", 0), Canary)
    threading.Thread(target=canary.serve_forever, daemon=True).start()
    try:
        with Visitor(server.url) as visitor:
            for url in (
                f"http://127.0.0.1:{canary.server_port}/secret",
                "http://canary.example/x",
                "file:///etc/passwd",
            ):
                file = {"path": url, "url": url, "orig_name": "a.txt", "meta": {"_type": "gradio.FileData"}}
                for event, data in (
                    (("files", "upload"), [[file], 0]),
                    (("evaluate", "click"), [file]),
                    (("question", "submit"), [file, None, [], [], [], "", ""]),
                ):
                    with pytest.raises(PageError):
                        visitor.queued(event, data)
                for path in (f"/gradio_api/proxy={url}", f"/gradio_api/file={url}"):
                    assert server.request("GET", path).status == 404
    finally:
        canary.shutdown()
        canary.server_close()
    assert fetched == []


def test_hostile_names_and_forms_of_uploads(server: Running, tally: Tally) -> None:
    names = [
        "../../x.txt",
        "/etc/cron.d/x",
        "..",
        ".",
        "",
        "\x00.txt",
        "a" * 5_000 + ".txt",
        "CON",
        "x\r\nSet-Cookie: a=b",
        "\u202e.txt",
    ]
    inbox = None
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client:
        answers = [client.post("/gradio_api/upload", files={"files": (name, b"x")}) for name in names]
        many = client.post("/gradio_api/upload", files=[("files", (f"{n}.txt", b"x")) for n in range(1_001)])
        large = client.post("/gradio_api/upload", files={"files": ("large.txt", b"x" * (21 * 1024 * 1024))})
        broken = client.post("/gradio_api/upload", content=b"x" * 100, headers={"Content-Type": "multipart/form-data"})
        chunked = client.post(
            "/gradio_api/upload", content=iter([b"x"]), headers={"Content-Type": "multipart/form-data; boundary=x"}
        )
    tally("hostile names of uploads", len(names), sum(answer.status_code in (200, 400, 413) for answer in answers))
    for answer in answers:
        assert answer.status_code in (200, 400, 413)
        if answer.status_code == 200:
            place = Path(answer.json()[0])
            inbox = inbox or place.parents[1]
            assert place.parents[1] == inbox
    assert [many.status_code, large.status_code, broken.status_code, chunked.status_code] == [400, 413, 400, 411]
    assert not LEAKS.search(many.text + large.text + broken.text)


def test_a_question_in_the_page_has_the_same_limits(server: Running) -> None:
    with Visitor(server.url) as visitor:
        assert "characters" in visitor.ask("why " * 600)
        assert "empty" in visitor.ask("?!")
        with pytest.raises(PageError, match="413"):
            visitor.ask("x" * 70_000)
        half = b'{"data": ["Who is \\ud800?", null, [], [], [], "", ""], "fn_index": 0, "session_hash": "half"}'
        assert server.request("POST", "/gradio_api/queue/join", half).status == 400


def test_one_client_that_asks_too_often_in_the_page_is_told_so(server: Running) -> None:
    body = {"data": ["tram", 1]}
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post("/gradio_api/call/search", json=body), range(240)))
    held = [answer for answer in answers if answer.status_code == 429]
    assert held
    assert {answer.status_code for answer in answers} == {200, 429}
    for answer in held:
        assert int(answer.headers["retry-after"]) >= 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.just("\x1b[31m"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["question", "history", "articles", "publishers", "speakers", "since", "until", "top_k"]


@pytest.mark.slow
def test_any_json_to_ask_is_answered_or_refused(server: Running, tally: Tally) -> None:
    tried = [0, 0]

    @settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(FIELDS), JSON | st.just("Who?"), max_size=4))
    def ask(sent: dict[str, Any]) -> None:
        answer = server.request("POST", "/ask", json.dumps(sent).encode())
        tried[0] += 1
        tried[1] += answer.status in (200, 400, 404, 422, 503)
        assert answer.status in (200, 400, 404, 422, 503), answer
        assert not LEAKS.search(answer.text)

    try:
        ask()
    finally:
        tally("generated requests to /ask", *tried)
