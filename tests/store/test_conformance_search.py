"""Searching, filtering and working at once, which every store does alike."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from corpus.errors import InputError, LibraryError, UnknownArticleError
from corpus.filters import Filter
from corpus.types import Passage
from index.stores import open_store, searcher_of

MODEL = "hashing-64"


def ids(store) -> list[str]:
    return [summary.id for summary in store.articles()]


class TestSearch:
    QUERIES = (
        "What did the town pay for the dykes?",
        "trams",
        "Who spoke of the kilns of Orsk?",
        "nothing of the kind",
    )

    @pytest.fixture(scope="class", params=["embedded", "milvus"])
    def filled(self, request, reports, tmp_path_factory):
        folder = str(tmp_path_factory.mktemp("filled") / "library")
        is_embedded = request.param == "embedded"
        place = folder if is_embedded else f"{request.getfixturevalue('milvus').address}/filled"
        store = open_store(place, create=True)
        store.add_many(reports, model_id=MODEL)
        yield store
        store.close()

    def test_hits_are_slices_of_their_articles(self, filled, embedder):
        (best, *_) = searcher_of(filled, embedder).search("the kilns of Orsk", 5)
        assert "Orsk" in best.passage.span.of(filled.article(best.passage.article_id).text)
        assert best.ranks.dense_score is not None
        assert best.ranks.dense_score <= 1.0 + 1e-6

    def test_at_any_k_the_best_come_first(self, filled, embedder):
        search = searcher_of(filled, embedder).search
        everything = search("the kilns of Orsk", 1000)
        assert len(everything) == filled.count_passages()
        for k in (0, 1, 7):
            assert [hit.passage.id for hit in search("the kilns of Orsk", k)] == [h.passage.id for h in everything[:k]]

    def test_one_question_of_many_is_answered_as_alone(self, filled, embedder):
        searcher = searcher_of(filled, embedder)
        together = searcher.search_many([*self.QUERIES, " ", *self.QUERIES], 5)
        assert together[4] == []
        for query, hits in zip(self.QUERIES, together, strict=False):
            assert [hit.passage for hit in hits] == [hit.passage for hit in searcher.search(query, 5)]

    def test_several_threads_ask_at_once(self, filled, embedder):
        searcher = searcher_of(filled, embedder)
        expected = [[hit.passage for hit in hits] for hits in searcher.search_many(self.QUERIES, 5)]
        with ThreadPoolExecutor(6) as threads:
            found = list(threads.map(lambda query: searcher.search(query, 5), self.QUERIES * 6))
        assert [[hit.passage for hit in hits] for hits in found] == expected * 6

    @pytest.mark.parametrize(
        "where",
        [
            Filter(publishers=frozenset({"vellory  GAZETTE"})),
            Filter(publishers=frozenset({'The "Orsk" Post\\'})),
            Filter(speakers=frozenset({"Ilse Brandt", "silva"})),
            Filter(speakers=frozenset({"Haddad"}), since=date(2021, 3, 1)),
            Filter(since=date(2021, 2, 1), until=date(2021, 6, 5)),
            Filter(until=date(1999, 1, 1)),
        ],
    )
    @pytest.mark.parametrize("k", [1, 4, 500])
    def test_filters_work_inside_the_search(self, filled, embedder, where, k):
        allowed = {passage.id for passage in filled_passages(filled) if satisfies(filled, passage, where)}
        for query in self.QUERIES:
            found = searcher_of(filled, embedder).search(query, k, where=where)
            assert {hit.passage.id for hit in found} <= allowed
            assert len(found) == min(k, len(allowed))

    def test_only_in_some_articles(self, filled, embedder, reports):
        search = searcher_of(filled, embedder).search
        some = [one.article.id for one in reports[:2]]
        found = search("the town", 500, articles=some)
        assert len(found) == sum(len(one.passages) for one in reports[:2])
        assert search("the town", 5, articles=[]) == []
        both = search("the town", 500, articles=some, where=Filter(articles=frozenset({some[0]})))
        assert {hit.passage.article_id for hit in both} == {some[0]}
        with pytest.raises(UnknownArticleError):
            search("the town", 5, articles=["nobody"])

    def test_a_name_that_is_not_here_is_answered_with_the_nearest(self, filled, embedder):
        search = searcher_of(filled, embedder).search
        for where, nearest in (
            (Filter(publishers=frozenset({"Velory Gazette"})), "Vellory Gazette"),
            (Filter(speakers=frozenset({"Ilse Brant"})), "Ilse Brandt"),
            (Filter(articles=frozenset({"nobody"})), "no article"),
        ):
            with pytest.raises(InputError, match=nearest):
                search("the town", 3, where=where)

    def test_the_menus_tell_what_there_is(self, filled):
        facets = filled.catalogue().facets()
        assert (facets.articles, facets.undated) == (9, 2)
        assert (facets.first, facets.last) == (date(2021, 1, 5), date(2021, 9, 5))
        assert [(facet.name, facet.articles) for facet in facets.publishers] == [
            ('The "Orsk" Post\\', 3),
            ("Vellory Gazette", 3),
        ]
        assert {facet.name: facet.articles for facet in facets.speakers} == {
            "Reporter": 9,
            **dict.fromkeys(["Ilse Brandt", "Dr. Omar Haddad", "Ana Silva"], 3),
        }

    def test_an_empty_store_finds_nothing(self, store, embedder):
        assert searcher_of(store, embedder).search("anything", 3) == []
        with pytest.raises(InputError):
            searcher_of(store, embedder).search("anything", 3, where=Filter(publishers=frozenset({"Post"})))

    def test_what_is_no_word_finds_by_meaning_alone(self, filled, embedder):
        assert all(hit.ranks.lexical_score is None for hit in searcher_of(filled, embedder).search("?! ...", 3))


def filled_passages(store) -> list[Passage]:
    return [passage for summary in store.articles() for passage in store.passages_of(summary.id)]


def satisfies(store, passage: Passage, where: Filter) -> bool:
    """The filter's meaning, said again in the plainest way."""
    article = store.article(passage.article_id)
    day = date.fromisoformat(article.published) if article.published else None
    speaker = passage.speaker.of(article.text).casefold() if passage.speaker else ""
    publisher = " ".join((article.publisher or "").casefold().split())
    return (
        (not where.publishers or publisher in {" ".join(name.casefold().split()) for name in where.publishers})
        and (where.since is None or (day is not None and day >= where.since))
        and (where.until is None or (day is not None and day <= where.until))
        and (not where.speakers or any(speaker.endswith(name.casefold()) and speaker for name in where.speakers))
    )


class TestAtOnce:
    def test_another_one_sees_what_was_written(self, store, place, reports, embedder):
        store.add_many(reports[:3], model_id=MODEL)
        other = open_store(place)
        searcher = searcher_of(other, embedder)
        try:
            assert ids(other) == ids(store)
            assert searcher.search("What did the town pay?", 1)
            store.add_many(reports[3:4], model_id=MODEL)
            (hit, *_) = searcher.search(reports[3].article.text.splitlines()[0], 1)
            assert hit.passage.article_id == reports[3].article.id
            store.remove(reports[3].article.id)
            assert ids(other) == ids(store)
        finally:
            other.close()

    def test_it_is_there_when_opened_again(self, store, place, reports):
        store.add_many(reports, model_id=MODEL)
        before, identity = store.articles(), store.uuid
        store.close()
        with pytest.raises(LibraryError, match="closed"):
            store.articles()
        again = open_store(place, create=True)
        try:
            assert (again.articles(), again.uuid) == (before, identity)
            assert again.check() == []
        finally:
            again.close()

    def test_several_add_the_same_and_others_at_once(self, store, place, reports):
        errors = []

        def work(start: int) -> None:
            own = open_store(place)
            try:
                for step in range(len(reports)):
                    own.add_many([reports[(start + step) % len(reports)]], model_id=MODEL)
            except Exception as error:
                errors.append(error)
            finally:
                own.close()

        workers = [threading.Thread(target=work, args=(start,)) for start in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert errors == []
        assert sorted(ids(store)) == sorted(one.article.id for one in reports)
        assert store.count_passages() == sum(len(one.passages) for one in reports)
        assert store.check() == []

    def test_a_snapshot_keeps_the_articles_it_found(self, store, place, reports, embedder):
        store.add_many(reports, model_id=MODEL)
        other = open_store(place)
        try:
            with store.snapshot():
                hits = searcher_of(store, embedder).search("the kilns of Orsk", 8)
                for article_id in {hit.passage.article_id for hit in hits}:
                    other.remove(article_id)
                for hit in hits:
                    article = store.article(hit.passage.article_id)
                    assert hit.passage.span.end <= len(article.text)
            with pytest.raises(UnknownArticleError):
                store.article(hits[0].passage.article_id)
        finally:
            other.close()

    def test_there_is_none_unless_it_is_made(self, place):
        with pytest.raises(LibraryError, match="there is none; add an article"):
            open_store(place)
