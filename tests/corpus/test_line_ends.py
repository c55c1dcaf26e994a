from __future__ import annotations

import pytest

from corpus.line_ends import Words, join_lines


def joined(above: str, below: str, *document: str) -> str:
    kept, joint = join_lines(above, below, Words([*document, above, below]))
    return kept + joint + below


@pytest.mark.parametrize(
    ("above", "below", "result"),
    [
        ("the tram left the", "harbour at noon", "the tram left the harbour at noon"),
        ("as the engi-", "neer said", "as the engineer said"),
        ("as the engi‐", "neer said", "as the engineer said"),
        ("as the engi\u00ad", "neer said", "as the engineer said"),
        ("a well-", "known name", "a well-known name"),
        ("for thirty-six-", "year-olds", "for thirty-six-year-olds"),
        ("the Alma-", "Ata road", "the Alma-Ata road"),
        ("in 2019-", "2020 it rose", "in 2019-2020 it rose"),
        ("pages 10–", "12 of it", "pages 10–12 of it"),
        ("he said —", "and left", "he said — and left"),
        ("any short-", "and long-term plan", "any short- and long-term plan"),
        ("and/", "or both", "and/or both"),
        ("- item -", "next", "- item - next"),
        ("新的铁路将于三月", "通车，票价五元", "新的铁路将于三月通车，票价五元"),
        ("新的铁路", "ABC", "新的铁路 ABC"),
        ("한국어 문장은", "띄어 쓴다", "한국어 문장은 띄어 쓴다"),
    ],
)
def test_what_stands_between_two_lines(above: str, below: str, result: str) -> None:
    assert joined(above, below) == result


def test_the_document_s_own_spelling_decides() -> None:
    assert joined("the co-", "operative met", "a co-operative of bakers") == "the co-operative met"
    assert joined("the co-", "operative met", "a cooperative of bakers") == "the cooperative met"
    assert joined("a sun-", "burnt wall", "it is burnt by the sun every day") == "a sun-burnt wall"
    assert joined("so under-", "taken", "it was undertaken then") == "so undertaken"
    assert joined("two thous-", "and people", "some thousand people") == "two thousand people"
