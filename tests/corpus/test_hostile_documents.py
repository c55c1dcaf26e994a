"""PDF files built to harm, and folders in which some files are bad: one line for each, and the rest is read."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus import apart
from corpus.article import read_article
from corpus.errors import ArticleError
from corpus.files import ReadFailure, read_files
from corpus.pdf_lines import MAX_PAGES
from corpus.read_pdf import read_pdf

Make = Callable[..., Any]
WORDS = "The ferry sailed again on Monday, and two hundred people waved from the pier as it left the lake."
OTHER = "Nobody had thought that the old steamer would ever be mended, least of all the man who did it."


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


def pdf(content: bytes = b"", kids: bytes = b"3 0 R", count: int = 1, more: bytes = b"") -> bytes:
    """A PDF of one page, by hand: object 4 is the page's ``content``, 5 a form, 6 a font."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R/Resources<<%s/Font<</F 6 0 R>>>>>>"
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        page % b"/XObject<</X 5 0 R>>",
        content if content.startswith(b"<<") else stream(content),
        stream(b"/X Do " * 3, form),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, text) for number, text in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R/Size 7>>\n%%EOF"


def test_the_hand_made_page_is_sound() -> None:
    text, pages, _ = read_pdf(pdf(b"BT /F 12 Tf 40 500 Td (Sound.) Tj ET"), "a.pdf")
    assert (text, len(pages)) == ("Sound.", 1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a PDF"),
        (b"<html>" + WORDS.encode(), "not a PDF"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 9, "damaged"),
        (pdf(b"[" * 200_000), "no text in it"),
        (pdf(b"BT ET", kids=b"3 0 R " * (MAX_PAGES + 1), count=MAX_PAGES + 1), "at most 2,000 are read"),
        (pdf(b"BT ET", count=10**6), "at most 2,000 are read"),
    ],
    ids=["empty", "a web page", "noise", "open brackets", "many pages", "many claimed pages"],
)
def test_what_cannot_be_read_gets_one_line(data: bytes, message: str) -> None:
    with pytest.raises(ArticleError, match=message) as refused:
        read_pdf(data, "report.pdf")
    assert str(refused.value).startswith("report.pdf: ")
    assert "\n" not in str(refused.value)


def test_a_bomb_stays_in_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WALL_SECONDS", 10)
    squeezed = zlib.compressobj(9)
    once = b"".join(squeezed.compress(bytes(1_000_000)) for _ in range(1000)) + squeezed.flush()
    twice = zlib.compress(once, 9)
    assert len(twice) < 10_000, "one gigabyte"
    with pytest.raises(ArticleError, match=r"too long|too much|no text"):
        read_pdf(pdf(stream(twice, b"/Filter[/FlateDecode/FlateDecode]")), "report.pdf")


def test_forms_that_draw_each_other_for_ever_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WALL_SECONDS", 3)
    with pytest.raises(ArticleError, match=r"too long|too much|no text"):
        read_pdf(pdf(b"/X Do " * 50), "report.pdf")


def test_a_file_keeps_the_pages_of_its_article(
    make_pdf: Make, make_page: Make, save: Callable[[str, bytes], Path]
) -> None:
    path = save("a.pdf", make_pdf([make_page([WORDS]), [], make_page([OTHER])]))
    article = read_article(path)
    assert article.format == "pdf"
    assert [page.of(article.text).strip() for page in article.pages] == [WORDS, "", OTHER]


def test_a_folder_with_good_and_bad_files_names_each_bad_one(
    make_pdf: Make, make_page: Make, make_docx: Make, save: Callable[[str, bytes], Path], tmp_path: Path
) -> None:
    save("good.pdf", make_pdf([make_page([WORDS])]))
    save("good.docx", make_docx(f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"))
    save("locked.pdf", make_pdf([make_page([WORDS])], encrypt="secret"))
    save("scan.pdf", make_pdf([[], []]))
    save("torn.docx", make_docx("<w:p/>")[:200])
    save("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    found = {path.name: read for path, read in read_files([tmp_path])}
    failures = {name: read.message for name, read in found.items() if isinstance(read, ReadFailure)}
    assert sorted(set(found) - set(failures)) == ["good.docx", "good.pdf"]
    for name, words in {
        "locked.pdf": "password",
        "scan.pdf": "OCR",
        "torn.docx": "damaged",
        "old.docx": "save",
    }.items():
        assert name in failures[name]
        assert words in failures[name]
        assert "\n" not in failures[name]


@pytest.mark.parametrize(("name", "remedy"), [("a.doc", "save it as .docx"), ("a.odt", "save it as .docx")])
def test_an_old_format_says_what_to_save_it_as(save: Callable[[str, bytes], Path], name: str, remedy: str) -> None:
    with pytest.raises(ArticleError, match=remedy):
        read_article(save(name, b"x"))
