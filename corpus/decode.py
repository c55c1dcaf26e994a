"""Bytes of an article file -> text, or one clear error: empty, binary, too large, not text."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from charset_normalizer import from_bytes

from corpus.errors import ArticleError

__all__ = ["MAX_ARTICLE_BYTES", "MAX_DOCUMENT_BYTES", "decode", "read_bytes"]

MAX_ARTICLE_BYTES = 20_000_000
"""The largest file that is read: about three thousand pages of plain text, far above any article."""

MAX_DOCUMENT_BYTES = 100_000_000
"""The largest PDF or office document that is read: it is mostly images."""

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a sound, video or WebP file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "a rich-text file"),
)
# Letters, quotation marks and signs that Western prose holds above ASCII; any other character in a windows-1252
# reading ("³", "±", "¤") says that the bytes are something else.
_WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿŒœŠšŽžŸ“”‘’„‚–—…•«»¿¡€£§°©®™\xa0ºª·"
)
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_SAMPLE_BYTES = 200_000  # enough to tell an encoding; the detector's time grows with the input


def read_bytes(path: Path, most: int = MAX_ARTICLE_BYTES) -> bytes:
    """The bytes of a regular file of at most ``most`` bytes; `ArticleError` otherwise."""
    try:
        if not path.is_file():
            raise ArticleError(f"{path}: not a file; name an article file or a folder of them")
        # What stands there may have been exchanged meanwhile for a pipe, whose opening would wait for ever.
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ArticleError(f"{path}: not a file; name an article file or a folder of them")
            data = b"" if status.st_size > most else file.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise ArticleError(f"{path}: cannot be read ({reason}); check the path and its permissions") from error
    if max(status.st_size, len(data)) > most:
        raise ArticleError(f"{path}: larger than {most // 1_000_000} MB; split it into single articles")
    return data


def decode(data: bytes, name: str = "text") -> str:
    r"""The text of ``data``, with every line end as ``\n``; ``name`` is the file named in an error.

    A byte order mark wins, then UTF-8, then UTF-16 told by its zero bytes, then the likeliest old encoding.
    Raises `ArticleError` for empty, binary and oversized input.

    >>> decode(b"caf\xc3\xa9\r\n")
    'café\n'
    """
    _refuse_unusable(data, name)
    text = _decode_marked(data, name)
    if text is None:
        text = _decode_unmarked(data, name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip("\ufeff \n\t\x00"):
        raise ArticleError(f"{name}: the file is empty; save the article's text in it")
    if _is_binary(text):
        raise ArticleError(f"{name}: the file is binary, not text; save the article as UTF-8 text")
    return text


def _refuse_unusable(data: bytes, name: str) -> None:
    if not data.strip():
        raise ArticleError(f"{name}: the file is empty; save the article's text in it")
    if len(data) > MAX_ARTICLE_BYTES:
        raise ArticleError(f"{name}: larger than {MAX_ARTICLE_BYTES // 1_000_000} MB; split it into single articles")
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise ArticleError(f"{name}: the file is {kind}, not text; save the article as UTF-8 text")


def _decode_marked(data: bytes, name: str) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise ArticleError(
                    f"{name}: damaged {encoding} text at byte {error.start}; save the article as UTF-8 text"
                ) from error
    return None


def _decode_unmarked(data: bytes, name: str) -> str:
    wide = _wide_encoding(data)
    for encoding in ("utf-8", wide):
        if encoding:
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text:
                return text
    if b"\x00" in data:
        raise ArticleError(f"{name}: the file is binary, not text; save the article as UTF-8 text")
    return _decode_old(data, name)


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark: mostly Latin text has a zero in nearly every other byte."""
    if len(data) % 2:
        return None
    half = len(data) // 2
    if data[1::2].count(0) > 0.5 * half and data[0::2].count(0) < 0.05 * half:
        return "utf-16-le"
    if data[0::2].count(0) > 0.5 * half and data[1::2].count(0) < 0.05 * half:
        return "utf-16-be"
    return None


def _decode_old(data: bytes, name: str) -> str:
    matches = from_bytes(data[:_SAMPLE_BYTES])
    best = matches.best()
    western = _decode_western(data)
    if western is not None:
        # On short Latin texts the detector's first choice is nearly arbitrary (cp1250, cp1125 for French and
        # Portuguese); it is followed against windows-1252 only where it recognised the language clearly better.
        known = max((match.coherence for match in matches if match.encoding in {"cp1252", "latin_1"}), default=0.0)
        if best is None or best.coherence <= known + 0.1:
            return western
    if best is None:
        raise ArticleError(f"{name}: the encoding is not recognised; save the article as UTF-8 text")
    return data.decode(best.encoding, errors="replace")


def _decode_western(data: bytes) -> str | None:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    high = [character for character in text if character > "\x7f"]
    if len(high) > 0.2 * len(text) or not _WESTERN.issuperset(high):
        return None
    return text


def _is_binary(text: str) -> bool:
    """Whether more than one character in a hundred is a control character that no text editor writes."""
    odd = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\f\v\x1b")
    return "\x00" in text or odd > 0.01 * len(text)
