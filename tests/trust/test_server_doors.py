from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.trust.running import LEAKS, Answer, Running

if TYPE_CHECKING:
    from tests.trust.conftest import Tally

pytestmark = pytest.mark.timeout(600)

ASKED = json.dumps({"question": "Who?"}).encode()
JOINED = json.dumps({"data": ["Who?"], "fn_index": 0, "session_hash": "x"}).encode()
ROUTES = [
    ("GET", "/", None),
    ("GET", "/config", None),
    ("GET", "/articles", None),
    ("POST", "/ask", ASKED),
    ("POST", "/mcp", b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}'),
    ("POST", "/gradio_api/queue/join", JOINED),
    ("POST", "/gradio_api/call/ask", b'{"data": ["Who?"]}'),
    ("POST", "/gradio_api/run/predict", JOINED),
    ("POST", "/gradio_api/upload", b"x"),
    ("GET", "/gradio_api/queue/data?session_hash=x", None),
    ("GET", "/gradio_api/heartbeat/x", None),
]
HEADERS = {
    "content-security-policy": "default-src 'self'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
}


def test_it_listens_on_this_machine_alone_and_shares_no_link(server: Running) -> None:
    inodes = {
        found[1]
        for link in Path(f"/proc/{server.process.pid}/fd").iterdir()
        if link.is_symlink() and (found := re.fullmatch(r"socket:\[(\d+)\]", str(link.readlink())))
    }
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    listening = {row[1] for row in rows if row[3] == "0A" and row[9] in inodes}
    assert listening == {f"0100007F:{server.port:04X}"}
    assert not re.search(r"gradio\.live|public URL|share=", server.printed())


TARGETS = ["etc/passwd", "library.db", "proc/self/environ"]
UPWARDS = [
    "../",
    "..%2f",
    "%2e%2e/",
    "%2e%2e%2f",
    "..%252f",
    "%252e%252e%252f",
    "..\\",
    "..%5c",
    "..;/",
    "....//",
    "%c0%ae%c0%ae/",
    "%ef%bc%8e%ef%bc%8e/",
    "./",
]
PLACES = [
    "/file=",
    "/file/",
    "/gradio_api/file=",
    "/gradio_api/file/",
    "//gradio_api/file=",
    "/gradio_api//file=",
    "/gradio_api/%66ile=",
    "/gradio_api/file%3d",
    "/x/../gradio_api/file=",
    "/gradio_api/proxy=http://127.0.0.1/",
    "/gradio_api/custom_component/x/client/y/",
    "/gradio_api/stream/x/0/0/",
    "/static/",
    "/assets/",
    "/svelte/",
    "/articles/",
    "/docs/",
    "/",
]


def test_no_path_in_any_encoding_reads_a_file(server: Running, tally: Tally) -> None:
    up = [step * 12 for step in UPWARDS]
    absolute = ["/", "%2f", "//", "file:///", "%00/"]
    targets = [*TARGETS, str(server.library / "library.db").lstrip("/")]
    tried = [f"{place}{way}{target}" for place, way, target in itertools.product(PLACES, [*up, *absolute], targets)]
    answers = {target: server.request("GET", target) for target in tried}
    wrong = [target for target, answer in answers.items() if _reads(answer)]
    tally("paths to files, in every encoding", len(tried), len(tried) - len(wrong))
    assert wrong == []


def _reads(answer: Answer) -> bool:
    return answer.status not in (400, 403, 404, 405, 429) or bool(LEAKS.search(answer.text))


def test_another_host_name_is_refused_on_every_route(server: Running, tally: Tally) -> None:
    names = ["evil.example", f"evil.example:{server.port}", "127.0.0.1.evil.example", "-", "", "0.0.0.0", "[::2]"]
    answers = [server.request(method, path, body, Host=name) for name in names for method, path, body in ROUTES]
    refused = sum(answer.status == 400 for answer in answers)
    tally("requests under another host's name", len(answers), refused)
    assert refused == len(answers), [answer.status for answer in answers]


def test_another_site_is_refused_on_every_route(server: Running, tally: Tally) -> None:
    foreign: list[dict[str, Any]] = [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://localhost:{server.port}"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": f"http://127.0.0.1:{server.port}.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
    ]
    answers = [server.request(method, path, body, **sent) for sent in foreign for method, path, body in ROUTES]
    refused = sum(answer.status == 403 for answer in answers)
    tally("requests from another site's page", len(answers), refused)
    assert refused == len(answers), [answer.status for answer in answers]


def test_a_link_from_another_site_may_be_followed(server: Running) -> None:
    sent: dict[str, Any] = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert server.request("GET", "/", **sent).status == 200
    assert server.request("POST", "/ask", ASKED, **sent).status == 403


def test_a_header_that_stands_twice_is_refused(server: Running) -> None:
    own = f"127.0.0.1:{server.port}"
    for twice in (f"Host: {own}\r\nHost: evil.example", f"Host: {own}\r\nOrigin: http://{own}\r\nOrigin: http://evil"):
        assert server.send(f"GET / HTTP/1.1\r\n{twice}\r\n\r\n".encode()).status == 400
    smuggled = f"POST /ask HTTP/1.1\r\nHost: {own}\r\nContent-Length: 4\r\nContent-Length: 40\r\n\r\nabcd"
    assert server.send(smuggled.encode()).status == 400
    both = f"POST /ask HTTP/1.1\r\nHost: {own}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert server.send(both.encode()).status in (400, 413, 422)


def test_forwarded_host_does_not_change_what_others_are_told(server: Running) -> None:
    for path in ("/gradio_api/info", "/config", "/"):
        assert "evil.example" not in server.request("GET", path, X_Forwarded_Host="evil.example").text
        assert "evil.example" not in server.request("GET", path).text


def test_every_answer_carries_the_headers(server: Running, tally: Tally) -> None:
    answers = {
        "page": server.request("GET", "/"),
        "style": server.request("GET", "/theme.css"),
        "programs": server.request("GET", "/articles"),
        "schema": server.request("GET", "/openapi.json"),
        "docs": server.request("GET", "/docs"),
        "tools": server.request("POST", "/mcp", b"{}", Accept="application/json, text/event-stream"),
        "no host": server.request("GET", "/", Host="evil.example"),
        "other site": server.request("GET", "/", Origin="http://evil.example"),
        "no route": server.request("GET", "/nothing"),
        "no method": server.request("DELETE", "/ask"),
        "no body": server.request("POST", "/ask", b""),
        "no such endpoint": server.request("POST", "/gradio_api/call/nothing", b'{"data": []}'),
        "no such event": server.request("POST", "/gradio_api/run/predict", b'{"data": [], "fn_index": 9999}'),
        "too large": server.request("POST", "/ask", b"x" * 70_000),
        "long address": server.request("GET", "/search?q=" + "x" * 9_000),
        "long headers": server.request("GET", "/", X="x" * 20_000),
    }
    lacking = {
        name: header
        for name, answer in answers.items()
        for header, value in HEADERS.items()
        if not answer.headers.get(header, "").startswith(value)
    }
    tally("kinds of answers with all headers", len(answers), len(answers) - len(lacking))
    assert lacking == {}
    assert [answers[name].status for name in ("too large", "long address", "long headers")] == [413, 414, 431]
    assert answers["programs"].headers["cache-control"] == "no-store"
    telling = [name for name, answer in answers.items() if name != "style" and LEAKS.search(answer.text)]
    assert telling == []
    assert "server" not in answers["page"].headers


def test_the_head_of_a_request_has_a_limit(server: Running) -> None:
    endless = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n".encode() + b"X: y\r\n" * 100_000
    assert server.send(endless).status in (400, 431, 0)
    assert server.request("GET", "/" + "x" * 60_000).status in (400, 414)
    assert server.request("GET", "/health").status == 200
