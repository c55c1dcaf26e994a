"""Thumbs up and down with their comments, one JSON object a line, in the form that ``qa gold draft`` reads."""

from __future__ import annotations

import json
import logging
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from corpus.errors import InputError
from qa.conversation import Turns, history_of

__all__ = ["LARGEST_FILE", "LONGEST_COMMENT", "Ratings", "default_ratings_file"]

LONGEST_COMMENT = 2_000
LARGEST_FILE = 100_000_000
"""Bytes; some 50,000 ratings. Whoever may ask may rate, and must not fill the disk with it."""

logger = logging.getLogger(__name__)


class Ratings:
    """A file that ratings are added to; several threads and processes may add at once, each line whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def add(self, turns: Turns, number: int, *, good: bool, comment: str = "") -> None:
        """Store what a reader thinks of turn ``number``; ``InputError`` where that is no answer or cannot be written.

        A comment that comes after the thumb is a line of its own: both belong to one question.
        """
        reply = turns[number].reply if 0 <= number < len(turns) else None
        if reply is None:
            raise InputError("this message is no answer; rate one that is")
        citations = [
            {"article_id": place.article_id, "quote": place.quote, "start": place.start, "end": place.end}
            for place in reply.excerpts
        ]
        row = {
            "question": turns[number].question,
            "history": history_of(turns[:number]),
            "answer": reply.text,
            "confidence": reply.confidence,
            "verdict": "up" if good else "down",
            "comment": comment.strip()[:LONGEST_COMMENT] or None,
            "citations": citations,
            "only": turns[number].only or None,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        self._append(json.dumps(row, ensure_ascii=True) + "\n")

    def _append(self, line: str) -> None:
        try:
            with self._lock:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with os.fdopen(os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "a+b") as file:
                    if file.seek(0, os.SEEK_END) > LARGEST_FILE:
                        raise InputError("there are very many ratings already; tell whoever runs this server")
                    file.write((_gap(file) + line).encode("ascii"))
        except OSError as error:
            # The reader may be a visitor, whom the places of this machine do not concern.
            logger.exception("no rating can be stored in %s", self.path)
            reason = error.strerror or "unknown reason"
            raise InputError(f"your rating could not be stored ({reason}); tell whoever runs this server") from error


def _gap(file: BinaryIO) -> str:
    """What parts the next line from one that a full disk cut short; "" where the last line is whole."""
    if not file.seek(0, os.SEEK_END):
        return ""
    file.seek(-1, os.SEEK_END)
    return "" if file.read(1) == b"\n" else "\n"


def default_ratings_file() -> Path:
    """Where ratings go unless another file is named: ``ratings.jsonl`` in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("qa-articles", appauthor=False) / "ratings.jsonl"
