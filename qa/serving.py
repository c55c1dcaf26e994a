"""What the chat's web server lets in: its own hosts, short requests, and only the routes that a chat needs."""

from __future__ import annotations

import os
import socket
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from corpus.errors import InputError

__all__ = [
    "CONTENT_POLICY",
    "LARGEST_REQUEST",
    "LARGEST_UPLOAD",
    "Gate",
    "check_port",
    "is_closed",
    "largest",
    "stay_offline",
]

LARGEST_REQUEST = 64 * 1024
"""Bytes of one request; the longest question allowed takes a tenth of it in any script."""

LARGEST_UPLOAD = 20 * 1024 * 1024
"""Bytes of one uploaded file; a request that brings several may be larger."""
LARGEST_UPLOAD_REQUEST = 100 * 1024 * 1024

CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'self'"
)
"""Whatever the page is made to show, the browser fetches nothing from elsewhere (the page's own scripts are inline)."""

# Routes of the web framework that read or write files or fetch for others; the chat uses none of them.
CLOSED = ("/file=", "/file/", "/proxy=", "/stream/", "/runs", "/monitoring", "/vibe", "/dev/")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


class Gate:
    """ASGI middleware: answers 400, 403 or 413 itself and passes everything else on, with the content policy added.

    On a loopback address only loopback names are accepted as ``Host``: otherwise a page of another site could have
    its own name point here and read the articles.
    """

    def __init__(self, app: Application, host: str = "127.0.0.1") -> None:
        self.app = app
        self.hosts = LOOPBACK if host in LOOPBACK else None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope["path"], headers)
        if refusal is not None:
            await _refuse(send, *refusal)
            return
        await self.app(scope, _limited(receive, largest(scope["path"])), _with_policy(send))

    def _refusal(self, path: str, headers: dict[bytes, str]) -> tuple[int, str] | None:
        if self.hosts is not None and _name(headers.get(b"host", "")) not in self.hosts:
            return 400, "this host name is not served here"
        origin = headers.get(b"origin")
        if origin is not None and origin.partition("://")[2] != headers.get(b"host"):
            return 403, "requests from other sites are not served"
        if is_closed(path):
            return 403, "this route is closed"
        length, most = headers.get(b"content-length", "0"), largest(path)
        if not length.isdigit() or int(length) > most:
            return 413, f"the request is larger than {most // 1024} kB"
        return None


def is_closed(path: str) -> bool:
    """Whether a path belongs to a route that the chat does not use.

    >>> is_closed("/gradio_api/upload"), is_closed("/gradio_api/call/ask")
    (True, False)
    """
    inner = path.removeprefix("/gradio_api")
    return inner.startswith(CLOSED)


def largest(path: str) -> int:
    """Bytes that a request to a path may have: only an upload brings files."""
    return LARGEST_UPLOAD_REQUEST if path.removeprefix("/gradio_api").rstrip("/") == "/upload" else LARGEST_REQUEST


def check_port(host: str, port: int) -> None:
    """Raise ``InputError`` with the remedy where the address cannot be listened on."""
    if not 0 < port < 65_536:
        raise InputError(f"--port {port}: a port is a number from 1 to 65535; leave it out for 7860")
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name == "posix":  # elsewhere the option would let two servers share one port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise InputError(f"--host {host}: no such address on this machine; use --host 127.0.0.1") from error
    except OSError as error:
        raise InputError(
            f"{host}:{port} cannot be used ({error.strerror}); choose another, as in --port {_next(port)}"
        ) from error


def stay_offline() -> None:
    """Switch off every call home of the libraries behind the page; to be done before they are imported."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    # At its start the server calls itself once; a proxy in the environment must not get that call.
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(_with_loopback(os.environ.get(name, "")))


def _with_loopback(names: str) -> Iterable[str]:
    return dict.fromkeys([*filter(None, names.split(",")), *sorted(LOOPBACK)])


def _next(port: int) -> int:
    return port + 1 if port < 65_535 else 7860


def _name(host: str) -> str:
    """The name in a ``Host`` header, without its port.

    >>> _name("[::1]:7860"), _name("localhost:7860")
    ('::1', 'localhost')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _limited(receive: Receive, most: int) -> Receive:
    """Receive that stops at a body that is larger than allowed, whatever its length header said."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            return {"type": "http.disconnect"}
        return message

    return limited


def _with_policy(send: Send) -> Send:
    added = [
        (b"content-security-policy", CONTENT_POLICY.encode()),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    ]

    async def with_policy(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *added]
        await send(message)

    return with_policy


async def _refuse(send: Send, status: int, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason.encode()})
