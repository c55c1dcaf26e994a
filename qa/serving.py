"""What the chat's web server lets in: its own hosts, short requests, and only the routes that a chat needs."""

from __future__ import annotations

import importlib.util
import ipaddress
import json
import os
import socket
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from corpus.errors import InputError
from qa.web.entrance import Entrance, Refusal
from qa.web.rates import Rates, client_of

__all__ = [
    "CONTENT_POLICY",
    "LARGEST_REQUEST",
    "LARGEST_UPLOAD",
    "Gate",
    "check_exposure",
    "check_mcp",
    "check_port",
    "is_closed",
    "is_for_programs",
    "is_loopback",
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

ADDED_HEADERS = (
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)

FOR_PROGRAMS = frozenset({"ask", "search", "articles", "facets", "health", "mcp"})
# Routes of the web framework that read or write files or fetch for others; the chat uses none of them.
CLOSED = ("/file=", "/file/", "/proxy=", "/stream/", "/runs", "/monitoring", "/vibe", "/dev/")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


class Gate:
    """ASGI middleware: answers 400, 401, 403, 413 or 429 itself and passes everything else on, with the policy added.

    On a loopback address only loopback names are accepted as ``Host``: otherwise a page of another site could have
    its own name point here and read the articles. ``entrance`` asks for passwords instead; ``rates`` hold back a
    client that sends to the routes for programs faster than they allow.
    """

    def __init__(
        self,
        app: Application,
        host: str = "127.0.0.1",
        *,
        entrance: Entrance | None = None,
        rates: Rates | None = None,
    ) -> None:
        self.app = app
        # With passwords a foreign name gains nothing, as the browser sends it none, and a proxy may pass its own on.
        self.hosts = LOOPBACK if is_loopback(host) and entrance is None else None
        self.entrance = entrance
        self.rates = rates

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # nothing here speaks over one
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        else:
            headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
            refusal = await self._refusal(scope, headers)
            exchange = _Exchange(receive, send, largest(scope["path"]), headers)
            if refusal is None:
                await self.app(scope, exchange.receive, exchange.send)
            else:
                await exchange.refuse(refusal)

    async def _refusal(self, scope: MutableMapping[str, Any], headers: dict[bytes, str]) -> Refusal | None:
        path, host, origin = scope["path"], headers.get(b"host", ""), headers.get(b"origin")
        if self.hosts is not None and _name(host) not in self.hosts:
            return Refusal(400, f"this host name is not served here; use {min(self.hosts)}")
        if origin is not None and origin.partition("://")[2] != host:
            return Refusal(403, "requests from other sites are not served; open the page itself")
        if is_closed(path):
            return Refusal(403, "this route is closed; /docs lists those for programs")
        client = client_of((scope.get("client") or ("",))[0])
        stranger = self.entrance and await self.entrance.refusal(headers.get(b"authorization"), client)
        if stranger:
            return stranger
        length, most = headers.get(b"content-length", "0"), largest(path)
        if not length.isdecimal() or int(length) > most:
            return _too_large(most)
        wait = self.rates.take(client) if self.rates and is_for_programs(path) else 0.0
        return Refusal.until(wait, "these are too many requests at once") if wait > 0 else None


class _Exchange:
    """One request and its answer: stops at a body larger than allowed, whatever its length header said."""

    def __init__(self, receive: Receive, send: Send, most: int, headers: dict[bytes, str]) -> None:
        self._receive = receive
        self._send = send
        self._most = most
        self._in_browser = "text/html" in headers.get(b"accept", "")
        self._taken = 0
        self._began = False
        self._refused = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self._taken > self._most else message

    async def send(self, message: Message) -> None:
        if self._taken > self._most and not self._began:
            await self.refuse(_too_large(self._most))
        if self._refused:
            return
        if message["type"] == "http.response.start":
            self._began = True
            message["headers"] = [*message.get("headers", ()), *ADDED_HEADERS]
        await self._send(message)

    async def refuse(self, refusal: Refusal) -> None:
        """Answer in plain text to a person's browser and in JSON to a program; once."""
        if self._refused:
            return
        self._refused = True
        kind, body = "text/plain; charset=utf-8", refusal.reason
        if not self._in_browser:
            kind, body = "application/json", json.dumps({"error": refusal.reason}, ensure_ascii=False)
        headers = [(b"content-type", kind.encode()), *refusal.headers, *ADDED_HEADERS]
        await self._send({"type": "http.response.start", "status": refusal.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body.encode()})


def _too_large(most: int) -> Refusal:
    return Refusal(413, f"the request is larger than {most // 1024} kB; send less")


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine can reach what listens on this address.

    >>> is_loopback("localhost"), is_loopback("127.0.0.2"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return host in LOOPBACK or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_exposure(host: str, *, has_passwords: bool, open_to_all: bool) -> None:
    """Raise ``InputError`` where the server would be open to a network without anybody having said so."""
    if has_passwords and open_to_all:
        raise InputError("--auth and --no-auth contradict each other; give one of them")
    if not (is_loopback(host) or has_passwords or open_to_all):
        raise InputError(
            f"--host {host} opens the chat to others: give --auth FILE with their names and passwords "
            "(made with --auth FILE --add-user NAME), or --no-auth if everybody there may read and ask"
        )


def check_mcp(*, wanted: bool) -> None:
    """Raise ``InputError`` with the command that installs it where the package for ``--mcp`` is wanted and missing."""
    if wanted and importlib.util.find_spec("mcp") is None:
        raise InputError('--mcp needs one more package: install it with  pip install "mcp>=1.21,<2"')


def is_for_programs(path: str) -> bool:
    """Whether a path belongs to the routes for programs, whose clients may be told to slow down.

    >>> is_for_programs("/articles/c36c"), is_for_programs("/gradio_api/queue/join")
    (True, False)
    """
    return path.split("/")[1] in FOR_PROGRAMS if path.startswith("/") else False


def is_closed(path: str) -> bool:
    """Whether a path belongs to a route that the chat does not use.

    >>> is_closed("/gradio_api/file=/etc/passwd"), is_closed("/gradio_api/call/ask")
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
