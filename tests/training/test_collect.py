"""What the confidence is fitted on: real libraries and contexts, read by the bundled reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from index.embed import load_embedder
from qa.asking import Asker
from qa.reader import DEFAULT_READER
from training.collect import UNANSWERABLE, Judged, collect_contexts, collect_libraries
from training.data import GoldText, Question

TEXTS = {
    "The lighthouse of Varn was built in 1871. Its keeper was Otto Brandt. It stands on Gull Rock.": (
        ("When was the lighthouse of Varn built?", "1871"),
        ("Who was the keeper of the lighthouse?", "Otto Brandt"),
        ("Where does the lighthouse stand?", "Gull Rock"),
    ),
    "The bakery in Mill Lane sells 900 loaves a day. Rosa Klein owns it. She bought it in 2004.": (
        ("How many loaves does the bakery sell a day?", "900"),
        ("Who owns the bakery?", "Rosa Klein"),
        ("When did Rosa Klein buy the bakery?", "2004"),
    ),
    "The ferry Aurora sails to Hestholm. Its captain is Nils Berg. It carries 240 passengers.": (
        ("Where does the ferry Aurora sail to?", "Hestholm"),
        ("Who is the captain of the ferry?", "Nils Berg"),
        ("How many passengers does the ferry carry?", "240"),
    ),
    "The orchard at Dunmore grows pears. Frost killed 60 trees in April. Ada Quill planted it.": (
        ("What does the orchard at Dunmore grow?", "pears"),
        ("How many trees did frost kill?", "60"),
        ("Who planted the orchard?", "Ada Quill"),
    ),
}


@pytest.fixture(scope="module")
def asker() -> Asker:
    return Asker.load(DEFAULT_READER, load_embedder())


def questions() -> list[Question]:
    return [
        Question("made", f"q{number}", asked, text, (GoldText(answer, text.index(answer)),), kind="fact")
        for text, pairs in TEXTS.items()
        for number, (asked, answer) in enumerate(pairs)
    ]


def without_answer(text: str, count: int) -> list[Question]:
    return [
        Question("made", f"n{number}", f"Who paid for the {number + 2}nd roof?", text, kind="none")
        for number in range(count)
    ]


def share_without(judged: Sequence[Judged]) -> float:
    return sum(not one.answerable for one in judged) / len(judged)


def test_a_library_is_asked_its_share_of_questions_without_an_answer(asker: Asker) -> None:
    judged = list(collect_libraries(asker, questions()))
    assert share_without(judged) == pytest.approx(UNANSWERABLE)
    assert {one.kind for one in judged if not one.answerable} == {"foreign"}
    assert not any(one.exact.any() for one in judged if not one.answerable)
    found = [one for one in judged if one.answerable and one.exact.any()]
    assert len(found) >= 10, "the answers stand in plain words among the candidates"


def test_questions_of_its_own_without_an_answer_count_towards_the_share(asker: Asker) -> None:
    asked = [*questions(), *(one for text in TEXTS for one in without_answer(text, 2))]
    judged = list(collect_libraries(asker, asked))
    assert share_without(judged) == pytest.approx(UNANSWERABLE)
    assert {one.kind for one in judged} == {"fact", "none"}, "no foreign one was needed"


def test_what_any_article_answers_is_never_asked_of_another(asker: Asker) -> None:
    meta = [replace(one, kind="meta") for one in questions()]
    assert all(one.kind == "meta" and one.answerable for one in collect_libraries(asker, meta))


def test_a_context_is_judged_by_its_own_answers(asker: Asker) -> None:
    first = next(iter(TEXTS))
    asked = [*(one for one in questions() if one.context == first), *without_answer(first, 1)]
    judged = list(collect_contexts(asker, asked))
    assert [one.answerable for one in judged] == [True, True, True, False]
    assert all(one.exact.any() for one in judged[:3])
    assert not judged[3].f1.any()
