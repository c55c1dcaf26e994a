"""Who may use the server: a file of names with hashes of their passwords, made and checked.

One line a user, ``name:scrypt$N$r$p$salt$hash``; the password itself is written nowhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from corpus.errors import InputError
from qa.whole_file import write_whole

__all__ = ["SHORTEST", "Passwords", "add_user"]

SHORTEST = 8
"""Characters of a password."""
LONGEST = 1_000
COST, BLOCK, LANES = 2**14, 8, 1
"""16 MB and some 40 ms a guess (RFC 7914); the right password costs it once, then its fingerprint is known."""

_NAME = re.compile(r"[^\s:\x00-\x1f\x7f](?:[^:\x00-\x1f\x7f]{0,62}[^\s:\x00-\x1f\x7f])?")
# The costs are written down so that a later version may raise them and still read these.
_STORED = re.compile(rf"scrypt\${COST}\${BLOCK}\${LANES}\$(?P<salt>[0-9a-f]{{32}})\$(?P<digest>[0-9a-f]{{64}})")


@dataclass(frozen=True, slots=True)
class Hash:
    """A password's hash with what it was made with."""

    cost: int
    block: int
    lanes: int
    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, password: str) -> Self:
        """The hash of a new password, with a salt of its own."""
        salt = secrets.token_bytes(16)
        return cls(COST, BLOCK, LANES, salt, _scrypt(password, salt, COST, BLOCK, LANES))

    def fits(self, password: str) -> bool:
        """Whether it is the hash of this password; the time it takes tells nothing."""
        found = _scrypt(password, self.salt, self.cost, self.block, self.lanes)
        return hmac.compare_digest(found, self.digest)

    def __str__(self) -> str:
        return f"scrypt${self.cost}${self.block}${self.lanes}${self.salt.hex()}${self.digest.hex()}"


class Passwords:
    """The users of one server and what they prove themselves with; safe to use from several threads."""

    def __init__(self, users: dict[str, Hash]) -> None:
        self._users = users
        self._nobody = Hash.of(secrets.token_hex())  # an unknown name takes as long as a known one
        self._key = secrets.token_bytes(32)
        self._known: set[bytes] = set()  # fingerprints of what was right; at most one for each user

    @classmethod
    def load(cls, path: Path) -> Self:
        """The users of a file; ``InputError`` with the remedy where it cannot be read, is empty or not made by us."""
        users = _read(path)
        if not users:
            raise InputError(f"--auth {path}: nobody is in it yet; add somebody with --add-user NAME")
        return cls(users)

    def knows(self, header: str) -> bool:
        """Whether this ``Authorization`` header was right before: the quick way for all requests after the first."""
        # A set may be looked into: without the key, nobody can steer what these digests look like.
        return self._fingerprint(*_credentials(header)) in self._known

    def admits(self, header: str) -> bool:
        """Whether the header holds a user's name and password; takes some 40 ms, whatever it holds."""
        name, password = _credentials(header)
        right = self._users.get(name, self._nobody).fits(password) and name in self._users
        if right:
            self._known = {*self._known, self._fingerprint(name, password)}
        return right

    def _fingerprint(self, name: str, password: str) -> bytes:
        return hmac.digest(self._key, f"{name}:{password}".encode(), "sha256")


def add_user(path: Path, name: str, password: str) -> None:
    """Write a user with a new password to the file, which is made where there is none and is for its owner only.

    Raises ``InputError`` for a name or password that cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"--add-user {name!r}: a name has 1 to 64 characters and no colon; choose another")
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(f"the password must have {SHORTEST} to {LONGEST:,} characters; choose another")
    users = {**(_read(path) if path.exists() else {}), name: Hash.of(password)}
    text = "".join(f"{user}:{stored}\n" for user, stored in users.items())
    try:
        write_whole(path, text.encode(), mode=0o600)
    except OSError as error:
        raise InputError(f"--auth {path}: {error.strerror or error}; name a file that you may write") from error


def _read(path: Path) -> dict[str, Hash]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise InputError(f"--auth {path}: there is no such file; make it with --add-user NAME") from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise InputError(f"--auth {path}: {reason}; name a file made with --add-user") from error
    return dict(_user(path, number, line) for number, line in enumerate(lines, 1) if line.strip())


def _user(path: Path, number: int, line: str) -> tuple[str, Hash]:
    name, _, stored = line.strip().partition(":")
    match = _STORED.fullmatch(stored)
    if not _NAME.fullmatch(name) or match is None:
        raise InputError(f"--auth {path}: line {number} was not made with --add-user; take it out and add the user so")
    return name, Hash(COST, BLOCK, LANES, bytes.fromhex(match["salt"]), bytes.fromhex(match["digest"]))


def _credentials(header: str) -> tuple[str, str]:
    """Name and password of an ``Authorization`` header, both "" where it holds none.

    >>> _credentials("Basic YW5uOmEgYjpj")
    ('ann', 'a b:c')
    """
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    return name, password[:LONGEST]


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    most = 2 * 128 * cost * block * lanes
    return hashlib.scrypt(password.encode("utf-8"), salt=salt, n=cost, r=block, p=lanes, maxmem=most, dklen=32)
