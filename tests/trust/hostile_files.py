"""Files built to harm, made on the spot: what each is called, what it holds, and what may be said of it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["READABLE", "WORDS", "Hostile", "docx", "page", "pdf", "quick_files", "slow_files"]

WORDS = "The ferry of Lake Ansel sailed again on Monday, and two hundred people waved from the old pier."
READABLE = ""
"""In the place of a message: the file is read after all, and harmlessly."""

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PARAGRAPH = f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file's name, its bytes, and words of the one line that it gets, alternatives parted by ``|``."""

    name: str
    content: bytes
    says: str

    def is_fitting(self, message: str) -> bool:
        """Whether this may be said of the file; "" says that it was read."""
        expected = self.says.split("|")
        return message in expected if message == READABLE else any(words in message for words in filter(None, expected))


def docx(
    document: str | None = None, more: Mapping[str, bytes] | None = None, compression: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A Word document whose body is ``document``, and other parts by path."""
    file = io.BytesIO()
    body = _PARAGRAPH if document is None else document
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {_WORD}><w:body>{body}</w:body></w:document>")
        for path, content in (more or {}).items():
            archive.writestr(path, content)
    return file.getvalue()


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """An object of a PDF that carries content."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, the first its catalogue; it has no table of them, so that a reader looks for them."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, text) for number, text in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R/Size %d%s>>\n%%%%EOF" % (len(objects) + 1, trailer)


def _page_of(content: bytes, kids: bytes = b"3 0 R", count: int = 1) -> tuple[bytes, ...]:
    return (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def page(html: str) -> bytes:
    """A web page with a short article and ``html`` in its body."""
    return f"<html><body><article><p>{WORDS}</p><p>{WORDS} {html}</p></article></body></html>".encode()


def quick_files() -> Iterator[Hostile]:
    """Those that are made and read within half a second each; each is made when it is asked for."""
    for make in (_documents, _pdfs, _pages, _markdowns, _texts, _strangely_named):
        yield from make()


def slow_files() -> Iterator[Hostile]:
    """The others, some of which use up the time that a file has."""
    for make in (_large_documents, _large_pdfs, _large_pages, _large_texts):
        yield from make()


def _documents() -> Iterator[Hostile]:
    many = b"<!DOCTYPE d [<!ENTITY a0 'lol'>%s]><d>&a9;</d>" % b"".join(
        b"<!ENTITY a%d '%s'>" % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10)
    )
    outside = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    fetched = b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd"><d/>'
    for name, part in (("laughs", many), ("outside", outside), ("fetched", fetched)):
        yield Hostile(f"{name}.docx", docx("", {"docProps/core.xml": part}), "declares entities|XML is damaged")
    inner = docx()
    for _ in range(5):
        inner = docx("", {"word/media/a.docx": inner * 4})
    yield Hostile("nested.docx", inner, "no text in it")
    yield Hostile("slip.docx", docx(None, {"../../../slipped.txt": b"x", "/slipped.txt": b"x"}), READABLE)
    yield Hostile("lzma.docx", docx(compression=zipfile.ZIP_LZMA), "packed in a way")
    yield Hostile("tables.docx", docx("<w:tbl><w:tr><w:tc>" * 400 + _PARAGRAPH), "damaged|nested")
    sealed = bytearray(docx())
    sealed[6] |= 1  # says that it is encrypted, here and in its directory
    at = sealed.index(b"PK\x01\x02", sealed.index(b"PK\x01\x02") + 1)
    sealed[at + 8] |= 1
    yield Hostile("encrypted.docx", bytes(sealed), "damaged")


def _overlapping() -> bytes:
    """Many names for one packed kernel, so that a small archive unpacks to a large one."""
    kernel = zlib.compress(b" " * 29_000_000, 9)[2:-4]
    local = b"PK\x03\x04" + struct.pack("<5H3I2H", 20, 0, 8, 0, 0, 0, len(kernel), 29_000_000, 1, 0) + b"a"
    names = [b"[Content_Types].xml", b"word/document.xml", b"word/styles.xml", *(b"%d" % at for at in range(2000))]
    entry = struct.pack("<6H3I5H2I", 20, 20, 0, 8, 0, 0, 0, len(kernel), 29_000_000, 0, 0, 0, 0, 0, 0, 0)
    listed = b""
    for name in names:
        fields = entry[:24] + struct.pack("<H", len(name)) + entry[26:]
        listed += b"PK\x01\x02" + fields + name
    end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, len(names), len(names), len(listed), len(local + kernel), 0)
    return local + kernel + listed + end


def _pdfs() -> Iterator[Hostile]:
    said = stream(b"BT /F 12 Tf 40 500 Td (%s) Tj ET" % WORDS.encode())
    loop = b"%PDF-1.7\n" + b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 2/Prev 9>>\nstartxref\n9\n%%EOF"
    yield Hostile("xref-loop.pdf", loop, "damaged|no text")
    yield Hostile("page-tree-loop.pdf", pdf(*_page_of(said, b"2 0 R 2 0 R 3 0 R", 3)), "damaged|no text|OCR|too")
    yield Hostile("parent-loop.pdf", pdf(*_page_of(said)[:1], *_page_of(said, b"2 0 R")[1:]), "damaged|no text|OCR|too")
    deep = _page_of(said)[:1] + tuple(
        b"<</Type/Pages/Count 1/Parent %d 0 R/Kids[%d 0 R]>>" % (at - 1, at + 1) for at in range(2, 50_000)
    )
    yield Hostile("deep-tree.pdf", pdf(*deep), "damaged|no text|OCR|too")
    endless = stream(b"5", b"/Type/ObjStm/N 99999999/First 9/Extends 6 0 R")
    yield Hostile("object-stream-loop.pdf", pdf(*_page_of(said), endless), f"{READABLE}|damaged|no text")
    script = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(while\\(1\\);)>>>>"
    yield Hostile("script.pdf", pdf(script, *_page_of(said)[1:]), READABLE)
    half = b"<</Title<FEFFD800>/Author<FEFFD80000410042>>>"
    yield Hostile("half-a-title.pdf", pdf(*_page_of(said), half, trailer=b"/Info 6 0 R"), READABLE)
    huge = [*_page_of(said)]
    huge[2] = huge[2].replace(b"0 0 400 600", b"0 0 1e38 1e38")
    yield Hostile("huge-page.pdf", pdf(*huge), f"{READABLE}|damaged|no text")
    locked = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>/ID[<00><00>]" % (b"00" * 32, b"11" * 32)
    yield Hostile("locked.pdf", pdf(*_page_of(said), trailer=locked), "password|damaged")


def _pages() -> Iterator[Hostile]:
    refused = "nested|too many|cannot be read|no article|too complex|longer"
    yield Hostile("deep.html", page("<div>" * 100_000), refused)
    yield Hostile("deep-inline.html", page("<b>" * 100_000), f"{READABLE}|{refused}")
    entities = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
    laughs = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "ha">{entities}]>'.encode() + page("&a9;")
    yield Hostile("laughs.xhtml", laughs, f"{READABLE}|{refused}")
    data = '{"@type":"NewsArticle","datePublished":' + '{"a":' * 50_000
    yield Hostile("json.html", page(f'<script type="application/ld+json">{data}</script>'), f"{READABLE}|{refused}")
    figure = f'<script type="application/ld+json">{{"datePublished": {"9" * 500_000}}}</script>'
    yield Hostile("figure.html", page(figure), f"{READABLE}|{refused}")
    fetched = '<img src="http://127.0.0.1:9/a"><link href="http://127.0.0.1:9/b"><base href="http://127.0.0.1:9/">'
    yield Hostile("fetches.html", page(fetched), READABLE)
    yield Hostile("half.html", page("&#xD800;&#0;&#x110000;&#xFFFE;"), f"{READABLE}|no article")


def _markdowns() -> Iterator[Hostile]:
    long = "paragraph of more than"
    yield Hostile("quotes.md", b">" * 49_000 + WORDS.encode(), "empty")
    yield Hostile("brackets.md", b"[" * 100_000 + WORDS.encode(), long)
    yield Hostile("lists.md", "\n".join("  " * depth + "- a" for depth in range(220)).encode(), f"{READABLE}|{long}")
    laughs = "a0: &a0 [x, x]\n" + "".join(f"a{at}: &a{at} [{f'*a{at - 1}, ' * 9}]\n" for at in range(1, 40))
    for name, block in {
        "laughs": f"{laughs}author: *a39",
        "merges": laughs.replace("[", "{<<: [").replace("]", "]}"),
        "endless": "author: &a [*a, *a, *a]",
        "code": "title: !!python/object/apply:os.system ['touch sprung']",
        "clock": "date: 1" + ":59" * 6_000 + ".5",
        "nested": "title: " + "[" * 15_000,
    }.items():
        yield Hostile(f"yaml-{name}.md", f"---\n{block}\n---\n\n{WORDS}".encode(), "not valid YAML")


def _texts() -> Iterator[Hostile]:
    yield Hostile("empty.txt", b"", "the file is empty")
    yield Hostile("blank.txt", b" \n\t\r\n" * 500, "the file is empty")
    yield Hostile("nuls.txt", bytes(5000), "the file is empty|binary")
    yield Hostile("nul.txt", WORDS.encode() + b"\x00", "binary")
    yield Hostile("noise.txt", bytes(range(256)) * 40, "binary|not recognised")
    yield Hostile("marked.txt", b"\xff\xfe" + WORDS.encode("utf-16-le") + b"\x00", "damaged utf-16")
    yield Hostile("marked-32.txt", b"\xff\xfe\x00\x00" + b"\xff" * 64, "damaged utf-32")
    yield Hostile("unmarked.txt", WORDS.encode("utf-16-le"), READABLE)
    yield Hostile("unmarked-32.txt", WORDS.encode("utf-32-be"), "binary")
    yield Hostile("surrogates.txt", WORDS.encode() + b" \xed\xa0\x80\xed\xb0\x80", f"{READABLE}|binary|encoding")
    yield Hostile("controls.txt", b"\x1b]0;owned\x07" + WORDS.encode() + "\u202e\u2066\u200b".encode(), READABLE)
    yield Hostile("program.txt", b"\x7fELF" + bytes(999), "a program")
    yield Hostile("pages.txt", pdf(*_page_of(stream(b"BT ET"))), "the file is a PDF")
    yield Hostile("document.txt", docx(), "an office document")
    yield Hostile("document.pdf", docx(), "not a PDF")
    yield Hostile("page.pdf", page(""), "not a PDF")
    yield Hostile("page.docx", page(""), "not a Word document")
    yield Hostile("document.html", docx(), "an office document")
    yield Hostile("picture.md", b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG image")


def _strangely_named() -> Iterator[Hostile]:
    driving = ("two\nlines", "clear\x1b[2J\x1b]0;x\x07", "txt.\u202efdp", "bell\x07\x9b1m", "\udcff\udcfe")
    for name in (*driving, "a" * 240, "--help", "$(id)"):
        yield Hostile(f"{name}.txt", WORDS.encode(), READABLE)
        yield Hostile(f"{name}.pdf", b"%PDF-", "damaged")


def _large_documents() -> Iterator[Hostile]:
    yield Hostile("overlapping.docx", _overlapping(), "damaged|unpacks to more")
    elements = docx("<w:p/>" * 4_900_000)
    assert len(elements) < 200_000
    yield Hostile("elements.docx", elements, "millions of parts")
    yield Hostile("runs.docx", docx(f"<w:p>{'<w:r><w:t>a</w:t></w:r>' * 1_200_000}</w:p>"), "millions of parts")


def _large_pdfs() -> Iterator[Hostile]:
    said = stream(b"BT /F 12 Tf 40 500 Td (%s) Tj ET" % WORDS.encode())
    kids = b"".join(b"%d 0 R " % number for number in range(6, 100_006))
    leaves = [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * 100_000
    yield Hostile("100000-pages.pdf", pdf(*_page_of(said, kids, 100_000), *leaves), "at most 2,000 are read")
    bomb = zlib.compress(zlib.compress(b"BT " + b" " * 300_000_000, 9), 9)
    filters = b"/Filter[/FlateDecode/FlateDecode]"
    yield Hostile("nested-flate.pdf", pdf(*_page_of(stream(bomb, filters))), "damaged|no text|too")
    codes = b"beginbfchar\n" + b"".join(b"<%02X><%s>\n" % (code, b"0041" * 400) for code in range(32, 127))
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    text = stream(b"BT /F 12 Tf " + b"(%s) Tj " % (b"abcdefgh" * 100) * 400 + b"ET")
    widened = [*_page_of(text)[:4], font, stream(codes + b"endbfchar")]
    yield Hostile("widening-font.pdf", pdf(*widened), f"{READABLE}|millions|million|too|no text")


def _large_pages() -> Iterator[Hostile]:
    refused = "nested|too many|cannot be read|no article|too complex|longer"
    yield Hostile("attribute.html", page(f'<a title="{"x" * 10_000_000}">y</a>'), "5 million characters")
    yield Hostile("attribute-within.html", page(f'<a title="{"x " * 2_400_000}">y</a>'), f"{READABLE}|{refused}")
    attributes = " ".join(f"a{number}=1" for number in range(300_000))
    yield Hostile("attributes.html", page(f"<p {attributes}>x</p>"), f"{READABLE}|{refused}")
    yield Hostile("elements.html", page("<p>x</p>" * 400_000), refused)
    yield Hostile("unclosed.html", b"<html><body>" + b"<p><a href='" * 400_000, f"{READABLE}|{refused}|characters")


def _large_texts() -> Iterator[Hostile]:
    yield Hostile("many-quotes.md", ("\n\n".join([">" * 20_000 + " a"] * 90)).encode(), "empty|longer")
    stars = b"\n\n".join([b"*a_" * 16_000] * 20)
    yield Hostile("stars.md", stars, f"{READABLE}|longer")
    yield Hostile("links.md", b"[a](b" * 9_000 + WORDS.encode(), READABLE)
    yield Hostile("lines.txt", b"a\n" * 200_000, f"{READABLE}|longer")
    yield Hostile("one-word.txt", b"x" * 3_000_000, f"{READABLE}|longer")
    yield Hostile("marks.txt", b"a" + "\u0301".encode() * 500_000, f"{READABLE}|longer")
    yield Hostile("labels.txt", b"A: b\n\n" * 20_000, f"{READABLE}|longer")
