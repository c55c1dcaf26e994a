"""A PDF -> its text by pages, as paragraphs without running heads and page numbers.

Nothing in a PDF is run or fetched, and the whole of its reading happens in a child process.
"""

from __future__ import annotations

from typing import Any

from corpus.apart import read_apart
from corpus.document_facts import document_facts
from corpus.errors import ArticleError
from corpus.metadata import Metadata
from corpus.pages import ends_of, pages_from_ends
from corpus.types import Span

__all__ = ["parse", "read_pdf"]

_HEADER = b"%PDF-"
_HEADER_WITHIN = 1024
_MOST_UNREADABLE = 0.3
_NO_TEXT = "there is no text in it, only images; run OCR over it first (ocrmypdf, for one)"


def read_pdf(data: bytes, name: str = "document") -> tuple[str, tuple[Span, ...], Metadata]:
    r"""The text of a PDF, a blank line between paragraphs, its pages as spans of it, and the facts it states.

    Raises `ArticleError` for what is no PDF, for one that is damaged, locked, without text or with too many pages,
    and for one that takes too long.
    """
    if _HEADER not in data[:_HEADER_WITHIN]:
        raise ArticleError(f"{name}: not a PDF; give the file the extension of its format, or download it again")
    answer = read_apart("corpus.read_pdf", data, name)
    text, pages = answer["text"], pages_from_ends(answer["ends"])
    return text, pages, document_facts(answer["title"], answer["author"], text, answer["shown"])


def parse(data: bytes) -> dict[str, Any]:
    """Called in the child: the text, where each page of it ends, and the title and author in the file."""
    from corpus.pdf_columns import in_reading_order  # loaded in the child alone, and with it the native library
    from corpus.pdf_furniture import without_furniture
    from corpus.pdf_lines import read_lines
    from corpus.pdf_paragraphs import assemble, paragraphs_of
    from corpus.pdf_title import title_of

    found = read_lines(data)
    _refuse_unreadable("".join(line.text for line in found.lines))
    lines = without_furniture(list(in_reading_order(found.lines)), found.pages)
    if not lines:  # a scan may carry page numbers
        raise ArticleError(_NO_TEXT)
    paragraphs = paragraphs_of(lines)
    text, pages = assemble(paragraphs, len(found.pages))
    return {
        "text": text,
        "ends": ends_of(pages),
        "shown": title_of(paragraphs),
        "title": found.info.get("Title"),
        "author": found.info.get("Author"),
    }


def _refuse_unreadable(characters: str) -> None:
    if not characters:
        raise ArticleError(_NO_TEXT)
    odd = sum(map(_is_unreadable, characters))
    if odd > _MOST_UNREADABLE * len(characters):
        raise ArticleError("its fonts do not say which letters they show; run OCR over it first (ocrmypdf --force-ocr)")


def _is_unreadable(character: str) -> bool:
    return "\ue000" <= character <= "\uf8ff" or character in "\ufffd\ufffe\uffff"
