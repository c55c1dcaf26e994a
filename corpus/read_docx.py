"""A Word document -> its text: headings, paragraphs, lists, tables, text boxes and footnotes, as finally worded.

Walked here rather than by a library: python-docx leaves out inserted words, content controls and text boxes, and
mammoth, which has them, holds the whole document as one tree of Python objects without a limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus.document_facts import document_facts
from corpus.docx_parts import open_parts
from corpus.errors import ArticleError
from corpus.metadata import Metadata

__all__ = ["read_docx"]

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_WORD = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"

_TEXTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_STYLES, _PROPERTIES = "word/styles.xml", "docProps/core.xml"

_CHARACTERS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "", "ptab": " "}
_LEFT_OUT = frozenset({"del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sectPr", "tblPr", "trPr", "tcPr"})
"""Deleted and moved words, field codes, and settings."""
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo"})
_MAX_DEPTH = 150


def read_docx(data: bytes, name: str = "document") -> tuple[str, Metadata]:
    r"""The text of a Word document, a blank line between blocks, and the title and author it states.

    Tracked changes are taken as accepted; footnotes follow the text; headers and footers of pages are left out.
    Raises `ArticleError` for what is no Word document, damaged, locked, empty, or built to harm.
    """
    try:
        return _read(open_parts(data, (*_TEXTS, _STYLES, _PROPERTIES)))
    except ArticleError as error:
        raise ArticleError(f"{name}: {error}") from error


def _read(parts: Mapping[str, Any]) -> tuple[str, Metadata]:
    if _TEXTS[0] not in parts:
        raise ArticleError("an office file without a Word text in it; save it as .docx")
    document = _Document(_names_of_styles(parts.get(_STYLES)))
    blocks = [block for part in _TEXTS if part in parts for block in document.blocks(parts[part])]
    if not blocks:
        raise ArticleError("there is no text in it; if it holds images of text, run OCR over them first")
    text = "\n\n".join(blocks)
    core = parts.get(_PROPERTIES)
    title, author = (None, None) if core is None else (core.findtext(f"{_DUBLIN}{it}") for it in ("title", "creator"))
    return text, document_facts(title, author, text, document.title)


def _names_of_styles(styles: Any) -> dict[str, str]:
    """A style's id -> its name, which is English in every language of Word: "heading 1", "list bullet"."""
    found = {}
    for style in styles if styles is not None else ():
        identity = style.get(f"{_WORD}styleId") or style.get(f"{_STRICT_WORD}styleId")
        names = [_value(name) for name in style if _tag(name) == "name"]
        if identity and names:
            found[identity] = names[0].casefold()
    return found


class _Document:
    """One walk over a document's elements; ``title`` is the heading that it opens with."""

    def __init__(self, styles: Mapping[str, str]) -> None:
        self._styles = styles
        self._is_opening = True
        self.title: str | None = None

    def blocks(self, element: Any, depth: int = 0) -> Iterator[str]:
        """The blocks of text below an element, in order; items of a list in one block, a line each."""
        _refuse_deep(depth)
        items: list[str] = []
        for child in element:
            tag = _tag(child)
            is_item = tag == "p" and self._is_item(child)
            if items and not is_item:
                yield "\n".join(items)
                items = []
            if is_item:
                items += [f"- {text}" for text in self._paragraph(child, depth)]
            elif tag == "p":
                yield from self._paragraph(child, depth)
            elif tag == "tbl":
                yield from self._rows(child, depth)
            elif tag not in _LEFT_OUT:  # bodies, notes, content controls
                yield from self.blocks(_chosen(child), depth + 1)
        if items:
            yield "\n".join(items)

    def _rows(self, table: Any, depth: int) -> Iterator[str]:
        """Each row of a table as one line; a row of a single cell is a frame around text."""
        for row in _inside(table, "tr"):
            cells = [list(self.blocks(cell, depth + 1)) for cell in _inside(row, "tc")]
            if len(cells) == 1:
                yield from cells[0]
            elif any(cells):
                yield " | ".join(" ".join(" ".join(cell).split()) for cell in cells)

    def _paragraph(self, paragraph: Any, depth: int) -> Iterator[str]:
        """The words of a paragraph, then the blocks of the text boxes that hang on it."""
        boxes: list[Any] = []
        words = "".join(_words(paragraph, boxes, depth)).strip()
        if words:
            if self._is_opening and self._style(paragraph) in {"title", "heading 1"}:
                self.title = " ".join(words.split())
            self._is_opening = False
            yield words
        for box in boxes:
            yield from self.blocks(box, depth + 1)

    def _style(self, paragraph: Any) -> str:
        identity = next((_value(found) for found in _settings(paragraph, "pPr", "pStyle")), "")
        return self._styles.get(identity, identity.casefold())

    def _is_item(self, paragraph: Any) -> bool:
        """Whether a paragraph is numbered or bulleted, itself or by its style; numbered headings are not items."""
        style = self._style(paragraph)
        numbers = next((_value(found) for group in _settings(paragraph, "pPr", "numPr") for found in group), None)
        return not style.startswith(("heading", "title")) and (numbers is not None or style.startswith("list"))


def _refuse_deep(depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise ArticleError("its parts are nested too deeply; save it again from Word")


def _inside(element: Any, name: str, depth: int = 0) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those in content controls."""
    _refuse_deep(depth)
    for child in element:
        tag = _tag(child)
        if tag == name:
            yield child
        elif tag in _WRAPPERS:
            yield from _inside(child, name, depth + 1)


def _words(element: Any, boxes: list[Any], depth: int) -> Iterator[str]:
    _refuse_deep(depth)
    for child in element:
        tag = _tag(child)
        if tag == "t":
            yield child.text or ""
        elif tag in _CHARACTERS:
            yield _CHARACTERS[tag]
        elif tag == "txbxContent":
            boxes.append(child)
        elif tag not in _LEFT_OUT and not (tag == "r" and _is_hidden(child)):
            yield from _words(_chosen(child), boxes, depth + 1)


def _chosen(element: Any) -> Any:
    """Of several renderings of the same thing the first: Word writes a text box once for each of its ages."""
    if element.tag == f"{_COMPATIBLE}AlternateContent":
        return next(iter(element), element)
    return element


def _is_hidden(run: Any) -> bool:
    return any(_value(found) not in {"0", "false"} for found in _settings(run, "rPr", "vanish"))


def _settings(element: Any, group: str, name: str) -> Iterator[Any]:
    for properties in element:
        if _tag(properties) == group:
            yield from (found for found in properties if _tag(found) == name)


def _value(element: Any) -> str:
    return element.get(f"{_WORD}val") or element.get(f"{_STRICT_WORD}val") or ""


def _tag(element: Any) -> str:
    """The name of a Word element; of another namespace's, nothing, so that its content is looked through."""
    name = element.tag
    if not isinstance(name, str):
        return ""
    for space in (_WORD, _STRICT_WORD):
        if name.startswith(space):
            return name[len(space) :]
    return ""
