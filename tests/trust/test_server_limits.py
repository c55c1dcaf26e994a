"""Limits on what is sent, tried on a real socket with a small app behind the gate, so that seconds can be fractions."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn

from chat.connections import LONGEST_HEAD, Room, connections
from qa.web.gate import WAITING_EACH, Gate
from qa.web.open_routes import LARGEST_REQUEST, LARGEST_UPLOAD_REQUEST
from qa.web.rates import Rates
from qa.web.uploads import Uploads
from tests.trust.running import Answer, read_answer

PATIENCE = 0.5
ROOM = 20


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Says how long the body was."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RuntimeError("the client is gone")
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(str(size)))]})
    await send({"type": "http.response.body", "body": str(size).encode()})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server on which a client has half a second, and room for twenty."""
    config = uvicorn.Config(
        Gate(echo, patience=PATIENCE),
        port=0,
        log_level="critical",
        http=connections(Room(ROOM), PATIENCE),
        h11_max_incomplete_event_size=LONGEST_HEAD,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(20)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def head(port: int, *headers: str, path: str = "/ask") -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, "", ""]).encode()


def exchange(port: int, *parts: bytes, pause: float = 0.0) -> Answer:
    with connect(port) as connection:
        for part in parts:
            with contextlib.suppress(ConnectionError):
                connection.sendall(part)
            time.sleep(pause)
        return read_answer(connection)


def is_up(port: int) -> bool:
    return exchange(port, head(port, "Content-Length: 3"), b"abc").text == "3"


def test_a_connection_that_says_nothing_is_closed(port: int) -> None:
    with connect(port) as connection:
        began = time.monotonic()
        assert read_answer(connection).status == 408
        assert time.monotonic() - began < 20 * PATIENCE


def test_a_head_that_comes_byte_by_byte_is_given_up(port: int) -> None:
    sent = head(port)
    answer = exchange(port, *(sent[n : n + 1] for n in range(30)), pause=PATIENCE / 10)
    assert answer.status in (408, 0)
    assert is_up(port)


def test_a_second_head_that_does_not_come_is_given_up(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(head(port, "Content-Length: 3") + b"abc")
        assert read_answer(connection).text == "3"
        connection.sendall(b"POST /ask HT")
        assert read_answer(connection).status in (408, 0)


@pytest.mark.parametrize("length", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
def test_a_body_that_comes_byte_by_byte_is_given_up(port: int, length: str) -> None:
    byte = b"1\r\nx\r\n" if "chunked" in length else b"x"
    answer = exchange(port, head(port, length), *[byte] * 20, pause=PATIENCE / 5)
    assert (answer.status, "in time" in answer.text) == (408, True)
    assert is_up(port)


def test_a_body_that_comes_slowly_but_steadily_is_read(port: int) -> None:
    part = b"x" * 6_000  # more than a second's worth for each fifth of a second
    answer = exchange(port, head(port, f"Content-Length: {len(part) * 8}"), *[part] * 8, pause=PATIENCE / 5)
    assert answer.text == str(len(part) * 8)


def test_the_rest_of_a_refused_body_is_not_awaited(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(head(port, "Content-Length: 99999999"))
        assert read_answer(connection).status == 413
        closed = False
        for _ in range(40):
            try:
                connection.sendall(b"x")
            except ConnectionError:
                closed = True
                break
            time.sleep(PATIENCE / 5)
        assert closed


def test_a_chunked_body_without_end_is_cut_off(port: int) -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    assert exchange(port, head(port, "Transfer-Encoding: chunked"), *[chunk] * 3).status in (413, 0)
    assert is_up(port)


def test_more_connections_than_there_is_room_for_are_turned_away(port: int) -> None:
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(connect(port)) for _ in range(ROOM)]
        assert exchange(port).status == 503
        held.pop().close()
        deadline = time.monotonic() + 5
        while not is_up(port):
            assert time.monotonic() < deadline
    deadline = time.monotonic() + 5
    while not is_up(port):
        assert time.monotonic() < deadline


def test_thousands_of_connections_leave_the_server_up(port: int) -> None:
    statuses: list[int] = []
    for _ in range(100):
        with contextlib.ExitStack() as stack:
            opened = [stack.enter_context(connect(port)) for _ in range(ROOM + 5)]
            statuses += [read_answer(opened[-1]).status]
    assert set(statuses) <= {503, 408, 0}
    time.sleep(PATIENCE)
    assert is_up(port)


def test_one_client_of_the_network_has_a_share_of_the_room() -> None:
    room = Room(most=10, each=3)
    assert [room.enter("192.0.2.1") for _ in range(4)] == [True, True, True, False]
    assert room.enter("192.0.2.2")
    assert [room.enter("127.0.0.1") for _ in range(7)] == [True] * 6 + [False]
    room.leave("192.0.2.1")
    assert room.enter("192.0.2.1")
    assert [room.enter(f"2001:db8::{n}") for n in range(2)] == [False, False]


def ask(gate: Gate, path: str, *, client: str = "192.0.2.1", method: str = "POST", **headers: str) -> int:
    """The status that one request through a gate gets."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [
        (name.replace("_", "-").encode(), value.encode()) for name, value in {"host": "localhost", **headers}.items()
    ]
    scope = {"type": "http", "method": method, "path": path, "headers": raw, "client": (client, 1)}
    asyncio.run(gate(scope, receive, send))
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    "path", ["queue/join", "call/ask", "run/predict", "upload", "heartbeat/x", "cancel", "queue/data"]
)
def test_the_page_too_makes_a_client_wait_that_asks_too_often(path: str) -> None:
    gate = Gate(echo, page_rates=Rates(per_second=1.0, burst=3, clock=lambda: 0.0))
    assert [ask(gate, f"/gradio_api/{path}") for _ in range(4)] == [200, 200, 200, 429]
    assert ask(gate, f"/gradio_api/{path}", client="192.0.2.2") == 200
    assert ask(gate, "/assets/index.js", method="GET") == 200


def test_one_client_cannot_fill_the_queue_of_questions() -> None:
    waiting = {"192.0.2.1": WAITING_EACH}
    gate = Gate(echo, waiting=lambda client: waiting.get(client, 0))
    assert ask(gate, "/gradio_api/queue/join") == 429
    assert ask(gate, "/gradio_api/queue/join", client="192.0.2.2") == 200
    assert ask(gate, "/gradio_api/queue/data", method="GET") == 200


def test_a_client_may_upload_so_much_in_an_hour(tmp_path: Path) -> None:
    gate = Gate(echo, uploads=Uploads(tmp_path, hourly=1_000, spared=0))
    upload = "/gradio_api/upload"
    assert [ask(gate, upload, content_length="400") for _ in range(3)] == [200, 200, 429]
    assert ask(gate, upload, client="192.0.2.2", content_length="400") == 200
    assert ask(gate, upload) == 411
    assert ask(gate, upload, content_length=str(LARGEST_UPLOAD_REQUEST + 1)) == 413
    assert ask(gate, upload, content_length="٤") == 413
    assert ask(gate, "/ask", content_length=str(LARGEST_REQUEST + 1)) == 413


def test_a_length_is_asked_for_only_where_something_is_uploaded(tmp_path: Path) -> None:
    gate = Gate(echo, uploads=Uploads(tmp_path, spared=0))
    assert [ask(gate, "/gradio_api/upload", method=method) for method in ("GET", "HEAD", "POST")] == [200, 200, 411]


def test_uploads_leave_some_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(echo, uploads=Uploads(tmp_path, spared=1_000))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_500))
    assert ask(gate, "/gradio_api/upload", content_length="400") == 200
    assert ask(gate, "/gradio_api/upload", content_length="600") == 507


def test_what_a_broken_upload_left_is_deleted(tmp_path: Path) -> None:
    gate = Gate(echo, uploads=Uploads(tmp_path, spared=0))
    for name, age in (("left", 7200), ("new", 10)):
        file = tmp_path / name / "part"
        file.parent.mkdir()
        file.write_bytes(b"x")
        os.utime(file, (time.time() - age,) * 2)
    assert ask(gate, "/gradio_api/upload", content_length="1") == 200
    assert [file.parent.name for file in tmp_path.rglob("part")] == ["new"]
