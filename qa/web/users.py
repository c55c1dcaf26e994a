"""Adding a user in a terminal: the password is typed twice, or comes from the environment in a script."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from corpus.errors import InputError
from qa.web.passwords import SHORTEST, add_user

__all__ = ["VARIABLE", "new_user"]

VARIABLE = "QA_PASSWORD"


def new_user(file: Path | None, name: str) -> str:
    """Add a user to a file, or give one in it another password; one line that tells so. Raises ``InputError``."""
    if file is None:
        raise InputError(f"--add-user {name}: name the file, too, as in --auth users.txt --add-user {name}")
    add_user(file, name, _password())
    return f"{name} may come in: start the chat with --auth {file}"


def _password() -> str:
    given = os.environ.get(VARIABLE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise InputError(f"there is no terminal to type the password in; put it into the variable {VARIABLE}")
    typed = getpass.getpass(f"Password ({SHORTEST} characters or more): ")
    if getpass.getpass("Once more: ") != typed:
        raise InputError("these were two different passwords; begin again")
    return typed
