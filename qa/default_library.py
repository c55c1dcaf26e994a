"""The library that is used when none is named: built from the two bundled articles at its first use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.bundled import bundled_articles

if TYPE_CHECKING:
    from qa.engine import Engine

__all__ = ["default_folder", "fill"]


def default_folder() -> Path:
    """Where the default library lives: ``$QA_LIBRARY``, or the user's data folder of this platform."""
    if named := os.environ.get("QA_LIBRARY"):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("qa-articles", appauthor=False) / "library"


def fill(engine: Engine) -> None:
    """Put the bundled articles into a library that nothing was ever added to."""
    if engine.library.generation == 0:
        engine.add(bundled_articles())
