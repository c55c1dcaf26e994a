from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from corpus import docx_parts
from corpus.docx_parts import MAX_PART_BYTES
from corpus.errors import ArticleError
from corpus.read_docx import read_docx

Make = Callable[..., bytes]

STYLES = """<w:styles SPACES><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style></w:styles>"""
CORE = """<p:c xmlns:p="x" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>%s</dc:title>
<dc:creator>%s</dc:creator></p:c>"""


def p(words: str, style: str = "", settings: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{settings}</w:pPr>{words if words.startswith('<') else r(words)}</w:p>"


def r(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def test_headings_paragraphs_and_lists(make_docx: Make) -> None:
    number = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    body = p("The ferry sails", "Titel") + p("It left at noon.") + p("Stops", "berschrift1", number)
    body += p("Pier", settings=number) + p("Mill", "ListBullet") + p("Then home.")
    text, facts = read_docx(make_docx(body, **{"word/styles.xml": STYLES}))
    assert text.split("\n\n") == ["The ferry sails", "It left at noon.", "Stops", "- Pier\n- Mill", "Then home."]
    assert facts.title == "The ferry sails"


def test_words_are_those_of_the_final_version(make_docx: Make) -> None:
    body = p(
        r("The ")
        + f"<w:ins>{r('new ')}</w:ins><w:del><w:r><w:delText>old </w:delText></w:r></w:del>"
        + f"<w:moveFrom>{r('gone ')}</w:moveFrom><w:moveTo>{r('red ')}</w:moveTo>"
        + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden </w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        + f"<w:hyperlink>{r('ferry')}</w:hyperlink><w:sdt><w:sdtContent>{r(' sails')}</w:sdtContent></w:sdt>"
        + "<w:smartTag>"
        + r(" at")
        + "</w:smartTag><w:r><w:tab/><w:t>noon</w:t><w:noBreakHyphen/><w:t>time</w:t><w:softHyphen/></w:r>"
    )
    assert read_docx(make_docx(body))[0] == "The new red ferry sails at noon-time"


def test_tables_boxes_controls_and_notes(make_docx: Make) -> None:
    def cell(inner: str) -> str:
        return f"<w:tc>{inner}</w:tc>"

    nested = f"<w:tbl><w:tr>{cell(p('inner'))}</w:tr></w:tbl>"
    table = f"<w:tbl><w:tr>{cell(p('Port'))}{cell(p('1903') + nested)}</w:tr><w:tr>{cell(p('A frame.'))}</w:tr></w:tbl>"
    content = f"<w:txbxContent>{p('Boxed.')}</w:txbxContent>"
    box = f"<w:r><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></w:r>"
    twice = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    body = f"<w:sdt><w:sdtContent>{p('Controlled.')}</w:sdtContent></w:sdt>" + table + p(r("Beside ") + twice)
    notes = f"<w:footnotes SPACES><w:footnote>{p('A note.')}</w:footnote></w:footnotes>"
    text, _ = read_docx(make_docx(body, **{"word/footnotes.xml": notes}))
    assert text.split("\n\n") == ["Controlled.", "Port | 1903 inner", "A frame.", "Beside", "Boxed.", "A note."]


@pytest.mark.parametrize(
    ("title", "author", "kept"),
    [
        ("The ferry sails", "Ana Diaz", ("The ferry sails", "Ana Diaz")),
        ("Microsoft Word - ferry_v2.doc", "admin", (None, None)),
        ("untitled", "python-docx", (None, None)),
        ("Document1", "Microsoft Office User", (None, None)),
        ("https://example.org/a", "ana@example.org", (None, None)),
    ],
)
def test_facts_of_the_file_are_taken_where_a_person_wrote_them(
    make_docx: Make, title: str, author: str, kept: tuple[str | None, str | None]
) -> None:
    data = make_docx(p("It left at noon, an hour late."), **{"docProps/core.xml": CORE % (title, author)})
    _, facts = read_docx(data)
    assert (facts.title, facts.author, facts.published) == (*kept, None)


def test_a_template_s_title_yields_to_the_one_shown(make_docx: Make) -> None:
    body = p("The ferry sails", "Titel") + p("It left at noon.")
    parts = {"word/styles.xml": STYLES, "docProps/core.xml": CORE % ("Thesis of another year", "Ana Diaz")}
    assert read_docx(make_docx(body, **parts))[1].title == "The ferry sails"


def test_a_bomb_is_not_unpacked(make_docx: Make) -> None:
    bomb = make_docx("<w:p/>" + " " * (MAX_PART_BYTES + 10))
    assert len(bomb) < 100_000
    with pytest.raises(ArticleError, match="unpacks to more than"):
        read_docx(bomb)


def test_an_unusual_compression_is_refused(make_docx: Make) -> None:
    for compression in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        with pytest.raises(ArticleError, match="packed in a way that Word does not use"):
            read_docx(make_docx(p("Damaged, these raise errors of their own."), compression=compression))


def test_millions_of_empty_paragraphs_are_not_walked(make_docx: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_parts, "MAX_TAGS", 100)
    with pytest.raises(ArticleError, match="millions of parts"):
        read_docx(make_docx("<w:p/>" * 101))


def test_nested_tables_take_no_time(make_docx: Make) -> None:
    body = p("Deep.")
    for _ in range(60):
        body = f"<w:tbl><w:tr><w:tc>{body}</w:tc></w:tr></w:tbl>"
    assert read_docx(make_docx(body))[0] == "Deep."


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def far_away(data: bytes) -> bytes:
    """The archive, with its last part said to lie 2^64 - 1 bytes on, in the zip64 extra field of the directory."""
    entry, end = data.rfind(b"PK\x01\x02"), data.rfind(b"PK\x05\x06")
    extra = struct.pack("<HHQ", 1, 8, 2**64 - 1)
    (size,) = struct.unpack_from("<I", data, end + 12)
    changed = bytearray(data)
    struct.pack_into("<I", changed, end + 12, size + len(extra))
    struct.pack_into("<I", changed, entry + 42, 0xFFFFFFFF)
    struct.pack_into("<H", changed, entry + 30, len(extra))
    (name,) = struct.unpack_from("<H", data, entry + 28)
    changed[entry + 46 + name : entry + 46 + name] = extra
    return bytes(changed)


ENTITY = b"""<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/hostname">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>&b;&x;</w:t></w:r></w:p>
</w:document>"""
DEEP = b"<a>" * 5000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a Word document"),
        (b"The ferry sailed.", "not a Word document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old or locked"),
        (b"PK\x03\x04" + bytes(300), "damaged"),
        (far_away(archive(**{"[Content_Types].xml": b"<T/>", "word/document.xml": b"<d/>"})), "damaged"),
        (b"PK\x01\x02" * 10_001, "10,000 files"),
        (archive(a=b"x"), "ZIP archive"),
        (archive(**{"[Content_Types].xml": b"<T/>"}), "without a Word text"),
        (archive(**{"[Content_Types].xml": b"<T/>", "word/document.xml": b"<w:doc"}), "XML is damaged"),
        (archive(**{"[Content_Types].xml": b"<T/>", "word/document.xml": DEEP}), "XML is damaged"),
        (archive(**{"[Content_Types].xml": b"<T/>", "word/document.xml": ENTITY}), "declares entities"),
        (archive(**{"[Content_Types].xml": b"<T/>", "word/document.xml": b"<d/>"}), "no text in it"),
    ],
)
def test_what_cannot_be_read_gets_one_line(data: bytes, message: str) -> None:
    with pytest.raises(ArticleError, match=message) as refused:
        read_docx(data, "notes.docx")
    assert str(refused.value).startswith("notes.docx: ")
    assert "\n" not in str(refused.value)


def test_any_damage_is_an_article_error_or_none(make_docx: Make) -> None:
    sound = make_docx(p("It left at noon, an hour late."))
    for at in range(0, len(sound), 7):
        try:
            read_docx(sound[:at] + bytes([sound[at] ^ 0x15]) + sound[at + 1 :])
        except ArticleError:
            continue
