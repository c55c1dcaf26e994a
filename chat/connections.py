"""Connections to the server: how many there may be, and how long one may take to say what it wants."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.serving import is_loopback
from qa.web.rates import client_of

__all__ = ["LONGEST_HEAD", "Connection", "Room", "connections"]

MOST = 500
"""Connections at a time. A page holds two while it is open; a process may have 1,024 files open on most systems."""
MOST_EACH = 100
"""Of one client, unless it is this machine: a proxy in front brings everybody from there."""
PATIENCE = 20.0
"""Seconds for the head of a request: whoever sends it byte by byte must not keep the others out."""
LONGEST_HEAD = 32 * 1024

_PLAIN = b"content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\nconnection: close\r\n"
_FULL = b"too many connections; come again in a minute"
_SLOW = b"the request did not arrive in time; send it again"


class Room:
    """Counts the connections of a server."""

    def __init__(self, most: int = MOST, each: int = MOST_EACH) -> None:
        self._most = most
        self._each = each
        self._inside: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Whether one more from this address has room; then it is counted until it leaves."""
        client = client_of(address)
        most_here = self._most if is_loopback(address) else self._each
        if self._inside.total() >= self._most or self._inside[client] >= most_here:
            return False
        self._inside[client] += 1
        return True

    def leave(self, address: str) -> None:
        """Count one less."""
        client = client_of(address)
        self._inside[client] -= 1
        if self._inside[client] <= 0:
            del self._inside[client]


class Connection(H11Protocol):
    """One connection, closed where there is no room for it or where no whole request comes."""

    room: ClassVar[Room]
    patience: ClassVar[float] = PATIENCE
    _is_inside = False
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count it, and begin to wait for its first request."""
        super().connection_made(transport)
        self._is_inside = self.room.enter(self._address)
        if self._is_inside:
            self._watch()
        else:
            self._end(b"503 Service Unavailable", _FULL)

    def connection_lost(self, exc: Exception | None) -> None:
        """Make room."""
        self._stop_watching()
        if self._is_inside:
            self._is_inside = False
            self.room.leave(self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the rest of the body that nobody wanted."""
        super().on_response_complete()
        self._watch()

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _watch(self) -> None:
        """Let the time run while no request is being served."""
        is_served = self.cycle is not None and not self.cycle.response_complete
        if is_served or self.transport.is_closing():
            self._stop_watching()
        elif self._timer is None:
            self._timer = self.loop.call_later(self.patience, self._give_up)

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self._end(b"408 Request Timeout", _SLOW)

    def _end(self, status: bytes, reason: bytes) -> None:
        length = b"content-length: %d\r\n" % len(reason)
        self.transport.write(b"HTTP/1.1 " + status + b"\r\n" + _PLAIN + length + b"\r\n" + reason)
        self.transport.close()


def connections(room: Room | None = None, patience: float = PATIENCE) -> type[Connection]:
    """The kind of connection for one server, all of whose connections share a room."""
    shared: dict[str, Any] = {"room": room or Room(), "patience": patience}
    return type("Connection", (Connection,), shared)
