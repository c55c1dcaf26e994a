"""Which reader takes which file: an extension -> a function from bytes to a `Draft`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.decode import decode, read_bytes
from corpus.errors import ArticleError
from corpus.metadata import Metadata

__all__ = ["Draft", "is_supported", "read_draft", "supported_extensions"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a format's reader makes of one file: its readable text, not yet cleaned, and the facts its markup states."""

    text: str
    metadata: Metadata
    format: str


Reader = Callable[[bytes, str], Draft]


def _read_text(data: bytes, name: str) -> Draft:
    return Draft(decode(data, name), Metadata(), "txt")


def _read_markdown(data: bytes, name: str) -> Draft:
    from corpus.read_markdown import read_markdown  # a reader's library is loaded when a file needs it

    text, metadata = read_markdown(decode(data, name), name)
    return Draft(text, metadata, "md")


def _read_html(data: bytes, name: str) -> Draft:
    from corpus.read_html import read_html

    text, metadata = read_html(data, name)
    return Draft(text, metadata, "html")


_READERS: dict[str, Reader] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".xhtml": _read_html,
}


def supported_extensions() -> tuple[str, ...]:
    """The extensions of article files, lower case, with the dot."""
    return tuple(_READERS)


def is_supported(path: Path) -> bool:
    """Whether the file's extension has a reader."""
    return path.suffix.lower() in _READERS


def read_draft(path: Path) -> Draft:
    """The text and the facts of an article file, read by its extension.

    Raises `ArticleError` for an unknown extension and for a file that cannot be read.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ArticleError(f"{path}: unknown format; supported are {', '.join(_READERS)}")
    return reader(read_bytes(path), str(path))
