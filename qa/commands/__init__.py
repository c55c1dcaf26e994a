"""One file a command of the shell; each has ``add_command``, which declares the options and names what runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from qa.commands import add, ask, doctor, evaluate, gold, list_articles, predict, remove, search
from qa.commands.options import Commands

__all__ = ["COMMANDS"]

# In the order in which --help lists them. None of these files imports a model or a drawing library at its top.
COMMANDS: Final[tuple[Callable[[Commands], None], ...]] = (
    ask.add_command,
    search.add_command,
    add.add_command,
    list_articles.add_command,
    remove.add_command,
    predict.add_command,
    evaluate.add_command,
    gold.add_command,
    doctor.add_command,
)
