"""Ask your own articles a question and get an answer you can quote: verbatim, cited to the character, offline."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Sequence
from pathlib import Path

from corpus.errors import QAError
from corpus.filters import Filter
from corpus.store import is_address
from qa.engine import DEFAULT_TOP_K, Engine
from qa.followup import Message
from qa.types import Alternative, Answer, Citation

__all__ = ["Alternative", "Answer", "Citation", "Engine", "Filter", "QAError", "answer"]

_engines: dict[str | None, Engine] = {}
_lock = threading.Lock()


def answer(
    question: str,
    *,
    library: str | Path | None = None,
    history: Sequence[Message] | None = None,
    top_k: int = DEFAULT_TOP_K,
    where: Filter | None = None,
) -> Answer:
    """Answer a question from a library's articles, or from the two bundled ones where no ``library`` is named.

    ``where`` restricts it to some articles, publishers, dates or speakers. The models stay loaded between calls.
    Raises ``QAError`` with one line that says how to mend it.

    >>> answer("How many major projects were launched?").text  # doctest: +SKIP
    '40'
    """
    return _engine(library).answer(question, history=history, top_k=top_k, where=where)


def _engine(library: str | Path | None) -> Engine:
    key = None if library is None else str(library if is_address(library) else Path(library).resolve())
    with _lock:
        if key not in _engines:
            _engines[key] = Engine.open(library)
        return _engines[key]


@atexit.register
def _close() -> None:
    for engine in _engines.values():
        engine.close()
