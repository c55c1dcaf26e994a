"""How many requests one client may send in a time: a token bucket for each address."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

__all__ = ["Rates", "client_of"]

REMEMBERED = 10_000
"""Addresses kept; the one not seen for longest is forgotten first."""


class Rates:
    """``burst`` requests at once, and ``per_second`` more as time goes on, for each client.

    >>> rates = Rates(per_second=1.0, burst=2, clock=lambda: 0.0)
    >>> rates.take("a"), rates.take("a"), rates.take("a"), rates.take("b")
    (0.0, 0.0, 1.0, 0.0)
    """

    def __init__(
        self, per_second: float = 20.0, burst: int = 40, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_second = per_second
        self.burst = float(burst)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, cost: float = 1.0) -> float:
        """Let one request of a client through (0.0), or say in how many seconds it may come again.

        What costs more than ``burst`` never may.
        """
        now = self._clock()
        left, then = self._left.pop(client, (self.burst, now))
        left = min(self.burst, left + (now - then) * self.per_second)
        admitted = left >= cost
        self._left[client] = (left - cost if admitted else left), now
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return 0.0 if admitted else (cost - left) / self.per_second


def client_of(address: str | None) -> str:
    """Whom an address counts for: of IPv6, where everybody has countless ones, the network that it lies in.

    >>> client_of("192.0.2.7"), client_of("2001:db8:1:2:3:4:5:6"), client_of(None)
    ('192.0.2.7', '2001:db8:1:2::/64', '')
    """
    try:
        parsed = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if isinstance(parsed, ipaddress.IPv4Address) or parsed.ipv4_mapped is not None:
        return str(getattr(parsed, "ipv4_mapped", None) or parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
