from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
from collections.abc import MutableMapping
from typing import Any

import pytest

from corpus.errors import InputError
from qa.offline import stay_offline
from qa.serving import check_exposure, check_port
from qa.web.entrance import Entrance
from qa.web.exchange import CONTENT_POLICY
from qa.web.gate import Gate
from qa.web.open_routes import LARGEST_REQUEST, is_open
from qa.web.passwords import Hash, Passwords
from qa.web.rates import Rates

Message = MutableMapping[str, Any]


async def application(scope: Message, receive: Any, send: Any) -> None:
    """Reads the whole body and says how long it was, or "gone" where the client went away."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            body = b"gone"
            break
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            body = str(size).encode()
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def request(
    path: str = "/",
    *,
    listening: str = "127.0.0.1",
    chunks: tuple[bytes, ...] = (b"",),
    gate: Gate | None = None,
    client: str = "192.0.2.1",
    **headers: str,
) -> tuple[int, bytes, dict[bytes, bytes]]:
    """Send one request through a gate on the address ``listening``: status, body and headers that come back."""
    sent: list[Message] = []
    bodies = [{"type": "http.request", "body": chunk, "more_body": chunk is not chunks[-1]} for chunk in chunks]
    named = {"host": "127.0.0.1:7860", **headers}
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()]

    async def receive() -> Message:
        return bodies.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": raw, "client": (client, 5000)}
    asyncio.run((gate or Gate(application, listening))(scope, receive, send))
    return sent[0]["status"], sent[1]["body"], dict(sent[0]["headers"])


def test_a_plain_request_passes_and_gets_the_content_policy() -> None:
    status, body, headers = request(chunks=(b"abc", b"de"))
    assert (status, body) == (200, b"5")
    assert headers[b"content-security-policy"] == CONTENT_POLICY.encode()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:7860", "[::1]:7860", "LOCALHOST:80"])
def test_loopback_names_are_served(host: str) -> None:
    assert request(host=host)[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:7860", "[::2]:1"])
def test_other_names_are_refused_on_a_loopback_address(host: str) -> None:
    assert request(host=host)[0] == 400


def test_any_name_is_served_where_the_user_opened_it_to_the_network() -> None:
    assert request(listening="0.0.0.0", host="library.example")[0] == 200


def test_other_sites_are_refused() -> None:
    assert request(origin="http://evil.example")[0] == 403
    assert request(origin="null")[0] == 403
    assert request(origin="http://127.0.0.1:7860")[0] == 200


@pytest.mark.parametrize(
    ("path", "closed"),
    [
        ("/gradio_api/upload", False),
        ("/gradio_api/file=/etc/passwd", True),
        ("/file=x", True),
        ("//gradio_api/file=x", True),
        ("/assets/../x", True),
        ("/gradio_api/deep_link", True),
        ("/gradio_api/component_server", True),
        ("/gradio_api/custom_component/x/client/y/z", True),
        ("/gradio_api/process_recording", True),
        ("/login", True),
        ("/logout", True),
        ("/gradio_api/proxy=http://x", True),
        ("/gradio_api/queue/join", False),
        ("/gradio_api/call/ask", False),
        ("/assets/index.js", False),
        ("/", False),
    ],
)
def test_only_the_routes_of_a_chat_are_open(path: str, closed: bool) -> None:
    assert is_open(path) is not closed
    assert request(path)[0] == (404 if closed else 200)


def test_a_body_that_is_too_large_is_refused_or_cut_off() -> None:
    assert request(content_length=str(LARGEST_REQUEST + 1))[0] == 413
    assert request(content_length="many")[0] == 413
    status, body, _ = request(chunks=(b"x" * LARGEST_REQUEST, b"x"))
    assert (status, json.loads(body)) == (413, {"error": "the request is larger than 64 kB; send less"})
    assert request(chunks=(b"x" * LARGEST_REQUEST,))[1] == str(LARGEST_REQUEST).encode()


def test_a_free_port_passes_and_a_taken_one_names_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"--port {port + 1}"):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


@pytest.mark.parametrize("port", [70_000, -1, 0])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(InputError, match="from 1 to 65535"):
        check_port("127.0.0.1", port)


def test_a_host_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="--host"):
        check_port("256.1.1.1.invalid", 7860)


def test_staying_offline_keeps_the_proxies_already_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GRADIO_ANALYTICS_ENABLED", "HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "intranet" if "proxy" in name.lower() else "")
    stay_offline()
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["NO_PROXY"].split(",")[0] == "intranet"
    assert "127.0.0.1" in os.environ["no_proxy"]


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def guarded(**limits: Any) -> Gate:
    passwords = Passwords({"ann": Hash.of("correct horse"), "Bořek": Hash.of("žluťoučký kůň")})
    return Gate(application, "0.0.0.0", entrance=Entrance(passwords, **limits))


@pytest.mark.parametrize(
    "path", ["/", "/gradio_api/upload", "/gradio_api/queue/join", "/ask", "/health", "/mcp", "/docs"]
)
def test_nothing_is_served_without_a_password_where_there_are_any(path: str) -> None:
    status, body, headers = request(path, gate=guarded())
    assert status == 401
    assert headers[b"www-authenticate"].startswith(b"Basic ")
    assert json.loads(body) == {"error": "give your name and password"}


def test_each_user_comes_in_with_their_own_password() -> None:
    gate = guarded()
    for name, password in (("ann", "correct horse"), ("Bořek", "žluťoučký kůň"), ("ann", "correct horse")):
        assert request(gate=gate, authorization=basic(name, password))[0] == 200
    for wrong in (basic("ann", "žluťoučký kůň"), basic("bob", "correct horse"), "Basic !", "Bearer x", ""):
        assert request(gate=gate, authorization=wrong, client="192.0.2.9")[0] in (401, 429)


def test_a_proxy_may_pass_its_own_name_on_where_passwords_guard_the_server() -> None:
    gate = Gate(application, "127.0.0.1", entrance=guarded().entrance)
    named: dict[str, Any] = {"host": "articles.example", "origin": "https://articles.example"}
    assert request(gate=gate, **named)[0] == 401
    assert request(gate=gate, **named, authorization=basic("ann", "correct horse"))[0] == 200
    named["origin"] = "https://evil.example"
    assert request(gate=gate, **named, authorization=basic("ann", "correct horse"))[0] == 403


def test_wrong_passwords_make_their_address_wait_and_nobody_else() -> None:
    now = [0.0]
    gate = guarded(tries=Rates(per_second=0.1, burst=2, clock=lambda: now[0]))
    assert request(gate=gate, authorization=basic("ann", "correct horse"), client="192.0.2.2")[0] == 200
    guess = [request(gate=gate, authorization=basic("ann", f"guess {number}")) for number in range(3)]
    assert [status for status, _, _ in guess] == [401, 401, 429]
    assert guess[2][2][b"retry-after"] == b"10"
    assert request(gate=gate, authorization=basic("Bořek", "žluťoučký kůň"))[0] == 429
    assert request(gate=gate, authorization=basic("ann", "correct horse"))[0] == 200  # known since before
    now[0] = 10.0
    assert request(gate=gate, authorization=basic("Bořek", "žluťoučký kůň"))[0] == 200


def test_a_program_that_asks_too_fast_is_told_when_to_come_again() -> None:
    gate = Gate(application, rates=Rates(per_second=1.0, burst=3, clock=lambda: 0.0))
    answers = [request("/ask", gate=gate) for _ in range(4)]
    assert [status for status, _, _ in answers] == [200, 200, 200, 429]
    assert answers[3][2][b"retry-after"] == b"1"
    assert request("/ask", gate=gate, client="192.0.2.2")[0] == 200
    assert request("/gradio_api/queue/join", gate=gate)[0] == 200


def test_a_person_is_refused_in_plain_text() -> None:
    status, body, headers = request(listening="127.0.0.1", host="evil.example", accept="text/html,*/*")
    assert (status, headers[b"content-type"]) == (400, b"text/plain; charset=utf-8")
    assert body.startswith(b"this host name")


def test_no_web_socket_is_opened() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Gate(application)({"type": "websocket", "path": "/", "headers": []}, None, send))  # type: ignore[arg-type]
    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_on_this_machine_no_password_is_needed(host: str) -> None:
    check_exposure(host, has_passwords=False, open_to_all=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "library.example", ""])
def test_a_network_is_only_served_with_passwords_or_when_told_so(host: str) -> None:
    with pytest.raises(InputError, match="--auth FILE"):
        check_exposure(host, has_passwords=False, open_to_all=False)
    check_exposure(host, has_passwords=True, open_to_all=False)
    check_exposure(host, has_passwords=False, open_to_all=True)
    with pytest.raises(InputError, match="contradict"):
        check_exposure(host, has_passwords=True, open_to_all=True)
