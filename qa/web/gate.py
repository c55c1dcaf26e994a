"""What the chat's web server lets in: its own hosts, its own pages, short requests, and only the routes it needs."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

from qa.serving import LOOPBACK, is_loopback
from qa.web.bodies import body_refusal
from qa.web.entrance import Entrance, Refusal
from qa.web.exchange import PATIENCE, Application, Exchange, Receive, Send, too_large
from qa.web.open_routes import is_for_programs, is_open, is_upload, is_work, largest
from qa.web.rates import Rates, client_of
from qa.web.uploads import Uploads

__all__ = ["LONGEST_ADDRESS", "LONGEST_HEADERS", "Gate"]

LONGEST_ADDRESS = 8 * 1024
"""Bytes of a path with its query; the longest search allowed takes less in any script."""
LONGEST_HEADERS = 16 * 1024
WAITING_EACH = 60
"""Questions of one address that may wait in the chat's queue: it holds 100, and one client must not fill it."""

# Twice in one request, they could mean one thing to us and another to what reads them next.
SINGLE = frozenset({b"authorization", b"content-length", b"host", b"origin"})
# Addresses in the page and in what it shows to programs are made of this one, and kept for everybody.
DROPPED = frozenset({b"x-forwarded-host"})

BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})

Scope = MutableMapping[str, Any]
Headers = dict[bytes, str]


class Gate:
    """ASGI middleware: answers what it refuses itself (4xx) and passes everything else on, with its headers added.

    On a loopback address only loopback names are accepted as ``Host``: otherwise a page of another site could have
    its own name point here and read the articles. ``entrance`` asks for passwords instead; ``rates`` hold back a
    client that sends to the routes for programs faster than they allow, ``page_rates`` one that does so on the page;
    ``inbox`` is the folder of what was uploaded; ``waiting`` tells how many questions of a client wait in the page's
    queue; ``patience`` is the time for a body.
    """

    def __init__(
        self,
        app: Application,
        host: str = "127.0.0.1",
        *,
        entrance: Entrance | None = None,
        rates: Rates | None = None,
        page_rates: Rates | None = None,
        uploads: Uploads | None = None,
        inbox: Path | None = None,
        waiting: Callable[[str], int] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.app = app
        # With passwords a foreign name gains nothing, as the browser sends it none, and a proxy may pass its own on.
        self.hosts = LOOPBACK if is_loopback(host) and entrance is None else None
        self.entrance = entrance
        self.rates = rates
        self.page_rates = page_rates
        self.uploads = uploads
        self.inbox = inbox
        self.waiting = waiting
        self.patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # nothing here speaks over one
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        else:
            scope["headers"] = [(name, value) for name, value in scope["headers"] if name.lower() not in DROPPED]
            headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
            in_browser = "text/html" in headers.get(b"accept", "")
            exchange = Exchange(receive, send, largest(scope["path"]), in_browser=in_browser, patience=self.patience)
            refusal = _misshapen(scope) or self._foreign(scope, headers) or await self._stranger(scope, headers)
            refusal = refusal or self._excessive(scope, headers) or await self._unreadable(scope, exchange)
            if refusal is None:
                await exchange.run(self.app, scope)
            else:
                await exchange.refuse(refusal)

    def _foreign(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Refuses what another site's page sent, and routes that are not served."""
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        if self.hosts is not None and _name(host) not in self.hosts:
            return Refusal(400, f"this host name is not served here; use {min(self.hosts)}")
        if (origin is not None and origin.partition("://")[2] != host) or _is_cross_site(scope, headers):
            return Refusal(403, "requests from other sites are not served; open the page itself")
        if not is_open(scope["path"]):
            return Refusal(404, "there is no such route; see /docs for those there are")
        return None

    async def _stranger(self, scope: Scope, headers: Headers) -> Refusal | None:
        if self.entrance is None:
            return None
        return await self.entrance.refusal(headers.get(b"authorization"), _client(scope))

    def _excessive(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Refuses what is too large or comes too often."""
        path, client, length = scope["path"], _client(scope), headers.get(b"content-length")
        most = largest(path)
        if length is not None and (not (length.isascii() and length.isdecimal()) or int(length) > most):
            return too_large(most)
        rates = self.rates if is_for_programs(path) else self.page_rates if is_work(path) else None
        wait = rates.take(client) if rates else 0.0
        if wait > 0:
            return Refusal.until(wait, "these are too many requests at once")
        if self.waiting and is_work(path) and scope.get("method") == "POST" and self.waiting(client) >= WAITING_EACH:
            return Refusal.until(2.0, "too many of your questions are waiting")
        if self.uploads and is_upload(path) and scope.get("method") == "POST":
            return self.uploads.refusal(client, length)
        return None

    async def _unreadable(self, scope: Scope, exchange: Exchange) -> Refusal | None:
        """Refuses a body that not everybody behind the gate would read alike."""
        if scope.get("method") in BODILESS or is_upload(scope["path"]):
            return None
        body = await exchange.read()
        return body_refusal(body, self.inbox) if body else None


def _misshapen(scope: Scope) -> Refusal | None:
    """Refuses a head that is too long or says a thing twice."""
    names = [name.lower() for name, _ in scope["headers"]]
    if any(names.count(name) > 1 for name in SINGLE):
        return Refusal(400, "a header that may stand once stands twice; send it once")
    if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > LONGEST_ADDRESS:
        return Refusal(414, f"the address is longer than {LONGEST_ADDRESS} bytes; shorten it")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEADERS:
        return Refusal(431, f"the headers are longer than {LONGEST_HEADERS} bytes; send fewer")
    return None


def _is_cross_site(scope: Scope, headers: Headers) -> bool:
    """Whether a browser says that another site's page asks for this, other than by a link that a person follows."""
    if headers.get(b"sec-fetch-site", "none") in ("none", "same-origin"):
        return False
    return headers.get(b"sec-fetch-mode") != "navigate" or scope.get("method") not in ("GET", "HEAD")


def _client(scope: Scope) -> str:
    return client_of((scope.get("client") or ("",))[0])


def _name(host: str) -> str:
    """The name in a ``Host`` header, without its port.

    >>> _name("[::1]:7860"), _name("localhost:7860")
    ('::1', 'localhost')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
