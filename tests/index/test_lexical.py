"""BM25 search with real tantivy indexes: hostile queries, stems, accents, restriction, other scripts."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import LibraryError
from corpus.library import PassageFields
from index.lexical import MAX_TERMS, LexicalIndex

TEXTS = {
    3: "Divers were searching the wreck of the Aurinko.",
    5: "The café in São Tomé reopened; its owners sold 1,000 coffees.",
    8: "東京都の新しい駅が開業した。",
    9: "Nothing was said about boats and or not.",
    12: "Searching for a cherry, the farmer's dog barked.",
}


def make_fields(rowid: int, text: str, **others: str) -> PassageFields:
    return PassageFields(
        rowid, "a", text, others.get("title", ""), others.get("speaker", ""), others.get("section", "")
    )


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(make_fields(rowid, text) for rowid, text in TEXTS.items())


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("who searched the wreck?", 3),
        ("SAO TOME", 5),
        ("Cafe\u0301 owner", 5),
        ("東京", 8),
        ("駅", 8),
        ("farmers", 12),
        ("cherries", 12),
    ],
)
def test_finds_by_word_form(index, query, best):
    assert index.search(query, 3)[0][0] == best


@pytest.mark.parametrize(
    "query",
    [
        'AND OR NOT "', "text:wreck^9 OR (*", "[a TO z]", "rowid:3", "wreck~2 \\", "'; DROP TABLE",
        "\x00wreck\x00",
        "+-&|!(){}[]^\"~*?:\\/", "wreck\ud800", "\u202ewreck", "💥" * 50, "",
    ],
)  # fmt: skip
def test_query_syntax_means_nothing(index, query):
    rowids, scores = index.search(query, 10)
    assert len(rowids) == len(scores)
    if "wreck" in query:
        assert rowids[0] == 3
    if query == "rowid:3":
        assert len(rowids) == 0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_query_is_harmless(query):
    rowids, scores = SHARED.search(query, 10)
    assert set(rowids.tolist()) <= set(TEXTS)
    assert (np.diff(scores) <= 0).all()


SHARED = LexicalIndex.build(make_fields(rowid, text) for rowid, text in TEXTS.items())


def test_a_huge_query_is_cut(index):
    start = time.perf_counter()
    query = "wreck " + " ".join(f"word{n}" for n in range(100_000))
    assert len(index.terms(query)) == MAX_TERMS
    assert index.search(query, 5)[0].tolist() == [3]
    assert index.search("x" * 100_000, 5)[0].tolist() == []
    assert time.perf_counter() - start < 5


def test_words_of_title_speaker_and_section_count():
    passages = [
        make_fields(1, "He resigned.", speaker="Ilse Brandt"),
        make_fields(2, "He resigned.", title="Zagreb trams"),
        make_fields(3, "He resigned.", section="Weather"),
    ]
    index = LexicalIndex.build(passages)
    assert [index.search(query, 3)[0].tolist() for query in ("Brandt", "Zagreb", "weather")] == [[1], [2], [3]]


def test_restriction(index):
    assert set(index.search("the searching", 5)[0]) >= {3, 12}
    assert index.search("the searching", 5, restrict=np.array([12, 77]))[0].tolist() == [12]
    assert index.search("the searching", 5, restrict=np.empty(0, np.int64))[0].tolist() == []
    full = dict(zip(*index.search("the searching", 5), strict=True))
    assert index.search("the searching", 5, restrict=np.array([12]))[1][0] == pytest.approx(full[12])


@pytest.mark.parametrize("share", [1, 3, 11, 13, 40])
@pytest.mark.parametrize("k", [1, 5, 50, 1000])
def test_a_restricted_search_is_the_whole_one_without_the_others(share, k):
    """Both ways of restricting, in a set that the best passages are not in."""
    rowids, scores = CROWD.search("tram harbour", 1000)
    for restrict in (np.arange(1, 401, share), rowids[::-1][: 400 // share]):
        found, found_scores = CROWD.search("tram harbour", k, restrict=np.sort(restrict))
        allowed = np.isin(rowids, restrict)
        assert found.tolist() == rowids[allowed][:k].tolist()
        assert np.allclose(found_scores, scores[allowed][:k])


CROWD = LexicalIndex.build(
    make_fields(n, f"A tram {'stopped ' * (n % 9)}{'at the harbour ' * (n % 4)}{'tram ' * (n % 7)}in {n}.")
    for n in range(1, 401)
)


def test_equal_passages_come_in_the_order_of_their_rowids():
    index = LexicalIndex.build(make_fields(rowid, "A tram stopped.") for rowid in range(1, 40))
    assert index.search("tram", 7)[0].tolist() == list(range(1, 8))


def test_empty_index_and_no_hits_wanted(index):
    empty = LexicalIndex.build([])
    assert len(empty) == 0
    assert empty.search("wreck", 5)[0].tolist() == []
    assert index.search("wreck", 0)[0].tolist() == []
    assert len(index.search("the", 10_000)[0]) <= len(TEXTS)


def test_a_stored_index_answers_as_the_one_in_memory(tmp_path, index):
    LexicalIndex.build((make_fields(rowid, text) for rowid, text in TEXTS.items()), tmp_path)
    loaded = LexicalIndex.load(tmp_path)
    for query in ("searching the wreck", "São", "駅"):
        assert np.array_equal(loaded.search(query, 5), index.search(query, 5))
    with pytest.raises(LibraryError, match="delete the folder"):
        LexicalIndex.load(tmp_path / "missing")


def test_in_a_large_library_the_rarest_words_are_looked_up():
    texts = [f"the tram of line {n} was late" for n in range(40)] + ["the heron was late"]
    index = LexicalIndex.build(PassageFields(n, "a", text, "", "", "") for n, text in enumerate(texts, 1))
    whole = index.search("was the heron late on line 7", 3)
    few = index.search("was the heron late on line 7", 3, postings=60)
    assert sorted(few[0][:2].tolist()) == sorted(whole[0][:2].tolist()) == [8, 41]
    assert few[1].max() < whole[1].max(), "fewer words count"
    assert len(index.search("the late tram", 99, postings=1)[0]) == 41, "frequent words alone still find"
    assert index.rarest(["the", "heron", "late", "line", "was"], 41) == ["the", "heron", "line"]
