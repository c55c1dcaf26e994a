"""Where the chat may listen, and what must be said before it does."""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import socket
from pathlib import Path

from corpus.errors import InputError

__all__ = ["LOOPBACK", "check_exposure", "check_mcp", "check_port", "is_loopback", "named_library"]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


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


def named_library(library: Path | None, host: str, *, has_passwords: bool) -> Path | None:
    """The library as the page names it in its hint for the terminal: where it lies is no visitor's business.

    >>> named_library(Path("/data/articles"), "0.0.0.0", has_passwords=True)
    PosixPath('DIR')
    """
    is_own = is_loopback(host) and not has_passwords
    return library if library is None or is_own else Path("DIR")


def check_mcp(*, wanted: bool) -> None:
    """Raise ``InputError`` with the command that installs it where the package for ``--mcp`` is wanted and missing."""
    if wanted and importlib.util.find_spec("mcp") is None:
        raise InputError('--mcp needs one more package: install it with  pip install "mcp>=1.21,<2"')


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


def _next(port: int) -> int:
    return port + 1 if port < 65_535 else 7860
