"""Search in real libraries: changes by others, restriction, damaged and unwritable caches, several threads."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import UnknownArticleError
from corpus.library import Library
from index import lexical
from index import stored_lexical as module
from index.lexical import LexicalIndex
from index.retriever import Retriever

ROOT = Path(__file__).parents[2]


def quotes(retriever, hits):
    return [hit.passage.span.of(retriever.library.article(hit.passage.article_id).text) for hit in hits]


@pytest.fixture
def retriever(library, embedder, reports):
    return Retriever(library, embedder)


@pytest.fixture
def stored(monkeypatch):
    """Every library large enough to have its lexical index stored."""
    monkeypatch.setattr(module, "IN_MEMORY_PASSAGES", -1)


def test_finds_the_passage_with_its_ranks(retriever):
    best, *rest = retriever.search("Did frost come late in April?", k=4)
    assert quotes(retriever, [best]) == ["Frost came late in April."]
    assert best.ranks.dense_rank == best.ranks.lexical_rank == 1
    assert 0 < best.ranks.dense_score <= 1
    assert best.ranks.lexical_score > 0
    assert [best.score, *(hit.score for hit in rest)] == sorted(
        [best.score, *(hit.score for hit in rest)], reverse=True
    )


def test_an_empty_library_and_blank_queries_give_nothing(library, embedder, add):
    retriever = Retriever(library, embedder)
    assert retriever.search("anything") == []
    assert retriever.search_many([]) == []
    add(library, "Ferry", "The ferry sank.")
    assert retriever.search_many(["", "  \n", "ferry"], k=3)[:2] == [[], []]
    assert retriever.search("ferry", k=0) == []
    assert retriever.search("ferry", k=-1) == []


def test_more_hits_than_passages_gives_each_once(retriever):
    hits = retriever.search("the", k=1000)
    assert len({hit.passage.id for hit in hits}) == len(hits) == 9


def test_the_same_sentence_in_two_articles_gives_two_hits(retriever, add):
    add(retriever.library, "Echo", "Frost came late in April. Snow fell too.")
    hits = retriever.search("Frost came late in April.", k=2)
    assert quotes(retriever, hits) == ["Frost came late in April."] * 2
    assert hits[0].passage.article_id != hits[1].passage.article_id


def test_many_equals_one_by_one(retriever):
    queries = ["Who was the captain?", "cherry prices", "", "librarians hired in Maribor", "frost"] * 8
    assert retriever.search_many(queries, k=5) == [retriever.search(query, k=5) for query in queries]


def test_restriction_to_articles(retriever, reports):
    orchard = reports["Orchard"].id
    hits = retriever.search("the captain of the ferry", k=9, articles=[orchard])
    assert {hit.passage.article_id for hit in hits} == {orchard}
    assert len(hits) == 3
    assert retriever.search("captain", articles=[]) == []
    with pytest.raises(UnknownArticleError):
        retriever.search("captain", articles=[orchard, "nowhere"])


def test_changes_of_another_opening_are_seen(retriever, reports, add):
    assert retriever.search("volcano", k=1)
    with Library.open(retriever.library.path) as other:
        add(other, "Volcano", "The volcano of Stromboli threw ash.")
        other.remove(reports["Ferry"].id)
    assert quotes(retriever, retriever.search("volcano", k=1)) == ["The volcano of Stromboli threw ash."]
    assert reports["Ferry"].id not in {hit.passage.article_id for hit in retriever.search("ferry captain", k=99)}


def test_passages_without_vectors_are_found_by_words(library, embedder, reports):
    class Stranger(type(embedder)):
        id = "another model"

    retriever = Retriever(library, Stranger())
    (hit, *_) = retriever.search("frost", k=3)
    assert quotes(retriever, [hit]) == ["Frost came late in April."]
    assert hit.ranks.dense_rank is hit.ranks.dense_score is None


def test_a_snapshot_of_the_caller_s_is_kept(retriever, add):
    library = retriever.library
    with library.snapshot(), ThreadPoolExecutor(1) as pool:
        before = retriever.search("volcano", k=99)
        pool.submit(add, library, "Volcano", "A volcano woke.").result()
        assert any(
            "volcano" in quote for quote in pool.submit(lambda: quotes(retriever, retriever.search("volcano"))).result()
        )
        assert retriever.search("volcano", k=99) == before


def test_a_stored_index_gives_the_same_hits_and_is_used_again(retriever, embedder, stored):
    queries = ["Who was the captain?", "cherry prices"]
    in_memory = Retriever(retriever.library, embedder)
    setattr(module, "IN_MEMORY_PASSAGES", 500)  # noqa: B010 - a constant for all but this test
    expected = in_memory.search_many(queries)
    setattr(module, "IN_MEMORY_PASSAGES", -1)  # noqa: B010 - likewise
    assert retriever.search_many(queries) == expected
    (folder,) = (retriever.library.path / "index").iterdir()
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert Retriever(retriever.library, embedder).search_many(queries) == expected
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before


def test_every_damage_is_mended_from_the_database(retriever, embedder, stored):
    queries = ["Who was the captain?", "cherry prices", "librarians"]
    expected = retriever.search_many(queries)
    (folder,) = (retriever.library.path / "index").iterdir()
    for name in sorted(file.name for file in folder.iterdir() if file.suffix != ".lock"):
        for damage in (lambda data: data[: len(data) // 2] + b"?", lambda data: b"", lambda data: data + b"\0"):
            files = {file.name: file for file in folder.iterdir()}
            if name not in files:
                name = next(other for other in files if other.endswith(Path(name).suffix))  # segments have random names
            damaged = folder.parent / "damaged"  # put in place by a rename: searches under way have the old file mapped
            damaged.write_bytes(damage(files[name].read_bytes()))
            damaged.replace(files[name])
            assert Retriever(retriever.library, embedder).search_many(queries) == expected


def test_an_older_stored_index_is_replaced(retriever, stored, add):
    retriever.search("ferry")
    (old,) = (retriever.library.path / "index").iterdir()
    add(retriever.library, "Volcano", "The volcano of Stromboli threw ash.")
    assert quotes(retriever, retriever.search("Stromboli", k=1)) == ["The volcano of Stromboli threw ash."]
    (new,) = (retriever.library.path / "index").iterdir()
    assert new != old


def test_a_stored_index_follows_each_change(retriever, stored, embedder, add, monkeypatch):
    """What is linked, marked and added is found as in an index made anew, and no file of the earlier one changes."""
    retriever.search("ferry")
    monkeypatch.setattr(module, "_make", lambda *_: pytest.fail("it was made anew"))
    monkeypatch.setattr(lexical, "MOST_REMOVED", 1.0)
    library, kept = retriever.library, []
    for n in range(12):
        kept.append(add(library, f"Report {n}", f"Report number {n} of the mountain hut was read by {n + 3} people."))
        if n % 4 == 3:
            library.remove(kept.pop(0).id)
        expected = LexicalIndex.build(library.passage_fields())
        for query in ("mountain hut", "number 7", "frost"):
            hits = retriever.search(query, k=50)
            assert {hit.passage.id for hit in hits if hit.ranks.lexical_rank} == {
                passage.id for passage in library.passages(expected.search(query, 100)[0])
            }
    assert len(list((library.path / "index").iterdir())) == 1


def test_an_index_of_which_much_was_removed_is_made_anew(retriever, stored, reports):
    retriever.search("ferry")
    retriever.library.remove(reports["Ferry"].id)
    assert quotes(retriever, retriever.search("ferry passengers frost", k=1)) == ["Frost came late in April."]
    (folder,) = (retriever.library.path / "index").iterdir()
    assert not list(folder.glob("*.del"))


def test_without_a_place_to_store_it_searches_in_memory(retriever, stored):
    (retriever.library.path / "index").write_text("no folder here")
    assert quotes(retriever, retriever.search("frost", k=1)) == ["Frost came late in April."]


def test_threads_that_ask_while_one_adds(retriever, add):
    def ask(n: int) -> bool:
        hits = retriever.search("frost captain librarians report", k=20)
        return len({hit.passage.id for hit in hits}) == len(hits) >= 3

    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(ask, n) for n in range(60)]
        for n in range(8):
            add(retriever.library, f"Report {n}", f"Report number {n} of the mountain hut.")
        assert all(future.result() for future in asked)
    assert len(retriever.search("report", k=99)) == 17


SEARCHER = """
import sys
from index import stored_lexical as module
from index.retriever import Retriever
from tests.hashing import HashingEmbedder
from corpus.library import Library
module.IN_MEMORY_PASSAGES = -1
with Library.open(sys.argv[1]) as library:
    (hit,) = Retriever(library, HashingEmbedder()).search("frost", k=1)
    print(hit.passage.id)
"""


def test_processes_that_store_the_index_at_once(retriever):
    command = [sys.executable, "-c", SEARCHER, str(retriever.library.path)]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    found = {process.communicate(timeout=60)[0] for process in processes}
    assert len(found) == 1
    assert not any(process.returncode for process in processes)
    assert len(list((retriever.library.path / "index").iterdir())) == 1


def test_scores_are_numbers(retriever):
    for hit in retriever.search("frost in Maribor", k=9):
        assert np.isfinite(hit.score)
        assert isinstance(hit.score, float)


READER = """
import os, sys
from index import stored_lexical as module
from index.retriever import Retriever
from tests.hashing import HashingEmbedder
from corpus.library import Library
module.IN_MEMORY_PASSAGES = -1
if os.geteuid() == 0:
    os.setuid(65534)  # root may write anywhere; the user "nobody" may not
with Library.open(sys.argv[1]) as library:
    assert library.read_only
    (hit,) = Retriever(library, HashingEmbedder()).search("frost", k=1)
    print(hit.passage.span.start)
"""


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
@pytest.mark.parametrize("already_stored", [True, False])
def test_a_read_only_library_is_searched(embedder, add, stored, already_stored):
    folder = Path(tempfile.mkdtemp(dir="/tmp"))  # tmp_path is closed to other users
    try:
        with Library.open(folder, create=True) as library:
            add(library, "Orchard", "Growers lost cherries. Frost came late in April.")
            if already_stored:
                Retriever(library, embedder).refresh()
        before = sorted(folder.rglob("*"))
        assert len(before) > 5 if already_stored else before == [folder / "library.db"]
        for path in [*before, folder]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        output = subprocess.run(
            [sys.executable, "-c", READER, str(folder)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert sorted(folder.rglob("*")) == before
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)
        shutil.rmtree(folder)
    assert output.stdout == "23\n", output.stderr
