"""What every store does alike: one suite for the library in a folder and for the collection on a server."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from corpus.errors import LibraryError, UnknownArticleError
from corpus.types import Article, Passage, Span
from corpus.writes import Addition
from index.stores import searcher_of

MODEL = "hashing-64"


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
