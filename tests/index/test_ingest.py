"""Files into a library by the batch: as if one by one, in order, resumable, each with what became of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import article_from_text
from corpus.errors import LibraryError
from corpus.files import ReadFailure, article_files
from corpus.library import Library
from corpus.types import Article
from index import ingest as ingest_module
from index.ingest import Ingested, ingest
from index.prepared import Prepared, embed_prepared, prepare, prepare_article
from index.storing import store_batch

ROOT = Path(__file__).parents[2]


class CountingEmbedder:
    """The embedder of these tests, counting what it is given."""

    def __init__(self, inner) -> None:
        self.id, self.dimension, self._inner = inner.id, inner.dimension, inner
        self.calls: list[int] = []

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.calls.append(len(texts))
        return self._inner.embed(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._inner.count_tokens(texts)


@pytest.fixture
def counting(embedder) -> CountingEmbedder:
    return CountingEmbedder(embedder)


def story(number: int, sentences: int = 12) -> str:
    lines = [
        f"In year {number + line} the mill of place {number * 31 + line} sold {line} carts."
        for line in range(sentences)
    ]
    return "\n\n".join([f"Mill report {number}", *lines])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty stories in two folders, and files that cannot be read among them."""
    for number in range(40):
        file = tmp_path / "in" / f"{number % 2}" / f"story{number:02}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(story(number), encoding="utf-8")
    (tmp_path / "in" / "1" / "story05.txt").write_bytes(b"")
    (tmp_path / "in" / "1" / "story07.txt").write_bytes(b"\x00\x01" * 400)
    return tmp_path / "in"


def state_of(library: Library) -> tuple[object, ...]:
    """All of a library but the times and the numbers of rows."""
    with library.snapshot():
        sources = {summary.id: summary.sources for summary in library.articles()}
        articles = {article_id: library.article(article_id) for article_id in sources}
        passages = {passage.id: passage for _, passage in library.iter_passages()}
        rowids, vectors = library.vectors("hashing-64")
        named = {
            passage.id: vector.tobytes() for passage, vector in zip(library.passages(rowids), vectors, strict=True)
        }
        stamps = library.stamps([path for paths in sources.values() for path in paths])
        return sources, articles, passages, named, stamps


def states(told: Iterator[Ingested]) -> list[str]:
    return [one.state for one in told]


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
    made = prepare(folder / "0" / "story00.txt", embedder.count_tokens)
    assert isinstance(made, Prepared)
    assert isinstance(prepare(folder / "0" / "story05.txt", embedder.count_tokens), ReadFailure)
    assert isinstance(prepare(folder / "absent.txt", embedder.count_tokens), ReadFailure)
    (addition,) = embed_prepared([made], embedder)
    assert addition.vectors.shape == (len(made.passages), embedder.dimension)
    assert str(addition.stamp).endswith(embedder.id)
    assert embed_prepared([], embedder) == []


def copied(text: str) -> str:
    return text.replace("Mill report", "News of the mills").replace("place 3", "town 3")


def test_a_near_duplicate_is_added_and_named_or_left_out(library, embedder, tmp_path) -> None:
    texts = {"a": story(1, 30), "b": story(2000, 30), "c": copied(story(1, 30))}
    files = [tmp_path / f"{name}.txt" for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "strict", create=True) as strict:
        told = list(ingest(files, strict, embedder, skip_near_duplicates=True))
        assert [one.state for one in told] == ["added", "added", "left_out"]
        assert len(strict.articles()) == 2
        assert states(ingest(files, strict, embedder, skip_near_duplicates=True))[2] == "left_out"
    told = list(ingest(files, library, embedder))
    assert [one.near_duplicate_of for one in told] == [None, None, told[0].article_id]
    assert [one.state for one in told] == ["added"] * 3
    (tmp_path / "d.txt").write_text(copied(texts["b"]), encoding="utf-8")
    (later,) = ingest([tmp_path / "d.txt"], library, embedder)
    assert later.near_duplicate_of == told[1].article_id


def test_the_new_version_of_a_file_is_no_near_duplicate_of_the_old(library, embedder, tmp_path) -> None:
    file = tmp_path / "a.txt"
    for text in (story(1, 30), copied(story(1, 30))):
        file.write_text(text, encoding="utf-8")
        (told,) = ingest([file], library, embedder, skip_near_duplicates=True)
        assert told.near_duplicate_of is None
    assert (told.state, len(library.articles())) == ("replaced", 1)


def test_files_that_are_gone_are_pruned_on_demand(library, embedder, folder, tmp_path) -> None:
    (tmp_path / "in2").mkdir()
    (tmp_path / "in2" / "copy.txt").write_text(story(0), encoding="utf-8")
    list(ingest(article_files([folder, tmp_path / "in2"]), library, embedder))
    gone = [folder / "0" / "story00.txt", folder / "0" / "story02.txt"]
    titles = [library.held([str(file)])[str(file)].title for file in gone]
    for file in gone:
        file.unlink()
    assert library.prune(folder / "1") == library.prune(tmp_path / "in2") == []
    assert [held.title for held in library.prune(folder)] == titles[1:], "the other has a copy elsewhere"
    assert len(library.articles()) == 37
    assert library.prune(folder) == []
    (tmp_path / "in2" / "copy.txt").unlink()
    assert [held.title for held in library.prune(tmp_path / "in2")] == titles[:1]


WORKER = """
import sys, time
sys.path.insert(0, sys.argv[3])
from corpus.files import article_files
from corpus.library import Library
from index import ingest as module
from tests.index.conftest import HashingEmbedder
module.BATCH = 8
class Slow(HashingEmbedder):
    def embed(self, texts):
        time.sleep(float(sys.argv[4]))
        return super().embed(texts)
with Library.open(sys.argv[2], create=True) as library:
    for one in module.ingest(article_files([sys.argv[1]]), library, Slow()):
        print(one.state, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_killed_run_goes_on_to_the_same_end(embedder, folder, tmp_path) -> None:
    with Library.open(tmp_path / "whole", create=True) as whole:
        list(ingest(article_files([folder]), whole, embedder))
        expected = state_of(whole)
    command = [sys.executable, "-c", WORKER, str(folder), str(tmp_path / "cut"), str(ROOT), "0.1"]
    for lines in (9, 3):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert told[0] == "unchanged", "the second run began with what was in"
    with Library.open(tmp_path / "cut") as cut:
        assert cut.check() == []
        assert 0 < len(cut.articles()) < 38
        assert "unchanged" in states(ingest(article_files([folder]), cut, embedder))
        assert state_of(cut) == expected


MEASURED = """
import sys
sys.path.insert(0, sys.argv[3])
from pathlib import Path
import numpy as np
from corpus.files import article_files
from corpus.library import Library
from index.ingest import ingest
from tests.index.conftest import HashingEmbedder
class Large(HashingEmbedder):
    dimension = 2048  # what leaks shows
    def embed(self, texts):
        return np.full((len(texts), self.dimension), len(texts), np.float32)
    def count_tokens(self, texts):
        return [100] * len(texts)  # a passage each
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
passages, marks = 0, {}
with Library.open(sys.argv[2], create=True) as library:
    for one in ingest(article_files([sys.argv[1]]), library, Large()):
        passages += one.passages
        for mark in (500, 2500):
            if passages >= mark:
                marks.setdefault(mark, resident())
print((marks[2500] - marks[500]) // 1_000_000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_the_number_of_files(tmp_path) -> None:
    for number in range(52):
        (tmp_path / f"{number:04}.txt").write_text(story(number, 50), encoding="utf-8")
    command = [sys.executable, "-c", MEASURED, str(tmp_path), str(tmp_path / "library"), str(ROOT)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) < 8, "megabytes between 500 and 2,500 passages, whose vectors are 16"


def test_waiting_files_are_bounded_behind_a_slow_one(library, embedder, folder, monkeypatch) -> None:
    monkeypatch.setattr("index.reading.WAITING", 3)
    list(ingest(article_files([folder / "1"]), library, embedder))
    told = list(ingest(article_files([folder]), library, embedder))
    assert [one.path for one in told] == list(article_files([folder]))
    assert [one.state for one in told if "1" in one.path.parts].count("unchanged") == 18
