from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.article import article_from_text
from corpus.library import Library
from corpus.passages import split_passages
from qa.batch import Asked
from qa.evaluation.gold import GoldQuestion, Spot
from qa.evaluation.isolated import nearest
from qa.evaluation.ranked import AnswerPlaces, Retrieved, trec_scores

FERRY = """The ferry of Lund

Mayor Ida Holm: The ferry sails at 7.30 and again at 9. It was built in 1931, when the harbour was dug. Ninety people
find room on its upper deck, and no ticket has ever cost more than three crowns.

Captain Per Lie: We have 40 crossings a week. In winter the ice keeps us in the harbour for a month, and the crew paints
the hull.
"""
BRIDGE = "The bridge of Lund was opened in 1931 by the mayor. It has 40 lamps."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as made:
        for name, text in (("ferry", FERRY), ("bridge", BRIDGE)):
            article = article_from_text(text)
            passages = split_passages(article, count_tokens=lambda texts: [len(text.split()) for text in texts])
            vectors = np.zeros((len(passages), 2), np.float32)
            vectors[:, 0] = 1
            made.add(article, passages, vectors, model_id="none", source=str(tmp_path / f"{name}.txt"))
        yield made


def gold(*spots: Spot) -> GoldQuestion:
    return GoldQuestion("q", Asked("What?"), tuple(spot.text for spot in spots), "fact", None, "line 1", spots)


def texts_of(library: Library, question: GoldQuestion) -> list[str]:
    places = AnswerPlaces(library)
    return [found.span.of(places.article(found.article_id).text) for found in places.passages(question)]


def test_a_passage_is_right_that_holds_the_answer_of_its_own_article(library: Library) -> None:
    (found,) = texts_of(library, gold(Spot("bridge", "1931", None)))
    assert "lamps" in found
    (found,) = texts_of(library, gold(Spot("ferry", "1931", None)))
    assert "Ninety" in found
    assert len(texts_of(library, gold(Spot("ferry", "1931", None), Spot("bridge", "1931", None)))) == 2


def test_an_answer_without_an_article_is_looked_for_in_all(library: Library) -> None:
    assert len(texts_of(library, gold(Spot(None, "40", None)))) == 2
    assert texts_of(library, gold(Spot(None, "4", None))) == []


def test_a_start_tells_which_place_is_meant(library: Library) -> None:
    places = AnswerPlaces(library)
    (article_id,) = places.article_ids(gold(Spot("ferry", "harbour", None)))
    text = places.article(article_id).text
    both = gold(Spot("ferry", "harbour", None))
    second = gold(Spot("ferry", "harbour", text.rindex("harbour")))
    assert len(texts_of(library, both)) == 2
    (found,) = texts_of(library, second)
    assert found.startswith("We have") or "winter" in found


def test_the_name_of_the_speaker_is_read_with_the_passage(library: Library) -> None:
    (found,) = texts_of(library, gold(Spot("ferry", "Per Lie", None)))
    assert "40 crossings" in found


def test_what_stands_only_in_the_file_or_nowhere_has_no_passage(library: Library) -> None:
    assert texts_of(library, gold(Spot("ferry", "1931", None, in_text=False))) == []
    assert texts_of(library, gold(Spot("tunnel", "1931", None))) == []
    assert texts_of(library, gold()) == []


def test_articles_go_by_file_name_or_id(library: Library) -> None:
    places, ids = AnswerPlaces(library), [found.id for found in library.articles()]
    assert places.article_ids(gold(Spot("bridge", "a", None), Spot(ids[0], "b", None))) == (ids[1], ids[0])
    assert places.article_ids(gold(Spot("tunnel", "a", None), Spot(None, "b", None))) == ()


def test_the_right_passage_to_read_is_the_one_ranked_best(library: Library) -> None:
    first, second = AnswerPlaces(library).passages(gold(Spot(None, "40", None)))
    assert nearest([first, second], [("x", 3.0), (second.id, 2.0), (first.id, 1.0)]) == second
    assert nearest([first, second], [("x", 3.0), (second.id, 2.0)]) == second
    assert nearest([first, second], [("x", 3.0)]) == first
    assert nearest([], [("x", 3.0)]) is None


def found(count: int, *relevant: int) -> Retrieved:
    passages = tuple((f"p{rank:02}", 1.0) for rank in range(1, count + 1))  # all scores are equal
    return Retrieved(passages, tuple(f"p{rank:02}" for rank in relevant))


def test_ranks_are_those_of_the_right_passages_found() -> None:
    assert found(20, 3, 7, 40).ranks == (3, 7)
    assert found(20).ranks == ()


def test_retrieval_measures_by_hand() -> None:
    scores = trec_scores([found(20, 2, 4, 30), found(20, 1), found(20, 12), found(20), found(0, 1)])
    assert scores["Success@1"] == [0, 1, 0, 0, 0]
    assert scores["Success@5"] == [1, 1, 0, 0, 0]
    assert scores["Success@10"] == [1, 1, 0, 0, 0]
    assert scores["Success@20"] == [1, 1, 1, 0, 0]
    assert scores["R@1"] == [0, 1, 0, 0, 0]
    assert scores["R@5"] == pytest.approx([2 / 3, 1, 0, 0, 0])
    assert scores["R@20"] == pytest.approx([2 / 3, 1, 1, 0, 0])
    assert scores["RR"] == pytest.approx([1 / 2, 1, 1 / 12, 0, 0])
    gained = 1 / math.log2(3) + 1 / math.log2(5)
    ideal = 1 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert scores["nDCG@10"] == pytest.approx([gained / ideal, 1, 0, 0, 0])
