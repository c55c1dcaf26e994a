"""Keeping the libraries behind the page from calling anybody: their switches are set, and their sockets watched."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from collections.abc import Iterable
from typing import Any

from qa.serving import LOOPBACK, is_loopback

__all__ = ["refuse_outside", "stay_offline"]

SWITCHES = {
    "DO_NOT_TRACK": "1",
    # It would count up its last 10,000 events anew after each one, for a page of figures that is closed here.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "100",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
}
# What the interpreter tells before it happens, and where in its arguments the other end stands.
_ADDRESSED = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
_NAMED = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})


def stay_offline() -> None:
    """Switch off every call home of the libraries behind the page; to be done before they are imported."""
    os.environ.update(SWITCHES)
    # At its start the server calls itself once; a proxy in the environment must not get that call.
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(_with_loopback(os.environ.get(name, "")))


def refuse_outside(listening: str = "") -> None:
    """From now on, refuse every Python socket of this process that would reach beyond this machine; for good.

    A visitor can name an address in the place of a file, and the page's framework would fetch it. Answering a client
    is no connection that we open, and stays possible; so does looking up the name of the address ``listening``.
    """

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith("socket.") and _reaches_out(event, arguments, listening):
            raise PermissionError("this program opens no connections to other machines")

    sys.addaudithook(watch)


def _reaches_out(event: str, arguments: tuple[Any, ...], listening: str) -> bool:
    if event in _NAMED:
        host = _text(arguments[0])
        return host != listening and not _is_literal(host) and not _is_here(host)
    place = _ADDRESSED.get(event)
    if place is None or arguments[0].family == getattr(socket, "AF_UNIX", None):
        return False
    address = arguments[place]
    if address is None:  # it is connected already
        return False
    return not (isinstance(address, tuple) and bool(address) and _is_here(_text(address[0])))


def _text(host: object) -> str:
    """A host, as the socket module takes it, as text; "" for all addresses of this machine."""
    return host.decode("latin-1") if isinstance(host, bytes) else str(host or "")


def _is_here(host: str) -> bool:
    """Whether a host is this machine.

    >>> _is_here("127.0.0.1"), _is_here("::1%lo"), _is_here("example.org")
    (True, True, False)
    """
    return not host or is_loopback(host.partition("%")[0])


def _is_literal(host: str) -> bool:
    """Whether a host is an address already, for which nobody has to be asked."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _with_loopback(names: str) -> Iterable[str]:
    return dict.fromkeys([*filter(None, names.split(",")), *sorted(LOOPBACK)])
