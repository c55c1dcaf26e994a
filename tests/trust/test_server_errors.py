"""What the framework and the app behind the gate do wrong, as a client is told it."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from typing import Any

import pytest

from qa.web.gate import Gate
from tests.trust.running import LEAKS, Running, read_answer

TOLD = 'Traceback: File "/usr/lib/python3/site-packages/x.py", object at 0x7f0123456789'


async def raising(scope: Any, receive: Any, send: Any) -> None:
    raise RuntimeError(TOLD)


async def telling(scope: Any, receive: Any, send: Any) -> None:
    """As a framework does that shows its errors, and raises them besides."""
    await send({"type": "http.response.start", "status": 500, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": TOLD.encode()})
    raise RuntimeError(TOLD)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def posted(app: Any, body: bytes = b"{}", path: str = "/ask") -> tuple[int, bytes]:
    """Status and body of the answer to a request through a gate."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": [(b"host", b"localhost")]}
    asyncio.run(Gate(app)(scope, receive, send))
    return int(sent[0]["status"]), b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize("app", [raising, telling])
@pytest.mark.parametrize("path", ["/ask", "/gradio_api/run/predict"])
def test_what_breaks_inside_tells_nothing_of_the_program(app: Any, path: str) -> None:
    status, body = posted(app, path=path)
    assert status == 500
    assert not LEAKS.search(body.decode())
    assert list(json.loads(body)) == ["error"]


@pytest.mark.parametrize(
    "value", ["NaN", "-Infinity", "1e999", "9" * 5_000, str(2**53 + 1), '"\\ud800"', "[" * 20_000 + "]" * 20_000]
)
def test_json_that_readers_disagree_on_is_refused_before_it_is_acted_on(value: str) -> None:
    assert posted(echo, b'{"question": "Who?", "top_k": 3}') == (200, b'{"question": "Who?", "top_k": 3}')
    for body in (f'{{"question": {value}}}', f'{{"a": [{{"b": {value}}}]}}'):
        assert posted(echo, body.encode())[0] == 400


@pytest.mark.parametrize("path", ["http://192.0.2.1/secret", "/etc/passwd", "\\u0000", "", "../x", {"path": "x"}])
def test_a_file_that_was_not_uploaded_is_refused_wherever_it_is_named(path: object) -> None:
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    for body in (file, {"data": [[file], 0]}, {"data": {"x": [None, {"y": file}]}}):
        status, told = posted(echo, json.dumps(body).encode(), "/gradio_api/queue/join")
        assert (status, json.loads(told)["error"].partition(";")[0]) == (
            400,
            "a file must be uploaded before it is named",
        )


def test_the_page_tells_no_address_of_its_memory(server: Running) -> None:
    for path in ("/", "/config"):
        answer = server.request("GET", path)
        assert answer.status == 200
        assert " at 0x" not in answer.text


@pytest.mark.parametrize("name", ['name="files"', ""])
def test_a_part_of_an_upload_without_a_name_is_told_so(server: Running, name: str) -> None:
    body = f"--x\r\nContent-Disposition: form-data; {name}\r\n\r\nwords\r\n--x--\r\n".encode()
    answer = server.request("POST", "/gradio_api/upload", body, Content_Type="multipart/form-data; boundary=x")
    assert answer.status == 400
    assert not LEAKS.search(answer.text)


@pytest.mark.slow
def test_a_connection_outlives_the_five_seconds_that_clients_keep_one(server: Running) -> None:
    """Else what is sent while the other end closes is lost: of many askers, now and then one's question."""
    asked = f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        for pause in (6.0, 0.0):
            connection.sendall(asked)
            assert read_answer(connection).status == 200
            time.sleep(pause)
