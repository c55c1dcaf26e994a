"""A PDF file -> its lines of text as they stand on the pages, with their places; the one file that uses PDFium.

PDFium was chosen over pypdf and pdfminer.six on PDFs printed by a browser: it alone spelt ligatures out, kept words
whole around soft hyphens and Hebrew in reading order beside figures, and it took a quarter of their time.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from unicodedata import bidirectional

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.errors import ArticleError
from corpus.spacing import tidy_characters

__all__ = ["MAX_CHARACTERS", "MAX_PAGES", "Line", "PageSize", "PdfText", "read_lines"]

MAX_PAGES = 2_000
MAX_CHARACTERS = 5_000_000
GUTTER = 1.8
"""A gap wider than so many line heights parts two cells or columns; spaces of justified text stay below one."""

_USUAL_SHARE = 0.08
_HYPHEN_AT_LINE_END = "\x02"
_LINE_ENDS = frozenset("\r\n" + _HYPHEN_AT_LINE_END)
_LIGATURES = dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_BULLETS = dict.fromkeys((0xF0B7, 0xF0A7, 0xF0D8, 0xF076, 0xF0FC, 0x25CF, 0x25AA, 0xF06E), "•")
_LETTERS = _LIGATURES | _BULLETS


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one baseline of a page, in points from its lower left corner; ``row`` is shared across a gutter."""

    text: str
    page: int
    row: int
    left: float
    right: float
    bottom: float
    top: float

    @property
    def size(self) -> float:
        """The height of the letters, ascenders and descenders included."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class PageSize:
    """Width and height of a page as it is shown, in points."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PdfText:
    """The lines of a PDF in the order they were drawn in, its pages' sizes, and what it says of itself."""

    lines: list[Line]
    pages: list[PageSize]
    info: dict[str, str]


@dataclass(slots=True)
class _Glyph:
    character: str
    left: float
    right: float
    bottom: float
    top: float


def read_lines(data: bytes) -> PdfText:
    """The text of a PDF; raises `ArticleError` without the file's name where it cannot be had."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _explain(error) from error
    count = len(document)
    if count > MAX_PAGES:
        raise ArticleError(f"it has {count:,} pages, at most {MAX_PAGES:,} are read; split it")
    lines: list[Line] = []
    sizes: list[PageSize] = []
    characters = 0
    for number in range(count):
        size, found = _read_page(document, number)
        characters += sum(len(line.text) for line in found)
        if characters > MAX_CHARACTERS:
            raise ArticleError(f"it holds more than {MAX_CHARACTERS // 1_000_000} million characters; split it")
        lines += found
        sizes.append(size)
    return PdfText(lines, sizes, {key: _fact(document, key) for key in ("Title", "Author")})


def _fact(document: pypdfium2.PdfDocument, key: str) -> str:
    try:
        return str(document.get_metadata_value(key))
    except UnicodeDecodeError:  # half a character
        return ""


def _explain(error: pypdfium2.PdfiumError) -> ArticleError:
    code = getattr(error, "err_code", None)
    if code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
        return ArticleError("it is locked with a password; save a copy without one")
    return ArticleError("it is damaged; open it in a viewer and print it to a new PDF, or save its text as .txt")


def _read_page(document: pypdfium2.PdfDocument, number: int) -> tuple[PageSize, list[Line]]:
    try:
        page = document[number]
        text = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise ArticleError(
            f"its page {number + 1} is damaged; open it in a viewer and print it to a new PDF"
        ) from error
    try:
        width, height = page.get_size()
        rotation = page.get_rotation()
        turned = (height, width) if rotation in {90, 270} else (width, height)
        glyphs = (_turned(glyph, rotation, *turned) for glyph in _glyphs(text))
        return PageSize(width, height), list(_lines(glyphs, number))
    finally:
        text.close()
        page.close()


def _glyphs(text: pypdfium2.PdfTextPage) -> Iterator[_Glyph]:
    """The characters of a page; a box is as high as its font, so that all letters of a line share one."""
    box = pdfium.FS_RECTF()
    pending = ""
    count = text.count_chars()
    if count > MAX_CHARACTERS:
        raise ArticleError("a page holds millions of characters; save its text as .txt")
    for index in range(count):
        character = chr(pdfium.FPDFText_GetUnicode(text, index))
        if "\ud800" <= character <= "\udbff":  # an emoji comes as two halves
            pending = character
            continue
        if pending:
            character = (pending + character).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            pending = ""
        pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box))
        yield _Glyph(character, box.left, box.right, box.bottom, box.top)


def _turned(glyph: _Glyph, rotation: int, width: float, height: float) -> _Glyph:
    """The glyph where a reader of the turned page sees it; ``width`` and ``height`` are the unturned page's."""
    left, right, bottom, top = glyph.left, glyph.right, glyph.bottom, glyph.top
    match rotation:
        case 90:
            return _Glyph(glyph.character, bottom, top, width - right, width - left)
        case 180:
            return _Glyph(glyph.character, width - right, width - left, height - top, height - bottom)
        case 270:
            return _Glyph(glyph.character, height - top, height - bottom, left, right)
    return glyph


def _lines(glyphs: Iterator[_Glyph], page: int) -> Iterator[Line]:
    row: list[_Glyph] = []
    number = 0
    for glyph in glyphs:
        if glyph.character in _LINE_ENDS:
            if glyph.character == _HYPHEN_AT_LINE_END:
                row.append(replace(glyph, character="-"))
            yield from _cells(row, page, number)
            row, number = [], number + 1
        else:
            row.append(glyph)
    yield from _cells(row, page, number)


def _cells(row: list[_Glyph], page: int, number: int) -> Iterator[Line]:
    """The line, or the parts of it that a gutter divides."""
    cell: list[_Glyph] = []
    left = right = height = 0.0
    for is_space, group in groupby(row, key=lambda glyph: glyph.character.isspace()):
        word = list(group)
        if not is_space:  # as a whole: in a line that runs to the left, figures run to the right
            start, end = min(glyph.left for glyph in word), max(glyph.right for glyph in word)
            if left < right and max(start - right, left - end) > GUTTER * height:
                yield from _line(cell, page, number)
                cell, height = [], 0.0
            left, right = (min(left, start), max(right, end)) if cell and height else (start, end)
            height = max(height, *(glyph.top - glyph.bottom for glyph in word))
        cell += word
    yield from _line(cell, page, number)


def _line(cell: list[_Glyph], page: int, row: int) -> Iterator[Line]:
    text = tidy_characters("".join(_in_reading_order(cell)).translate(_LETTERS))
    text = " ".join(text.split())
    inked = [glyph for glyph in cell if not glyph.character.isspace()]
    if text and inked:
        heights = Counter((round(glyph.bottom, 1), round(glyph.top, 1)) for glyph in inked)
        # A ligature or a footnote mark has a lower box of its own, and an initial over three lines a higher one.
        usual = [box for box, count in heights.items() if count >= _USUAL_SHARE * len(inked)] or list(heights)
        bottom, top = max(usual, key=lambda box: box[1] - box[0])
        left, right = min(glyph.left for glyph in inked), max(glyph.right for glyph in inked)
        yield Line(text, page, row, left, right, bottom, max(top, bottom + 0.1))


def _in_reading_order(glyphs: list[_Glyph]) -> Iterator[str]:
    """The characters; a right-to-left word that was stored from left to right is turned round."""
    for is_word, group in groupby(glyphs, key=lambda glyph: _runs_left(glyph.character)):
        word = list(group)
        if is_word and word[0].left < word[-1].left:
            word.reverse()
        yield from (glyph.character for glyph in word)


def _runs_left(character: str) -> bool:
    return not character.isascii() and bidirectional(character) in {"R", "AL", "NSM"}
