"""Search kept to chosen passages, against a library that holds only those: the same passages at any k."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import article_from_text
from corpus.errors import InputError
from corpus.filters import Filter
from corpus.library import Library
from corpus.metadata import Metadata
from corpus.passages import split_passages
from corpus.types import Article, Passage
from index.retriever import Retriever

PLACES = ["Vellory", "Orsk", "Mirani", "Quillan", "Tessel", "Halden", "Pell"]
THINGS = ["dykes", "trams", "kilns", "orchards", "ferries", "wells", "looms", "mills"]
PEOPLE = ["Ilse Brandt", "Omar Haddad", "Ana Silva"]
PUBLISHERS = ["Vellory Gazette", "Orsk Post", None]
QUERIES = ["What did the town pay for the dykes?", "trams", "Who spoke of the kilns of Orsk?", "nothing of the kind"]


def make(number: int) -> Article:
    place, person = PLACES[number % len(PLACES)], PEOPLE[number % len(PEOPLE)]
    lines = [f"The {THINGS[(number + n) % len(THINGS)]} of {place}, part {number} of {n}." for n in range(3)]
    said = [f"{person}: We paid {number}{n} crowns for the {THINGS[(number * n) % len(THINGS)]}." for n in range(4)]
    text = "\n\n".join([f"Notes on {place}, number {number}", *lines, "Reporter: What did you pay?", *said])
    published = None if number % 4 == 3 else date(2021, 1 + number % 12, 5).isoformat()
    return article_from_text(
        text, metadata=Metadata(publisher=PUBLISHERS[number % len(PUBLISHERS)], published=published)
    )


ARTICLES = [make(number) for number in range(14)]
BY_ID = {article.id: article for article in ARTICLES}


def fill(library: Library, passages: list[Passage], embedder) -> None:
    for article in ARTICLES:
        held = [passage for passage in passages if passage.article_id == article.id]
        if held:
            vectors = embedder.embed([passage.span.of(article.text) for passage in held])
            library.add(article, held, vectors, model_id=embedder.id)


@pytest.fixture(scope="module")
def full(tmp_path_factory, embedder):
    passages = [passage for article in ARTICLES for passage in split_passages(article, budget=12)]
    with Library.open(tmp_path_factory.mktemp("filtered") / "full", create=True) as library:
        fill(library, passages, embedder)
        yield Retriever(library, embedder)


def satisfies(passage: Passage, where: Filter) -> bool:
    """The filter's meaning, said again in the plainest way."""
    article = BY_ID[passage.article_id]
    day = date.fromisoformat(article.published) if article.published else None
    return (
        (not where.articles or article.id in where.articles)
        and (not where.publishers or article.publisher in where.publishers)
        and (where.since is None or (day is not None and day >= where.since))
        and (where.until is None or (day is not None and day <= where.until))
        and (not where.speakers or (passage.speaker is not None and passage.speaker.of(article.text) in where.speakers))
    )


def some(names):
    return st.just(frozenset()) | st.frozensets(st.sampled_from(names), min_size=1, max_size=len(names) - 1)


DAYS = st.none() | st.dates(date(2021, 1, 1), date(2021, 12, 31))
FILTERS = st.builds(
    lambda articles, publishers, speakers, first, last: Filter(
        articles, publishers, speakers, *(sorted([first, last]) if first and last else [first, last])
    ),
    some(sorted(BY_ID)),
    some(PUBLISHERS[:2]),
    some([*PEOPLE, "Reporter"]),
    DAYS,
    DAYS,
)


@settings(max_examples=40, deadline=None)
@given(where=FILTERS, k=st.sampled_from([1, 5, 50]), query=st.sampled_from(QUERIES))
def test_as_if_the_library_held_only_what_is_allowed(full, embedder, where, k, query):
    found = full.search(query, k, where=where)
    everything = [passage for _, passage in full.library.iter_passages()]
    allowed = [passage for passage in everything if satisfies(passage, where)]
    assert all(satisfies(hit.passage, where) for hit in found)
    assert len(found) == min(k, len(allowed))
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "part", create=True) as part:
        fill(part, allowed, embedder)
        expected = Retriever(part, embedder, weight=1.0).search(query, k)
    near = Retriever(full.library, embedder, weight=1.0).search(query, k, where=where)
    assert [hit.ranks.dense_score for hit in near] == pytest.approx(
        [hit.ranks.dense_score for hit in expected], abs=1e-6
    )
    assert {hit.passage.id for hit in near if hit.score > near[-1].score + 1e-6} == {
        hit.passage.id for hit in expected if hit.score > near[-1].score + 1e-6
    }


@pytest.mark.parametrize("query", QUERIES)
def test_words_count_as_in_the_whole_library(full, query):
    """A word that is rare among the articles stays telling where only one of them may be looked at."""
    where = Filter(publishers=frozenset({"Orsk Post"}))
    scores = {hit.passage.id: hit.ranks.lexical_score for hit in full.search(query, 1000)}
    found = full.search(query, 1000, where=where)
    assert [hit.ranks.lexical_score for hit in found] == [
        pytest.approx(scores[hit.passage.id]) if scores[hit.passage.id] is not None else None for hit in found
    ]


def test_several_queries_equal_one_by_one(full):
    where = Filter(speakers=frozenset({"Silva"}), since=date(2021, 2, 1))
    assert full.search_many(QUERIES, 5, where=where) == [full.search(query, 5, where=where) for query in QUERIES]


def test_articles_named_beside_a_filter_must_hold_too(full):
    orsk = [article.id for article in ARTICLES if article.publisher == "Orsk Post"]
    where = Filter(publishers=frozenset({"orsk post"}))
    hits = full.search("trams", 99, articles=[orsk[0], ARTICLES[0].id], where=where)
    assert {hit.passage.article_id for hit in hits} == {orsk[0]}
    assert full.search("trams", 99, articles=[], where=where) == []


def test_a_filter_that_leaves_nothing_finds_nothing(full):
    assert full.search("trams", 5, where=Filter(since=date(2031, 1, 1))) == []
    with pytest.raises(InputError, match="“Ilse Brandt”"):
        full.search("trams", 5, where=Filter(speakers=frozenset({"Ilse Brant"})))


def test_an_empty_filter_is_none(full):
    assert full.search("trams", 7, where=Filter()) == full.search("trams", 7)
    assert np.isfinite([hit.score for hit in full.search("trams", 7, where=Filter())]).all()
