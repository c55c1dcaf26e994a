"""The check of name and password in front of everything, and the patience that wrong ones meet."""

from __future__ import annotations

import math
from dataclasses import dataclass

from qa.web.passwords import Passwords
from qa.web.rates import Rates
from qa.web.turnstile import BusyError, Turnstile

__all__ = ["Entrance", "Refusal"]

TRIES = 5
"""Wrong passwords from one address before it must wait."""
WAIT = 10.0
"""Seconds for each further one: 8,640 guesses a day."""
CHALLENGE = (b"www-authenticate", b'Basic realm="Ask your articles", charset="UTF-8"')


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that the gate gives itself: its status, one line with the remedy, and headers beside the usual."""

    status: int
    reason: str
    headers: tuple[tuple[bytes, bytes], ...] = ()

    @classmethod
    def until(cls, seconds: float, reason: str) -> Refusal:
        """A 429 that says when to come again."""
        wait = max(1, math.ceil(seconds))
        unit = "second" if wait == 1 else "seconds"
        return cls(429, f"{reason}; come again in {wait} {unit}", ((b"retry-after", str(wait).encode()),))


class Entrance:
    """Lets in whoever sends a user's name and password with the request (HTTP Basic, RFC 7617)."""

    def __init__(self, passwords: Passwords, tries: Rates | None = None) -> None:
        self._passwords = passwords
        self._tries = tries or Rates(per_second=1 / WAIT, burst=TRIES)
        self._checks = Turnstile(at_once=1, waiting=8)  # guessing must not take the machine from who is in

    async def refusal(self, header: str | None, client: str) -> Refusal | None:
        """What a request with this ``Authorization`` header is told; ``None`` where it may come in."""
        if header is None:
            return Refusal(401, "give your name and password", (CHALLENGE,))
        if self._passwords.knows(header):
            return None
        wait = self._tries.take(client)
        if wait > 0:
            return Refusal.until(wait, "too many wrong passwords")
        try:
            admitted = await self._checks.run(lambda: self._passwords.admits(header))
        except BusyError:
            return Refusal.until(1.0, "too many passwords are being checked")
        return None if admitted else Refusal(401, "the name or the password is wrong; try again", (CHALLENGE,))
