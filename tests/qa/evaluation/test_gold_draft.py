from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import article_from_text
from corpus.passages import split_passages
from corpus.types import Article, Passage, Span
from qa.batch import Asked
from qa.evaluation.gold import GoldQuestion, Spot
from qa.evaluation.gold_articles import Shelf
from qa.evaluation.gold_draft import draft_passages
from qa.evaluation.gold_spans import KINDS, find_candidates

BUSES = """Council backs night buses for Port Ellery

By Marta Quill | 3 September 2024

The council of Port Ellery voted 14 to 6 on Tuesday to run night buses because the last ferry now arrives after \
midnight. The service will cost 380,000 pounds a year and start in March 2025.

"Nobody should have to walk home along the quay," said Deirdre Ashby, chair of the transport committee.

The buses will call at the Harbour Hospital, the Old Mint, Saint Brannoc College and the ferry terminal. About three \
quarters of the money comes from the National Transport Fund, which was founded in 1998."""
CHEESE = """Interview with a cheesemaker

Reporter: How long does a wheel ripen?

Ljuba Horvat: Our wheels ripen for eighteen months in the cellar. We sell about 2,400 wheels a year.

Reporter: And what will you do next?

Ljuba Horvat: We open a second dairy in Vrba. It will employ 35 people."""


def article(text: str) -> Article:
    return article_from_text(text)


def shelf(*texts: str) -> Shelf:
    articles = {found.id: found for found in map(article, texts)}
    return Shelf(((name, (f"{number}.txt",)) for number, name in enumerate(articles)), articles.__getitem__)


def candidates(text: str) -> dict[str, list[str]]:
    whole = article(text)
    found: dict[str, list[str]] = {}
    for candidate in find_candidates(whole, Passage("p", whole.id, Span(0, len(whole.text)))):
        found.setdefault(candidate.kind, []).append(candidate.span.of(whole.text))
    return found


def test_what_one_would_ask_about_is_found() -> None:
    found = candidates(BUSES)
    assert found["meta"] == ["Council backs night buses for Port Ellery", "Marta Quill", "3 September 2024"]
    assert found["speaker"] == ["Deirdre Ashby"]
    assert "chair of the transport committee" in found["role"]
    assert found["date"] == ["Tuesday", "March 2025", "1998"]
    assert {"14", "380,000 pounds", "About three"} & set(found["number"]) >= {"14", "380,000 pounds"}
    assert "Nobody should have to walk home along the quay" in found["fact"]
    assert "National Transport Fund" in found["fact"]
    assert found["list"] == ["the Harbour Hospital, the Old Mint, Saint Brannoc College and the ferry terminal"]
    assert found["reason"] == ["because the last ferry now arrives after midnight"]


@pytest.mark.parametrize(
    ("sentence", "kind", "expected"),
    [
        ("They planted 1,200 apple trees there.", "number", "1,200 apple trees"),
        ("It costs more than 40 million korun now.", "number", "more than 40 million korun"),
        ("Sales fell by 3.5 per cent overall.", "number", "3.5 per cent"),
        ("The toll is €2.50 for all.", "number", "€2.50"),
        ("Nineteen ships left and seven returned.", "number", "seven returned"),
        ("It was founded in 1890 by monks.", "date", "1890"),
        ("They met in early May at the inn.", "date", "early May"),
        ("The gate closed so that the sheep stayed in.", "reason", "so that the sheep stayed in"),
    ],
)
def test_the_words_offered_are_the_ones_an_answer_would_have(sentence: str, kind: str, expected: str) -> None:
    assert expected in candidates(f"A short headline\n\n{sentence}")[kind]


def test_a_row_of_officials_is_no_list_and_a_year_no_number() -> None:
    found = candidates(
        "A headline\n\nAna Silva, Mayor of Tarn, Bo Lund, Governor of Ystad, and Eva Roth met in 2025 ferries."
    )
    assert "list" not in found
    assert "number" not in found
    assert "Mayor of Tarn" in found["role"]


def test_a_draft_is_a_line_whose_answer_stands_where_it_says() -> None:
    found = shelf(BUSES, CHEESE)
    drafts = [draft.to_dict() for draft in draft_passages(found, (), 20)]
    assert drafts
    for draft in drafts:
        (answer,) = draft["answers"]
        text = found[answer["article"]]
        assert draft["question"] == ""
        assert draft["kind"] in KINDS
        assert draft["passage"] in text
        for spot in [answer, *draft["candidates"]]:
            assert text.startswith(spot["text"], spot["start"])
    assert len({draft["id"] for draft in drafts}) == len(drafts)


def test_an_interviewers_question_is_not_proposed() -> None:
    passages = [draft.to_dict()["passage"] for draft in draft_passages(shelf(CHEESE), (), 20)]
    assert any("eighteen months" in passage for passage in passages)
    assert not any(passage.rstrip().endswith("?") for passage in passages)


def test_drafts_are_spread_over_articles_and_kinds() -> None:
    drafts = draft_passages(shelf(BUSES, CHEESE), (), 4)
    assert set(Counter(draft.article.id for draft in drafts).values()) == {2}
    assert len({draft.answer.kind for draft in drafts}) >= 3


def test_a_passage_with_a_question_is_left_out() -> None:
    found = shelf(CHEESE)
    (name,) = found
    everything = draft_passages(found, (), 20)
    spot = Spot("0", "2,400", None)
    asked = GoldQuestion("q", Asked("How many wheels?"), ("2,400",), "number", None, "line 1", (spot,))
    left = draft_passages(found, [asked], 20)
    assert len(left) == len(everything) - 1
    assert not any("2,400" in draft.to_dict()["passage"] for draft in left)
    placed = Spot(name, "35", found[name].index("35"))
    other = GoldQuestion("r", Asked("How many jobs?"), ("35",), "number", None, "line 2", (placed,))
    assert len(draft_passages(found, [asked, other], 20)) == len(everything) - 2


def test_drafting_again_gives_the_same_drafts() -> None:
    once, again = (draft_passages(shelf(BUSES, CHEESE), (), 5) for _ in range(2))
    assert [draft.to_dict() for draft in once] == [draft.to_dict() for draft in again]


@given(st.text(alphabet='Ab1 ,."“”and\n?$%', max_size=200))
def test_candidates_are_never_empty_and_lie_in_the_article(body: str) -> None:
    whole = Article("x", "A" + body)
    for passage in split_passages(whole):
        for candidate in find_candidates(whole, passage):
            assert candidate.kind in KINDS
            assert candidate.span.of(whole.text).strip()
            assert candidate.span.end <= len(whole.text)
