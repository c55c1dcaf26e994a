"""Which reader takes which file: an extension -> a function from bytes to a `Draft`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.decode import MAX_ARTICLE_BYTES, MAX_DOCUMENT_BYTES, decode, read_bytes
from corpus.errors import ArticleError
from corpus.metadata import Metadata
from corpus.types import Span

__all__ = ["Draft", "is_supported", "read_draft", "supported_extensions"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a format's reader makes of one file: its readable text, not yet cleaned, and the facts its markup states.

    ``pages`` tile the text where the file has pages; its paragraphs are then parted by blank lines and tidy already.
    """

    text: str
    metadata: Metadata
    format: str
    pages: tuple[Span, ...] = ()


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


def _read_pdf(data: bytes, name: str) -> Draft:
    from corpus.read_pdf import read_pdf

    text, pages, metadata = read_pdf(data, name)
    return Draft(text, metadata, "pdf", pages)


def _read_docx(data: bytes, name: str) -> Draft:
    from corpus.read_docx import read_docx

    text, metadata = read_docx(data, name)
    return Draft(text, metadata, "docx")


_READERS: dict[str, Reader] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".xhtml": _read_html,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
}
_WITH_IMAGES = frozenset({".pdf", ".docx"})
_OTHERS = {
    ".doc": "an old Word document; open it in Word or LibreOffice and save it as .docx",
    ".docm": "a Word document with macros; save it as .docx",
    ".odt": "an OpenDocument text; save it as .docx",
    ".rtf": "a rich-text file; save it as .docx",
    ".epub": "an e-book; save it as .pdf or .html",
}
"""Formats that people try, and what to do with them."""


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
    extension = path.suffix.lower()
    reader = _READERS.get(extension)
    if reader is None:
        reason = _OTHERS.get(extension, f"unknown format; supported are {', '.join(_READERS)}")
        raise ArticleError(f"{path}: {reason}")
    most = MAX_DOCUMENT_BYTES if extension in _WITH_IMAGES else MAX_ARTICLE_BYTES
    return reader(read_bytes(path, most), str(path))
