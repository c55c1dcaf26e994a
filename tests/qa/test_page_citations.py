"""The page of a quotation: in the citation, in JSON, on the command line and in the chat."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.article import article_from_text
from corpus.pages import pages_from_ends
from corpus.passages import split_passages
from corpus.types import Article, Span
from qa.cite import cite
from qa.cli import main
from qa.commands.printable import source_line
from qa.excerpts import excerpt_of_citation, excerpt_of_span
from qa.render import render_reply
from qa.reply import Reply
from qa.types import Answer, Citation

FIRST = "The mill at Sarn burned down in 1911, and nobody was hurt."
SECOND = "It was built again by the carpenter Piet Okonjo, who had lost a barn in the same fire."
TEXT = f"{FIRST}\n\n{SECOND}"
PAGED = article_from_text(TEXT, clean=False, pages=pages_from_ends([len(FIRST) + 2, len(TEXT)]))


def cited(words: str, article: Article = PAGED) -> Citation:
    start = TEXT.index(words)
    return cite(article, split_passages(article)[0], Span(start, start + len(words)))


def test_a_citation_names_the_page_that_it_begins_on() -> None:
    assert (cited("1911").page, cited("Piet Okonjo").page) == (1, 2)
    assert cited("nobody was hurt.").page == 1
    assert cited("1911", article_from_text(TEXT, clean=False)).page is None


def test_the_page_is_the_last_field_of_a_citation_in_json() -> None:
    (citation,) = Answer("Who?", "Piet Okonjo", 0.9, (cited("Piet Okonjo"),)).to_dict()["citations"]
    assert list(citation)[-1] == "page"
    assert json.loads(json.dumps(citation))["page"] == 2


def test_a_source_ends_with_its_page() -> None:
    assert source_line(speaker=None, title="Sarn", publisher=None, published=None, page=12) == "“Sarn”, p. 12"
    assert source_line(speaker=None, title="Sarn", publisher=None, published=None) == "“Sarn”"


def test_the_chat_shows_the_page_where_it_is_known() -> None:
    paged = excerpt_of_citation(cited("Piet Okonjo"), PAGED)
    plain = excerpt_of_span(article_from_text(TEXT, clean=False), Span(0, 8))
    assert "p. 2" in render_reply(Reply("Piet Okonjo", 0.9, (paged,), (), (), 0.1))
    assert "p. " not in render_reply(Reply("The mill", 0.9, (plain,), (), (), 0.1))


def test_a_pdf_is_added_asked_and_quoted_with_its_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    drawn = canvas.Canvas(str(tmp_path / "mill.pdf"))
    for sentence in (FIRST, SECOND):
        drawn.drawString(60, 700, sentence)
        drawn.showPage()
    drawn.save()
    library = str(tmp_path / "library")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7 torn")
    assert main(["add", str(tmp_path), "--library", library]) == 1
    assert "scan.pdf: it is damaged" in capsys.readouterr().err
    question = "Which carpenter built the mill again?"
    assert main(["ask", question, "--library", library, "--json"]) == 0
    (citation, *_) = json.loads(capsys.readouterr().out)["citations"]
    assert (citation["quote"], citation["page"]) == ("Piet Okonjo", 2)
    assert main(["ask", question, "--library", library]) == 0
    assert "p. 2" in capsys.readouterr().out
