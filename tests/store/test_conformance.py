"""What every store does alike: one suite for the library in a folder and for the collection on a server."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from corpus.errors import InputError, LibraryError, UnknownArticleError
from corpus.filters import Filter
from corpus.types import Article, Passage, Span
from corpus.writes import Addition
from index.stores import open_store, searcher_of

PLACES = ["Vellory", "Orsk", "Mirani", "Quillan", "Tessel", "Halden", "Pell"]
THINGS = ["dykes", "trams", "kilns", "orchards", "ferries", "wells", "looms", "mills"]
PEOPLE = ["Ilse Brandt", "Dr. Omar Haddad", "Ana Silva"]
PUBLISHERS = ["Vellory Gazette", 'The "Orsk" Post\\', None]
MODEL = "hashing-64"


def report(number: int) -> tuple[str, dict[str, str | None]]:
    place, person = PLACES[number % len(PLACES)], PEOPLE[number % len(PEOPLE)]
    lines = [f"The {THINGS[(number + n) % len(THINGS)]} of {place}, part {number} of {n}." for n in range(3)]
    said = [f"{person}: We paid {number}{n} crowns for the {THINGS[(number * n) % len(THINGS)]}." for n in range(4)]
    text = "\n\n".join([f"Notes on {place}, number {number}", *lines, "Reporter: What did you pay?", *said])
    published = None if number % 4 == 3 else date(2021, 1 + number % 12, 5).isoformat()
    return text, {"publisher": PUBLISHERS[number % len(PUBLISHERS)], "published": published}


@pytest.fixture(scope="module")
def reports(make):
    return [
        make(text, f"/files/{number}.txt", 12, **facts) for number, (text, facts) in enumerate(map(report, range(9)))
    ]


def ids(store) -> list[str]:
    return [summary.id for summary in store.articles()]


class TestArticles:
    def test_what_was_added_is_there(self, store, make):
        one = make(
            "The ferry Aurinko sank off Hanko.\n\nAll 41 were rescued.", "/f/ferry.txt", title="Ferry", author="Bo"
        )
        assert store.generation == 0
        assert store.add_many([one], model_id=MODEL) == [True]
        (summary,) = store.articles()
        assert (summary.id, summary.title, summary.author) == (one.article.id, "Ferry", "Bo")
        assert (summary.sources, summary.passages) == (("/f/ferry.txt",), len(one.passages))
        assert store.article(one.article.id) == one.article
        assert store.passages_of(one.article.id) == list(one.passages)
        assert store.count_passages() == len(one.passages)
        assert store.stamps(["/f/ferry.txt", "/f/other.txt"]) == {"/f/ferry.txt": one.stamp}
        assert store.held(["/f/ferry.txt", "/f/other.txt"])["/f/ferry.txt"].article_id == one.article.id
        assert store.generation > 0
        assert store.check() == []

    def test_adding_again_changes_nothing(self, store, reports):
        assert store.add_many(reports, model_id=MODEL) == [True] * len(reports)
        before = store.articles(), store.generation
        assert store.add_many(reports, model_id=MODEL) == [False] * len(reports)
        assert (store.articles(), store.generation) == before

    def test_one_call_may_hold_an_article_twice(self, store, make):
        one = make("The mill of Pell burned down.", "/f/a.txt")
        assert store.add_many([one, one], model_id=MODEL) == [True, False]
        assert store.count_passages() == len(one.passages)

    def test_they_come_in_the_order_they_were_added(self, store, reports):
        for one in reports[:3]:
            store.add_many([one], model_id=MODEL)
        store.add_many(reports[3:], model_id=MODEL)
        assert ids(store) == [one.article.id for one in reports]

    @pytest.mark.parametrize(
        "text",
        [
            "Emoji 👩‍👩‍👧 and 𝔘nicode.\r\nCRLF lines\r\nand a tab\t.",
            "שלום עולם. זה משפט. \u202eעוד\u202c",
            "Zwölf Boxkämpfer: naïve café e\u0301.",
            'Quotes "\' and \\ and {braces} [x] in ["a"] or 1 == 1',
            "A NUL \0 and others \x01\x1f\x7f\u2028.",
            "日本語の記事です。東京都は大きい。",
        ],
    )
    def test_texts_come_back_to_the_character(self, store, text, embedder):
        article = Article(id="a\"b\\'{x}\n", text=text, title=text, publisher=text, sha256="")
        passage = Passage("p\"'\\", article.id, Span(0, len(text)), sentences=(Span(0, 3), Span(3, len(text))))
        store.add(article, [passage], embedder.embed([text]), model_id=MODEL, source=f"/f/{text}")
        assert store.article(article.id) == article
        assert store.passages_of(article.id) == [passage]
        assert store.articles()[0].sources == (f"/f/{text}",)
        store.remove(article.id)
        assert store.articles() == []

    @pytest.mark.parametrize("sign", ["é", "🚋"])
    def test_a_long_text_comes_back_whole(self, store, sign, embedder):
        text = (f"{sign * 7} " * 40_000)[:300_000]
        article = Article("long", text, sha256=hashlib.sha256(text.encode()).hexdigest())
        spans = [Span(0, 50), Span(50, len(text))]
        passages = [Passage(f"{article.id}:{span.start}", article.id, span, sentences=(span,)) for span in spans]
        store.add(article, passages, embedder.embed(["a", "b"]), model_id=MODEL)
        assert store.article(article.id) == article
        assert store.check() == []

    def test_an_article_without_passages(self, store, embedder, make):
        article = Article(id="empty", text="...")
        assert store.add(article, [], np.empty((0, embedder.dimension), np.float32), model_id=MODEL)
        assert store.passages_of("empty") == []
        store.add_many([make("The wells of Orsk are dry.")], model_id=MODEL)
        assert len(store.articles()) == 2

    def test_an_unknown_article(self, store):
        for ask in (store.article, store.passages_of, store.remove):
            with pytest.raises(UnknownArticleError, match="list the articles"):
                ask("nobody")

    def test_what_cannot_be_stored_changes_nothing(self, store, make, embedder):
        good = make("The looms of Halden are still.")
        article = Article(id="torn", text="half \ud83d a sign")
        bad = Addition(article, [Passage("t", "torn", Span(0, 4))], embedder.embed(["half"]))
        twins = [Passage("same", "twin", Span(0, 3)), Passage("same", "twin", Span(4, 7))]
        with pytest.raises(LibraryError, match="surrogates"):
            store.add_many([good, bad], model_id=MODEL)
        with pytest.raises(LibraryError, match="used twice"):
            store.add(Article(id="twin", text="one two"), twins, embedder.embed(["one", "two"]), model_id=MODEL)
        assert store.articles() == []


class TestReplacing:
    def test_a_changed_file_replaces_its_article(self, store, make):
        old, new = make("The dyke broke.", "/f/a.txt"), make("The dyke broke twice.", "/f/a.txt")
        store.add_many([old], model_id=MODEL)
        assert store.add_many([new], model_id=MODEL) == [True]
        assert ids(store) == [new.article.id]
        assert store.count_passages() == len(new.passages)
        assert store.held(["/f/a.txt"])["/f/a.txt"].article_id == new.article.id

    def test_an_article_of_two_files_stays_with_the_other(self, store, make):
        shared = "The dyke broke."
        store.add_many([make(shared, "/f/a.txt"), make(shared, "/f/b.txt")], model_id=MODEL)
        assert store.articles()[0].sources == ("/f/a.txt", "/f/b.txt")
        store.add_many([make("Another story of dykes.", "/f/a.txt")], model_id=MODEL)
        assert len(store.articles()) == 2
        store.add_many([make("A third story.", "/f/b.txt")], model_id=MODEL)
        assert len(store.articles()) == 2

    def test_both_files_of_an_article_may_change_at_once(self, store, make):
        shared = "The dyke broke."
        store.add_many([make(shared, "/f/a.txt"), make(shared, "/f/b.txt")], model_id=MODEL)
        store.add_many([make("One.", "/f/a.txt"), make("Two.", "/f/b.txt")], model_id=MODEL)
        assert [summary.sources for summary in store.articles()] == [("/f/a.txt",), ("/f/b.txt",)]

    def test_two_files_may_change_places(self, store, make):
        texts = ["The dyke broke.", "The tram is late."]
        store.add_many([make(texts[0], "/f/a.txt"), make(texts[1], "/f/b.txt")], model_id=MODEL)
        store.add_many([make(texts[1], "/f/a.txt"), make(texts[0], "/f/b.txt")], model_id=MODEL)
        assert {summary.sources for summary in store.articles()} == {("/f/a.txt",), ("/f/b.txt",)}
        assert len(store.articles()) == 2

    def test_another_splitting_replaces_the_passages(self, store, make):
        text = " ".join(f"Sentence number {n} is about the wells." for n in range(12))
        fine, coarse = make(text, budget=8), make(text, budget=60)
        assert len(fine.passages) > len(coarse.passages)
        store.add_many([fine], model_id=MODEL)
        assert store.add_many([coarse], model_id=MODEL) == [True]
        assert store.passages_of(fine.article.id) == list(coarse.passages)
        assert store.count_passages() == len(coarse.passages)

    def test_new_facts_of_its_only_file_replace_the_old_ones(self, store, make):
        store.add_many([make("The kiln of Pell.", "/f/a.txt", title="Kiln")], model_id=MODEL)
        assert store.add_many([make("The kiln of Pell.", "/f/a.txt", title="The kiln")], model_id=MODEL) == [True]
        assert [summary.title for summary in store.articles()] == ["The kiln"]
        store.add_many([make("The kiln of Pell.", "/f/b.txt", title="Other")], model_id=MODEL)
        assert [summary.title for summary in store.articles()] == ["The kiln"]

    def test_a_removed_article_can_be_added_again(self, store, reports, embedder):
        store.add_many(reports, model_id=MODEL)
        gone = reports[4]
        store.remove(gone.article.id)
        assert gone.article.id not in ids(store)
        assert store.stamps([gone.source]) == {}
        assert store.count_passages() == sum(len(one.passages) for one in reports if one is not gone)
        found = searcher_of(store, embedder).search("What did the town pay?", 200)
        assert all(hit.passage.article_id != gone.article.id for hit in found)
        assert store.add_many([gone], model_id=MODEL) == [True]
        assert store.article(gone.article.id) == gone.article


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


class TestKnownAgain:
    def test_files_that_are_gone_are_forgotten(self, store, make, tmp_path):
        there, gone = tmp_path / "there.txt", tmp_path / "gone.txt"
        there.touch()
        store.add_many(
            [make("The ferry is late.", str(there)), make("The tram is late.", str(gone)), make("Both.", "/f/else")],
            model_id=MODEL,
        )
        store.add_many([make("The ferry is late.", str(gone) + "2")], model_id=MODEL)
        assert [held.article_id for held in store.prune(tmp_path)] == [make("The tram is late.").article.id]
        assert sorted(summary.sources for summary in store.articles()) == [("/f/else",), (str(there),)]
        assert store.prune(tmp_path) == []

    def test_articles_of_nearly_the_same_words(self, store, make):
        for number, bands in enumerate([(5, 2**62, 7), (5, 8, 9), (1,)]):
            text = f"Report number {number}."
            addition = make(text, f"/f/{number}")
            store.add_many([replace(addition, bands=bands)], model_id=MODEL)
        assert [text for _, text in store.sharing_bands([5, 2**62, 8, 7])] == ["Report number 0.", "Report number 1."]
        assert store.sharing_bands([77]) == []
        assert store.sharing_bands([]) == []

    def test_vectors_are_given_back_for_the_same_words(self, store, make):
        one = make("The ferry is late.\n\nThe tram is later.", budget=5)
        store.add_many([one], model_id=MODEL)
        found = store.vectors_of(one.article.id, MODEL)
        assert set(found) == {passage.id for passage in one.passages}
        for passage, vector in zip(one.passages, one.vectors, strict=True):
            assert np.allclose(found[passage.id], vector)
        assert store.vectors_of(one.article.id, "another") == {}
        assert store.vectors_of("nobody", MODEL) == {}


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
