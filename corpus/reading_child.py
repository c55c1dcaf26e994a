"""The child's part of reading files of strangers: a path in, its article or what is wrong with it out.

It runs nothing but this; see `corpus.article_reader` for the parent's part.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import BinaryIO

from corpus.apart import bound_here
from corpus.files import ReadFailure, read_file
from corpus.one_line import one_line
from corpus.sent_article import MAX_ANSWER_BYTES, sent

__all__ = ["serve"]


def serve() -> None:
    """Read files until the input ends, each within the limits of `corpus.apart`, and say so on standard output."""
    requests, answers = sys.stdin.buffer, _undisturbed(sys.stdout.buffer)
    for line in requests:
        bound_here()
        path = Path(json.loads(line))
        answer = sent(read_file(path))
        if len(answer) > MAX_ANSWER_BYTES:
            answer = sent(ReadFailure(path, one_line(f"{path}: it holds too much text; split it into single articles")))
        answers.write(answer)
        answers.flush()


def _undisturbed(stream: BinaryIO) -> BinaryIO:
    """The same stream, out of reach of a native library that prints."""
    kept = os.fdopen(os.dup(stream.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
    return kept
