"""Copies of one report: they take no place from other passages, and each is cited."""

from __future__ import annotations

import pytest

from corpus.article import article_from_text
from corpus.metadata import Metadata
from qa import Engine

REPORT = """The lighthouse of Cap Morne was sold on Friday. The buyer is the shipping agent Odile Ferrand.

She paid 310,000 euros for it, the port authority said."""
OTHERS = (
    "Luc Brel painted the lighthouse of Sable red last year. He asked for no money.",
    "A lighthouse museum opened in Dorn. Its guide is the retired pilot Anton Veer.",
)
PAPERS = 12


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory):
    with Engine.open(tmp_path_factory.mktemp("twins"), create=True) as opened:
        for number in range(PAPERS):
            facts = Metadata(title=f"Paper {number}: lighthouse sold", publisher=f"Paper {number}")
            text = f"News, page {number}.\n\n{REPORT}"
            opened.add_article(article_from_text(text, metadata=facts))
        for text in OTHERS:
            opened.add_article(article_from_text(text))
        yield opened


def test_each_copy_is_cited_with_its_own_place(engine):
    found = engine.answer("Who bought the lighthouse of Cap Morne?")
    assert found.text is not None
    assert "Ferrand" in found.text
    assert len({citation.publisher for citation in found.citations}) == PAPERS
    for citation in found.citations:
        assert engine.library.article(citation.article_id).text[citation.start : citation.end] == citation.quote
        assert citation.quote == found.text
    places = [(citation.article_id, citation.start) for citation in found.citations]
    assert len(set(places)) == len(places)


def test_copies_take_no_place_from_others(engine):
    """Of twelve copies and two others, three are read: with copies they would all be one."""
    found = engine.answer("Who painted the lighthouse of Sable?", top_k=3)
    assert found.text is not None
    assert "Brel" in found.text
    sale = engine.answer("What was paid for the lighthouse?", top_k=2)
    assert len({alternative.text for alternative in sale.alternatives}) == len(sale.alternatives)


def test_many_at_once_equal_one_by_one(engine):
    asked = ["Who bought the lighthouse of Cap Morne?", "Who is the guide of the museum in Dorn?"]
    assert [a.citations for a in engine.answer_many(asked)] == [engine.answer(q).citations for q in asked]
