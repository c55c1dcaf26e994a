"""The law of offsets, in every format: what is quoted is a slice of the text, and no letter of a paragraph is lost."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.article import article_from_text
from corpus.article_reader import ArticleReader
from corpus.errors import ArticleError
from corpus.sentences import sentence_spans
from corpus.types import Article
from fuzz.targets import check_article
from tests.trust.hostile_files import docx, pdf, stream

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # joined by zero-width joiners
FLAG = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
ODD = (
    *("cafe\u0301", "Å", "A\u030a", "ﬁne", "naïve", "İstanbul", "straße", "ǅ", "\U0001d4d0\U0001d4d1"),
    *(FAMILY, FLAG, "👍🏽", "🇵🇹", "\U0001f600", "1️⃣"),
    *("שלום", "مرحبا", "سلام\u200cعلیکم", "क्\u200dष", "ภาษาไทย", "日本語。", "中文", "한국어", "ᄒ\u1161ᆫ"),
    *("“quoted”", "‘so’", "«ici»", "O’Neil", "3.5", "U.S.", "e.g.", "Mr.", "1,000", "no.", "…", "—"),
)
GAPS = (" ", "  ", "\t", "\u00a0", "\u2009", "\u3000", " \u200b", "\u200e ", " \u202e", "\ufeff ", "\u00ad ", " \x0b")
"""What stands between words; every one of them holds a space or becomes one."""
LINES = ("\n\n", "\r\n\r\n", "\n\n\n\n", "\r\r", "\n \t\n")

words = st.lists(st.sampled_from(ODD), min_size=1, max_size=12)
paragraphs = st.lists(words, min_size=1, max_size=4)
Save = Callable[[Path, list[str]], Path]


def as_text(folder: Path, written: list[str], gap: str = "\n\n") -> Path:
    path = folder / "a.txt"
    path.write_bytes(gap.join(written).encode("utf-8"))
    return path


def as_utf_16(folder: Path, written: list[str]) -> Path:
    path = folder / "b.txt"
    path.write_bytes("\r\n\r\n".join(written).encode("utf-16"))
    return path


def as_markdown(folder: Path, written: list[str]) -> Path:
    path = folder / "c.md"
    path.write_text("\n\n".join(written), encoding="utf-8", newline="")
    return path


def as_html(folder: Path, written: list[str]) -> Path:
    path = folder / "d.html"
    body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in written)
    path.write_text(f"<html><meta charset='utf-8'><body><article>{body}</article></body></html>", encoding="utf-8")
    return path


def as_docx(folder: Path, written: list[str]) -> Path:
    path = folder / "e.docx"
    allowed = (paragraph.replace("\x0b", " ") for paragraph in written)  # XML has no way to write it
    path.write_bytes(docx("".join(f"<w:p><w:r><w:t>{html.escape(each)}</w:t></w:r></w:p>" for each in allowed)))
    return path


@pytest.fixture(scope="module")
def reader() -> Iterator[ArticleReader]:
    with ArticleReader() as opened:
        yield opened


def visible(text: str) -> str:
    """The characters that ink is spent on, in order; marks of direction, joiners and spaces take none."""
    return "".join(letter for letter in text if unicodedata.category(letter) not in {"Cf", "Cc", "Zs", "Zl", "Zp"})


def slices(article: Article) -> Iterator[str]:
    for turn in article.turns:
        yield turn.span.of(article.text)
        yield turn.label.of(article.text)
    for sentence in sentence_spans(article.text):
        yield sentence.of(article.text)


@pytest.mark.parametrize("save", [as_text, as_utf_16, as_markdown, as_html, as_docx])
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(paragraphs=paragraphs, gap=st.sampled_from(GAPS))
def test_no_letter_is_lost_and_every_span_is_a_slice(
    reader: ArticleReader, tmp_path: Path, save: Save, paragraphs: list[list[str]], gap: str
) -> None:
    opening = "Ida Brandt said on Monday that the ferry of Lake Ansel"
    written = [f"{opening}{gap}{gap.join(found)}{gap}sails again in week {at}." for at, found in enumerate(paragraphs)]
    article = reader.read(save(tmp_path, written))
    check_article(article, tmp_path)
    assert visible(article.text) == visible("".join(written))
    assert all(part.strip() == part and part for part in slices(article))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(paragraphs=paragraphs, gap=st.sampled_from(GAPS), line=st.sampled_from(LINES))
def test_a_text_that_is_cleaned_once_stays_as_it_is(paragraphs: list[list[str]], gap: str, line: str) -> None:
    article = article_from_text(line.join(f"The ferry sailed {gap.join(found)}." for found in paragraphs))
    again = article_from_text(article.text)
    assert (again.text, again.turns, again.id) == (article.text, article.turns, article.id)
    assert not set(article.text) & set("\r\t\x0b\x1f\u200b\u200e\u202e\ufeff\u00a0")


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(found=st.lists(st.sampled_from(ODD), min_size=1, max_size=30))
def test_letters_of_a_pdf_keep_their_places(reader: ArticleReader, tmp_path: Path, found: list[str]) -> None:
    codes = {word: 33 + at for at, word in enumerate(dict.fromkeys(found))}
    pairs = b"".join(b"<%02X><%s>\n" % (code, word.encode("utf-16-be").hex().encode()) for word, code in codes.items())
    show = b"BT /F 12 Tf 40 %d Td <%02X> Tj ET\n"
    cmap = b"begincmap 1 begincodespacerange<00><FF>endcodespacerange 99 beginbfchar\n%sendbfchar endcmap"
    path = tmp_path / "a.pdf"
    path.write_bytes(
        pdf(
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
            stream(b"".join(show % (550 - 16 * at, codes[word]) for at, word in enumerate(found))),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
            stream(cmap % pairs),
        )
    )
    try:
        article = reader.read(path)
    except ArticleError as error:
        assert "OCR" in str(error)  # noqa: PT017
        return
    check_article(article, path)
    assert article.pages
