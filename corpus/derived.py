"""What is derived from a library's database, where the database went back to an earlier state.

The folder ``index`` beside a database holds folders named ``KIND-GENERATION-HASH``, each made of the state that had
this generation. A backup that is put back, or a log that was damaged, takes the database to an earlier generation, and
from there it comes to the same numbers with other articles.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

__all__ = ["drop_lost"]

FOLDER = "index"
NAME = re.compile(r".+-(\d{1,18})-[0-9a-f]{12}")


def drop_lost(library: Path, latest: Callable[[], int]) -> None:
    """Delete what was made of states that the database in this folder does not have (any more).

    ``latest`` reads its generation, after the folders were listed: another process may just have made a new state.
    """
    try:
        found = [(path, match) for path in (library / FOLDER).iterdir() if (match := NAME.fullmatch(path.name))]
    except OSError:
        return
    if found:
        generation = latest()
        for path, match in found:
            if int(match[1]) > generation:
                shutil.rmtree(path, ignore_errors=True)
