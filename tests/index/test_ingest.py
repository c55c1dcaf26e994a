"""Files into a library by the batch: as if one by one, in order, resumable, each with what became of it."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import article_from_text
from corpus.errors import LibraryError
from corpus.file_stamps import stamp_of_file
from corpus.files import ReadFailure, article_files
from corpus.library import Library
from corpus.reading_pool import read_one
from corpus.types import Article
from index import ingest as ingest_module
from index.ingest import ingest
from index.prepared import Prepared, embed_prepared, prepare_article
from index.storing import store_batch
from tests.index.mill_reports import CountingEmbedder, state_of, states, story

ROOT = Path(__file__).parents[2]


def test_every_file_is_told_in_its_order_and_the_bad_ones_stop_none(library, embedder, folder) -> None:
    files: list[Path | ReadFailure] = [*article_files([folder]), ReadFailure(Path("absent"), "absent: no such file")]
    told = list(ingest(files, library, embedder))
    assert [one.path for one in told] == [*files[:-1], Path("absent")]
    assert {one.path.name for one in told if one.state == "failed"} == {"story05.txt", "story07.txt", "absent"}
    assert all(one.failure is not None and "\n" not in one.failure.message for one in told if one.state == "failed")
    good = [one for one in told if one.state == "added"]
    assert len(good) == len(library.articles()) == 38
    assert sum(one.passages for one in good) == library.count_passages() == len(library.vectors(embedder.id)[0])
    assert library.check() == []


def test_a_batch_is_embedded_in_one_call_and_written_in_one_transaction(library, counting, folder) -> None:
    list(ingest(article_files([folder]), library, counting))
    assert len(counting.calls) == 1
    assert library.generation == 1


def test_large_inputs_go_in_batch_after_batch(library, counting, folder, monkeypatch) -> None:
    monkeypatch.setattr(ingest_module, "BATCH", 8)
    seen = []
    for one in ingest(article_files([folder]), library, counting):
        if one.state == "added":
            seen.append(one)
            assert library.article(one.article_id) == one.article, "what is told is in"
    assert max(counting.calls) < 20
    assert library.generation == len(counting.calls) > 4


def test_several_readers_change_nothing(library, embedder, folder, tmp_path) -> None:
    told = list(ingest(article_files([folder]), library, embedder, readers=2))
    with Library.open(tmp_path / "one", create=True) as other:
        assert list(ingest(article_files([folder]), other, embedder)) == told
        assert state_of(other) == state_of(library)


def test_files_that_have_not_changed_are_not_read(library, counting, folder) -> None:
    list(ingest(article_files([folder]), library, counting))
    one = folder / "0" / "story04.txt"
    was, before = one.stat(), state_of(library)
    one.write_text(one.read_text("utf-8").replace("carts", "horse"), encoding="utf-8")
    os.utime(one, ns=(was.st_atime_ns, was.st_mtime_ns))
    told = list(ingest(article_files([folder]), library, counting))
    assert {told.state for told in told} == {"unchanged", "failed"}
    assert (len(counting.calls), state_of(library)) == (1, before)
    assert all(found.article is None and found.title for found in told if found.state == "unchanged")
    again = list(ingest(article_files([folder]), library, counting, again=True))
    assert [found.path.name for found in again if found.state == "replaced"] == ["story04.txt"]
    assert counting.calls[1:] == [again[2].passages], "the others keep their vectors"


def test_a_changed_file_or_sidecar_is_read_again(library, embedder, folder) -> None:
    list(ingest(article_files([folder]), library, embedder))
    (folder / "0" / "story02.txt").write_text(story(99), encoding="utf-8")
    (folder / "1" / "story03.txt.meta.json").write_text('{"author": "Ines Faro"}', encoding="utf-8")
    told = {one.path.name: one for one in ingest(article_files([folder]), library, embedder)}
    assert [name for name, one in told.items() if one.state == "replaced"] == ["story02.txt", "story03.txt"]
    assert library.article(told["story03.txt"].article_id).author == "Ines Faro"
    assert len(library.articles()) == 38
    (folder / "1" / "story03.txt.meta.json").unlink()
    assert states(ingest([folder / "1" / "story03.txt"], library, embedder)) == ["replaced"]


def test_another_embedder_reads_and_embeds_all_again(library, embedder, folder) -> None:
    list(ingest(article_files([folder / "0"]), library, embedder))
    other = CountingEmbedder(embedder)
    other.id = "another"
    assert "replaced" in states(ingest(article_files([folder / "0"]), library, other))
    assert library.missing_embeddings("another") == library.missing_embeddings(embedder.id) == []


def test_one_text_in_two_files_is_one_article(library, counting, tmp_path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(story(1), encoding="utf-8")
    told = list(ingest([tmp_path / "a.txt", tmp_path / "b.txt"], library, counting))
    assert [one.state for one in told] == ["added", "unchanged"]
    assert counting.calls == [told[0].passages], "its passages are embedded once"
    assert library.articles()[0].sources == (str(tmp_path / "a.txt"), str(tmp_path / "b.txt"))
    assert states(ingest([tmp_path / "a.txt", tmp_path / "b.txt"], library, counting)) == ["unchanged"] * 2


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 1)), min_size=1, max_size=9))
def test_a_batch_is_as_if_one_came_after_the_other(embedder, versions) -> None:
    """Files get texts, and texts facts, in any order, also several times within a batch."""

    def prepared(file: int, text: int, author: int) -> Prepared:
        known = article_from_text(story(text, 4))
        article = Article(**{**{name: getattr(known, name) for name in Article.__slots__}, "author": f"A{author}"})
        return prepare_article(article, embedder.count_tokens, source=f"{file}.txt", stamp=f"{file} {text} {author}")

    batch = [prepared(*version) for version in versions]
    with (
        tempfile.TemporaryDirectory() as place,
        Library.open(Path(place) / "a", create=True) as together,
        Library.open(Path(place) / "b", create=True) as single,
    ):
        at_once = store_batch(batch, together, embedder, skip_copies=False)
        one_by_one = [store_batch([one], single, embedder, skip_copies=False)[0] for one in batch]
        assert state_of(together) == state_of(single)
        assert together.check() == []
        compared = [[(one.known, one.stored, one.changed) for one in told] for told in (at_once, one_by_one)]
        assert compared[0] == compared[1]


def test_an_article_that_cannot_be_stored_costs_no_other(library, embedder) -> None:
    good = [prepare_article(article_from_text(story(n)), embedder.count_tokens, source=f"{n}") for n in range(3)]
    bad = prepare_article(Article("odd", story(8), title="half \ud83d"), embedder.count_tokens, source="odd")
    outcomes = store_batch([good[0], bad, *good[1:]], library, embedder, skip_copies=False)
    assert [outcome.error is None for outcome in outcomes] == [True, False, True, True]
    assert len(library.articles()) == 3
    with pytest.raises(LibraryError, match="surrogates"):
        store_batch([bad], library, embedder, skip_copies=False)


@pytest.mark.skipif(sys.platform != "linux", reason="names of files that are no text")
def test_a_name_that_is_no_text_is_told_and_stops_none(library, embedder, tmp_path) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9.txt")
    odd.write_text(story(1), encoding="utf-8")
    (tmp_path / "fine.txt").write_text(story(2), encoding="utf-8")
    told = list(ingest([odd, tmp_path / "fine.txt", tmp_path / "nul\0.txt"], library, embedder))
    assert [one.state for one in told] == ["failed", "added", "failed"]
    assert "rename it" in str(told[0].failure)


def test_leaving_early_keeps_what_was_told_and_ends_the_thread(library, embedder, folder, monkeypatch) -> None:
    monkeypatch.setattr(ingest_module, "BATCH", 8)
    before = threading.active_count()
    told = ingest(article_files([folder]), library, embedder)
    assert next(told).state == "added"
    told.close()
    assert threading.active_count() == before
    assert 0 < len(library.articles()) < 10


def test_a_file_is_prepared_without_a_library(embedder, folder) -> None:
    path = folder / "0" / "story00.txt"
    article = read_one(path)
    assert isinstance(article, Article)
    assert isinstance(read_one(folder / "1" / "story05.txt"), ReadFailure)
    assert isinstance(read_one(folder / "absent.txt"), ReadFailure)
    made = prepare_article(article, embedder.count_tokens, source=str(path), stamp=stamp_of_file(path))
    (addition,) = embed_prepared([made], embedder)
    assert addition.vectors.shape == (len(made.passages), embedder.dimension)
    assert str(addition.stamp).endswith(embedder.id)
    assert embed_prepared([], embedder) == []
