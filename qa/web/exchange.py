"""One request and its answer: how long and how slow a body may be, and the headers that every answer carries."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from qa.web.entrance import Refusal
from qa.web.open_routes import is_for_programs, is_upload

__all__ = ["CONTENT_POLICY", "PATIENCE", "Application", "Exchange", "Message", "Receive", "Send", "too_large"]

PATIENCE = 20.0
"""Seconds that a client has for the body of its request, and one more for each ``SLOWEST`` bytes that have come."""
SLOWEST = 10_000

CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'self'"
)
"""Whatever the page is made to show, the browser fetches nothing from elsewhere (the page's own scripts are inline)."""

ADDED_HEADERS = (
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
)
_OURS = frozenset(name for name, _ in ADDED_HEADERS)
_NO_STORE = (b"cache-control", b"no-store")  # articles and answers belong in nobody's cache

BROKEN = Refusal(500, "something went wrong inside the program; the terminal it runs in shows what")
NAMELESS = Refusal(400, "each part of an upload must be a file with a name; name it")

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


class Exchange:
    """Stops at a body larger than ``most`` bytes, whatever its length header said, and at one that does not come."""

    def __init__(self, receive: Receive, send: Send, most: int, *, in_browser: bool, patience: float) -> None:
        self._receive = receive
        self._send = send
        self._most = most
        self._in_browser = in_browser
        self._until = asyncio.get_running_loop().time() + patience
        self._taken = 0
        self._kept: Message | None = None
        self._is_whole = False
        self._is_late = False
        self._began = False
        self._is_broken = False
        self._refused = False

    async def run(self, app: Application, scope: MutableMapping[str, Any]) -> None:
        """Have the request answered; an error of the app becomes a line in the log and the answer 500.

        What the app makes of a body that was cut off is nobody's business.
        """
        reason = BROKEN
        try:
            await app(scope, self.receive, self.send)
        except Exception as error:
            if self._cut() is None:
                reason = _mistake(scope, error)
        if not self._began:
            await self.refuse(self._cut() or reason)

    async def read(self) -> bytes | None:
        """The whole body, which the app is given all the same; ``None`` where it does not come whole."""
        parts = []
        while not self._is_whole:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                self._kept = message
                return None
            parts.append(message.get("body", b""))
        body = b"".join(parts)
        self._kept = {"type": "http.request", "body": body, "more_body": False}
        return body

    async def receive(self) -> Message:
        """The next part of the body, or that the client is gone."""
        if self._kept is not None:
            kept, self._kept = self._kept, None
            return kept
        if self._is_whole:
            return await self._receive()  # waits for the client to leave, however long the answer takes
        try:
            async with asyncio.timeout_at(self._until + self._taken / SLOWEST):
                message = await self._receive()
        except TimeoutError:
            self._is_late = True
            return {"type": "http.disconnect"}
        self._taken += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        return message if self._cut() is None else {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Pass a part of the answer on, with the headers; a body that was cut off is answered in its place."""
        cut = self._cut()
        if cut is not None and not self._began:
            await self.refuse(cut)
        if self._refused or self._is_broken:
            return
        if message["type"] == "http.response.start":
            self._is_broken = message["status"] == BROKEN.status and not _is_json(message)
            if self._is_broken:
                return  # ``run`` answers in its place, once it is known what broke
            self._began = True
            message["headers"] = _with_ours(message.get("headers", ()))
        await self._send(message)

    async def refuse(self, refusal: Refusal) -> None:
        """Answer in plain text to a person's browser and in JSON to a program; once."""
        if self._refused:
            return
        self._refused = True
        kind, body = "text/plain; charset=utf-8", refusal.reason
        if not self._in_browser:
            kind, body = "application/json", json.dumps({"error": refusal.reason}, ensure_ascii=False)
        headers = _with_ours([(b"content-type", kind.encode()), *refusal.headers])
        await self._send({"type": "http.response.start", "status": refusal.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body.encode()})

    def _cut(self) -> Refusal | None:
        """Why the body was not read to its end; ``None`` where it was."""
        if self._is_late:
            return Refusal(408, "the request did not arrive in time; send it again", ((b"connection", b"close"),))
        return too_large(self._most) if self._taken > self._most else None


def _is_json(message: Message) -> bool:
    return any(name.lower() == b"content-type" and b"json" in value for name, value in message.get("headers", ()))


def too_large(most: int) -> Refusal:
    """The refusal of a request with more bytes than allowed."""
    return Refusal(413, f"the request is larger than {most // 1024} kB; send less")


def _mistake(scope: MutableMapping[str, Any], error: Exception) -> Refusal:
    """What an error is told as; a line in the log of what went wrong, and where it did if that is in our own code.

    The page's framework raises at much that a client can send, and must not fill the terminal with it.
    """
    if is_upload(scope["path"]) and isinstance(error, TypeError):
        return NAMELESS  # the framework takes a part without a name for text
    ours = error if is_for_programs(scope["path"]) else None
    logger.error("%s %r: %s: %s", scope.get("method"), scope["path"], type(error).__name__, error, exc_info=ours)
    return BROKEN


def _with_ours(headers: Any) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name.lower() not in _OURS]
    is_cached = any(name.lower() == b"cache-control" for name, _ in kept)
    return [*kept, *ADDED_HEADERS, *(() if is_cached else (_NO_STORE,))]
