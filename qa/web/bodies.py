"""What a JSON body may hold: what every reader of JSON reads alike, and no file but one that was just uploaded."""

from __future__ import annotations

import json
from pathlib import Path, PurePath
from typing import Any

from qa.web.entrance import Refusal

__all__ = ["body_refusal"]

LARGEST_NUMBER = 2**53
"""Beyond it, readers of JSON disagree on what a whole number is."""

BROKEN = Refusal(400, "the request holds a number or a character that JSON cannot carry; mend it")
DEEP = Refusal(400, "the request is nested too deeply; send plain values")
NO_FILE = Refusal(400, "a file must be uploaded before it is named; send it again")


def body_refusal(body: bytes, inbox: Path | None = None) -> Refusal | None:
    """What a request with this body is told; ``None`` where it may pass, also where it is no JSON at all.

    The page's framework takes an object with a ``path`` for a file, wherever it stands: it would fetch it if it is an
    address, and say where the program lies if it is not one of the ``inbox``, in which uploads arrive.
    """
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
        return _found(value, inbox)
    except RecursionError:
        return DEEP
    except _ConstantError:
        return BROKEN
    except ValueError as error:
        # Numbers too long to be read end here, too; what is no JSON is for those to refuse who expect some.
        return None if isinstance(error, json.JSONDecodeError | UnicodeDecodeError) else BROKEN


class _ConstantError(ValueError):
    pass


def _refuse_constant(name: str) -> None:
    raise _ConstantError(name)


def _found(value: Any, inbox: Path | None) -> Refusal | None:
    """The first thing in a value that cannot pass."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if "path" in one and not _is_uploaded(one["path"], inbox):
                return NO_FILE
            left += [*one, *one.values()]
        elif isinstance(one, list):
            left += one
        elif not _is_plain(one):
            return BROKEN
    return None


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, float):
        return abs(value) != float("inf")
    return not isinstance(value, int) or abs(value) <= LARGEST_NUMBER


def _is_uploaded(path: object, inbox: Path | None) -> bool:
    """Whether a path is one that an upload was told: a folder of its own in the inbox, and a name in it."""
    if path is None:
        return True
    if inbox is None or not isinstance(path, str) or "\0" in path:
        return False
    place = PurePath(path)
    return place.parent.parent == PurePath(inbox) and ".." not in place.parts
