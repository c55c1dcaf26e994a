"""A Word document's container: a ZIP file of XML parts, opened under limits; the one file that parses its XML."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from lxml import etree

from corpus.errors import ArticleError

__all__ = ["MAX_PART_BYTES", "open_parts"]

MAX_PART_BYTES = 30_000_000
"""Unpacked; the text of a book of a thousand pages takes about a third of it."""
MAX_ENTRIES = 10_000
MAX_TAGS = 2_000_000
"""In one part: a million elements. Walking them takes twenty seconds, and the longest books have half of them."""

_ENTRY = b"PK\x01\x02"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_TYPES = "[Content_Types].xml"
# What reading a broken archive out of memory has raised: beside its own errors those of wrong lengths, of places before
# the beginning or beyond any file, and RuntimeError, with NotImplementedError below it, of what is locked or of a later
# format.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError, RuntimeError)


def open_parts(data: bytes, names: tuple[str, ...]) -> dict[str, Any]:
    """The root elements of those of the named parts that the document has.

    Nothing is unpacked to disk, no entity is resolved and nothing is fetched.
    Raises `ArticleError` without the file's name for what is no Word document, damaged, locked, or a bomb.
    """
    if data.startswith(_OLD_OFFICE):
        raise ArticleError("an old or locked Word document; open it in Word and save it as .docx without a password")
    if not data.startswith(b"PK"):
        raise ArticleError("not a Word document; give the file the extension of its format, or save it as .docx")
    if data.count(_ENTRY) > MAX_ENTRIES:
        raise ArticleError(f"more than {MAX_ENTRIES:,} files are packed in it; save the text alone as .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            present = set(archive.namelist())
            if _TYPES not in present:
                raise ArticleError("a ZIP archive, not a Word document; unpack it and add the files in it")
            return {name: _parse(_unpack(archive, name)) for name in names if name in present}
    except _BROKEN as error:
        raise ArticleError("it is damaged; open it in Word or LibreOffice and save it again") from error


def _unpack(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part; reading stops one byte above the limit, whatever size the archive declares."""
    if archive.getinfo(name).compress_type not in _PACKED:
        raise ArticleError("it is packed in a way that Word does not use; open it in Word and save it again")
    with archive.open(name) as part:
        content = part.read(MAX_PART_BYTES + 1)
    if len(content) > MAX_PART_BYTES:
        raise ArticleError(f"it unpacks to more than {MAX_PART_BYTES // 1_000_000} MB of text; split it")
    return content


def _parse(content: bytes) -> Any:
    if content.count(b"<") > MAX_TAGS:
        raise ArticleError("it has millions of parts, which no text has; save the text alone as .docx")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ArticleError("its XML is damaged; open it in Word or LibreOffice and save it again") from error
    if root.getroottree().docinfo.doctype:  # Word writes none; entities are declared there
        raise ArticleError("its XML declares entities, which no Word document does; save it again from Word")
    return root
