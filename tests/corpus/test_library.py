"""The library over real SQLite files: round trips, one transaction a change, refusals, several threads."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import LibraryError, UnknownArticleError
from corpus.library import Addition, Library
from corpus.types import Article, Passage, Span, Turn

MODEL = "toy"


def make_article(text: str, **facts: object) -> Article:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(id=digest[:16], text=text, sha256=digest, **facts)  # type: ignore[arg-type]


def make_passages(article: Article, size: int = 40) -> list[Passage]:
    spans = [Span(start, min(start + size, len(article.text))) for start in range(0, len(article.text), size)]
    return [Passage(f"{article.id}:{n}", article.id, span, sentences=(span,)) for n, span in enumerate(spans)]


def make_vectors(count: int, dimension: int = 4, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def add(library: Library, article: Article, *, model_id: str = MODEL, source: str | None = None) -> bool:
    passages = make_passages(article)
    return library.add(article, passages, make_vectors(len(passages)), model_id=model_id, source=source)


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "lib", create=True) as opened:
        yield opened


HARBOUR = make_article("The harbour of Leixões reopened on Monday. " * 5, title="Harbour", published="2023-03-06")
BRIDGE = make_article("A footbridge in Tartu was closed after an inspection. " * 4, title="Bridge", author="Mari Ots")


def test_articles_and_passages_come_back_as_they_went_in(library):
    turn = Turn(Span(0, 11), "Harbour", Span(4, 11), "quoted")
    article = make_article(HARBOUR.text, title="Häfen 🚢", url="https://example.org/a", format="html", turns=(turn,))
    passages = [Passage("p", article.id, Span(3, 30), Span(4, 11), Span(0, 3), (Span(3, 9), Span(10, 30)))]
    library.add(article, passages, make_vectors(1), model_id=MODEL)
    assert library.article(article.id) == article
    assert library.passages([1]) == passages
    assert list(library.passage_texts()) == [(1, article.text[3:30])]
    (fields,) = library.passage_fields()
    assert (fields.speaker, fields.section, fields.title) == ("harbour", "The", "Häfen 🚢")


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300),
    title=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    data=st.data(),
)
def test_any_text_keeps_every_offset(text, title, data):
    article = make_article(text, title=title)
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    spans = [Span(*pair) for pair in data.draw(st.lists(ends, max_size=5))]
    passages = [Passage(f"{n}", article.id, span, span, None, (span, span)) for n, span in enumerate(spans)]
    vectors = make_vectors(len(spans))
    with tempfile.TemporaryDirectory() as folder, Library.open(folder, create=True) as library:
        library.add(article, passages, vectors, model_id=MODEL)
        assert library.article(article.id) == article
        assert [passage for _, passage in library.iter_passages(batch=2)] == passages
        assert [found for _, found in library.passage_texts()] == [text[span.start : span.end] for span in spans]
        assert np.array_equal(library.vectors(MODEL)[1], vectors) or not spans
        assert library.check() == []


def test_adding_twice_changes_nothing(library):
    assert add(library, HARBOUR, source="a.txt")
    before = library.generation, library.articles(), list(library.iter_passages())
    assert not add(library, HARBOUR, source="a.txt")
    assert not add(library, HARBOUR)
    assert (library.generation, library.articles(), list(library.iter_passages())) == before


def test_a_second_model_adds_only_vectors(library):
    add(library, HARBOUR)
    rowids = library.rowids().tolist()
    assert library.missing_embeddings("other") == rowids
    count = len(rowids)
    assert library.add(HARBOUR, make_passages(HARBOUR), make_vectors(count, 7, seed=1), model_id="other")
    assert library.rowids().tolist() == rowids
    assert library.missing_embeddings("other") == []
    assert library.vectors("other")[1].shape == (count, 7)
    assert np.array_equal(library.vectors(MODEL)[1], make_vectors(count))


def test_missing_vectors_can_be_filled_in_later(library):
    add(library, HARBOUR)
    rowids = library.missing_embeddings("other")
    assert library.add_vectors(rowids[:2], make_vectors(2), model_id="other") == 2
    assert library.add_vectors(rowids[:2], make_vectors(2), model_id="other") == 0
    assert library.missing_embeddings("other") == rowids[2:]
    assert library.add_vectors([10_000], make_vectors(1), model_id="other") == 0, "a passage that was removed"


def test_new_content_of_a_source_replaces_the_old(library):
    add(library, HARBOUR, source="news.txt")
    assert add(library, BRIDGE, source="news.txt")
    assert [(article.id, article.sources) for article in library.articles()] == [(BRIDGE.id, ("news.txt",))]
    assert {passage.article_id for _, passage in library.iter_passages()} == {BRIDGE.id}
    assert len(library.vectors(MODEL)[0]) == len(make_passages(BRIDGE))


def test_an_article_in_two_files_outlives_the_change_of_one(library):
    add(library, HARBOUR, source="a.txt")
    add(library, HARBOUR, source="b.txt")
    add(library, BRIDGE, source="a.txt")
    assert {article.id: article.sources for article in library.articles()} == {
        HARBOUR.id: ("b.txt",),
        BRIDGE.id: ("a.txt",),
    }


def test_a_source_that_turns_into_a_known_article_drops_its_old_one(library):
    add(library, HARBOUR, source="a.txt")
    add(library, BRIDGE, source="b.txt")
    assert add(library, BRIDGE, source="a.txt")
    assert [article.sources for article in library.articles()] == [("a.txt", "b.txt")]


def test_corrected_facts_from_the_same_file_are_taken_over(library):
    add(library, HARBOUR, source="a.txt")
    corrected = make_article(HARBOUR.text, title="Harbour", author="Rui Pinho")
    assert add(library, corrected, source="a.txt")
    assert library.article(HARBOUR.id).author == "Rui Pinho"
    assert not add(library, HARBOUR, source="copy.txt"), "a second file does not overwrite the facts of the first"
    assert library.article(HARBOUR.id).author == "Rui Pinho"


def test_another_splitting_replaces_passages_and_vectors(library):
    add(library, HARBOUR, source="a.txt")
    coarse = make_passages(HARBOUR, 100)
    assert library.add(HARBOUR, coarse, make_vectors(len(coarse)), model_id=MODEL)
    assert [passage for _, passage in library.iter_passages()] == coarse
    assert library.articles()[0].sources == ("a.txt",)
    assert library.missing_embeddings(MODEL) == []


def test_rowids_are_never_given_twice(library):
    add(library, HARBOUR)
    last = library.rowids()[-1]
    library.remove(HARBOUR.id)
    add(library, BRIDGE)
    assert library.rowids()[0] > last


def test_removing_takes_passages_and_vectors_along(library):
    add(library, HARBOUR)
    add(library, BRIDGE)
    library.remove(HARBOUR.id)
    assert [article.id for article in library.articles()] == [BRIDGE.id]
    assert len(library.rowids()) == len(library.vectors(MODEL)[0]) == len(make_passages(BRIDGE))
    assert library.check() == []
    for call in (library.remove, library.article, lambda name: library.rowids([name])):
        with pytest.raises(UnknownArticleError, match=HARBOUR.id):
            call(HARBOUR.id)


def test_passages_keep_the_order_asked_for(library):
    add(library, HARBOUR)
    rowids = [*library.rowids()[::-1].tolist(), 1, 1]
    assert [passage.id for passage in library.passages(rowids)] == [f"{HARBOUR.id}:{rowid - 1}" for rowid in rowids]
    with pytest.raises(LibraryError, match="search again"):
        library.passages([1, 999])


def test_several_articles_are_added_all_or_none(library):
    good = Addition(HARBOUR, make_passages(HARBOUR), make_vectors(len(make_passages(HARBOUR))))
    twice = [Passage("same", BRIDGE.id, Span(0, 5)), Passage("same", BRIDGE.id, Span(5, 9))]
    with pytest.raises(LibraryError, match="used twice"):
        library.add_many([good, Addition(BRIDGE, twice, make_vectors(2))], model_id=MODEL)
    assert library.articles() == []
    assert library.generation == 0
    assert library.add_many([good, good], model_id=MODEL) == [True, False]


def test_what_does_not_fit_is_refused_before_anything_is_written(library):
    passages = make_passages(HARBOUR)
    for vectors in (make_vectors(1), np.zeros(len(passages), np.float32), np.full((len(passages), 4), np.nan)):
        with pytest.raises(LibraryError, match="embed"):
            library.add(HARBOUR, passages, vectors, model_id=MODEL)
    with pytest.raises(LibraryError, match="beyond its article"):
        library.add(HARBOUR, [Passage("x", HARBOUR.id, Span(0, 10_000))], make_vectors(1), model_id=MODEL)
    with pytest.raises(LibraryError, match="not of article"):
        library.add(HARBOUR, make_passages(BRIDGE), make_vectors(len(make_passages(BRIDGE))), model_id=MODEL)
    with pytest.raises(LibraryError, match="surrogates"):
        library.add(Article("s", "a\ud800b"), [], np.empty((0, 4), np.float32), model_id=MODEL)
    add(library, HARBOUR)
    with pytest.raises(LibraryError, match="4 numbers here, not 5"):
        library.add(BRIDGE, make_passages(BRIDGE), make_vectors(len(make_passages(BRIDGE)), 5), model_id=MODEL)
    assert [article.id for article in library.articles()] == [HARBOUR.id]


def test_an_article_without_passages_and_an_empty_library(library):
    assert library.articles() == []
    assert library.vectors(MODEL)[1].shape == (0, 0)
    assert list(library.passage_texts()) == []
    assert library.add(HARBOUR, [], np.empty((0, 4), np.float32), model_id=MODEL)
    assert not library.add(HARBOUR, [], np.empty((0, 4), np.float32), model_id=MODEL)
    assert library.articles()[0].passages == 0


def test_every_change_raises_the_generation_seen_by_another_opening(library):
    with Library.open(library.path) as other:
        seen = [other.generation]
        add(library, HARBOUR)
        seen.append(other.generation)
        library.remove(HARBOUR.id)
        seen.append(other.generation)
        assert seen == sorted(set(seen))
        assert other.uuid == library.uuid


def test_a_snapshot_sees_one_state_while_others_write(library):
    add(library, HARBOUR)
    with library.snapshot():
        before = library.generation
        thread = threading.Thread(target=add, args=(library, BRIDGE))
        thread.start()
        thread.join()
        assert library.generation == before
        assert len(library.articles()) == 1
        with pytest.raises(LibraryError, match="leave the snapshot"):
            library.remove(HARBOUR.id)
    assert len(library.articles()) == 2


def test_many_threads_add_and_read_at_once(library):
    articles = [make_article(f"Report number {n} from the mountain hut. " * 3) for n in range(24)]

    def work(article: Article) -> bool:
        added = add(library, article)
        with library.snapshot():
            assert len(library.rowids()) == len(library.vectors(MODEL)[0])
        return added

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, articles))
    assert {article.id for article in library.articles()} == {article.id for article in articles}
    assert library.generation == len(articles)


def test_what_went_and_what_came_is_told_since_any_generation(library):
    add(library, HARBOUR, source="a.txt")
    first = library.generation
    before = library.rowids().tolist()
    add(library, BRIDGE, source="a.txt")  # the file changed: its old article goes
    assert library.removed_since(first).tolist() == [[before[0], before[-1]]]
    assert library.removed_since(library.generation).tolist() == []
    came = library.rowids().tolist()
    assert min(came) > before[-1]
    assert [rowid for rowid, _ in library.iter_passages(after=came[0])] == came[1:]
    rowids, vectors = library.vectors(MODEL, after=came[0])
    assert rowids.tolist() == came[1:]
    assert vectors.tobytes() == library.vectors(MODEL)[1][1:].tobytes()
    assert library.count_passages() == len(came)


def test_the_stamp_of_a_file_is_kept_with_its_article(library):
    passages = make_passages(HARBOUR)

    def store(stamp: str) -> bool:
        stamped = Addition(HARBOUR, passages, make_vectors(len(passages)), "a.txt", stamp)
        return library.add_many([stamped], model_id=MODEL)[0]

    assert store("1:2")
    assert library.stamps(["a.txt", "b.txt"]) == {"a.txt": "1:2"}
    assert not store("1:3"), "the file was touched, its article is the same"
    assert library.stamps(["a.txt"]) == {"a.txt": "1:3"}
    generation = library.generation
    assert not store("1:3")
    assert library.generation == generation
