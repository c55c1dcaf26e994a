"""The engine that this process runs itself, and what is told where something is missing."""

from __future__ import annotations

import builtins
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.copies import stored_bytes
from corpus.errors import InputError, LibraryError, MissingExtraError
from index import milvus_records, milvus_rows
from index.milvus_engine import LocalEngine
from index.milvus_store import MilvusStore
from index.stores import open_store, searcher_of

MODEL = "hashing-64"


@pytest.fixture
def place(tmp_path, milvus) -> str:
    return f"milvus-lite://{tmp_path}/data.db/news"


def test_it_keeps_what_it_was_given(place, make, embedder):
    with MilvusStore.open(place, create=True) as store:
        one = make("The ferry Aurinko sank off Hanko.", "/f/0")
        store.add_many([one], model_id=MODEL)
        with MilvusStore.open(place) as second:
            assert second.article(one.article.id) == one.article
        assert store.article(one.article.id) == one.article
    with MilvusStore.open(place) as again:
        assert [hit.passage for hit in searcher_of(again, embedder).search("ferry", 3)] == list(one.passages)


def test_an_engine_that_was_killed_is_started_again(place, tmp_path, make):
    with MilvusStore.open(place, create=True) as store:
        store.add_many([make("The ferry is late.", "/f/0")], model_id=MODEL)
        engine = LocalEngine._running[tmp_path / "data.db"]
        engine._process.kill()
        engine._process.wait()
        assert len(store.articles()) == 1
        store.add_many([make("The tram is late.", "/f/1")], model_id=MODEL)
        assert len(store.articles()) == 2


@pytest.mark.slow
def test_another_process_is_refused_in_one_line(place):
    code = f"from index.stores import open_store; open_store({place!r}, create=True)"
    with MilvusStore.open(place, create=True):
        ended = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2]
        )
    assert ended.stderr.splitlines()[-1].endswith("another process uses it; end that one, or use a Milvus server")


@pytest.mark.slow
def test_the_engine_ends_with_the_process(place):
    code = (
        "import os, signal; from index.stores import open_store; from index.milvus_engine import LocalEngine\n"
        f"store = open_store({place!r}, create=True)\n"
        "(engine,) = LocalEngine._running.values(); print(engine._process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert ended.stdout.strip().isdigit()
    with MilvusStore.open(place, create=True) as store:  # the file is free again
        assert store.articles() == []


def test_a_folder_that_is_not_there(milvus, tmp_path):
    with pytest.raises(LibraryError, match="No such file or directory; name a file you may use"):
        MilvusStore.open(f"milvus-lite://{tmp_path}/nowhere/data.db/news", create=True)


def test_an_engine_that_cannot_start_leaves_nothing_behind(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    with pytest.raises(LibraryError, match="name a file you may use"):
        LocalEngine.of(tmp_path / "nowhere" / "data.db")
    assert not list((tmp_path / "temporary").iterdir())


def test_the_lock_of_an_engine_that_stops_stays_for_the_next_process(place, tmp_path):
    MilvusStore.open(place, create=True).close()
    lock = tmp_path / ".data.db.lock"
    number = lock.stat().st_ino
    MilvusStore.open(place).close()
    assert lock.stat().st_ino == number


def test_vectors_of_another_model_are_refused(milvus_place, make):
    with MilvusStore.open(milvus_place, create=True) as store:
        store.add_many([make("The ferry is late.")], model_id=MODEL)
        with pytest.raises(LibraryError, match="its vectors are of the model 'hashing-64'; use that one"):
            store.add_many([make("The tram is late.")], model_id="another")
        assert len(store.articles()) == 1


def test_a_text_that_was_changed_on_the_server_is_never_served(milvus_place, make, embedder):
    with MilvusStore.open(milvus_place, create=True) as store:
        one = make("The ferry left at 5.")
        store.add_many([one], model_id=MODEL)
        records = store.records
        (row,) = store.connection.query(records.collection, 'kind == "text"', ["*"])
        store.connection.upsert(records.collection, [{**row, "body": row["body"].replace("at 5", "at 6")}])
    with MilvusStore.open(milvus_place) as store:
        with pytest.raises(LibraryError, match="is damaged; remove it and add it again"):
            store.article(one.article.id)
        assert "its text is not what was written" in store.check()[0]
        with store.snapshot(), pytest.raises(LibraryError, match="damaged or was changed"):
            searcher_of(store, embedder).search("ferry", 3)
        store.remove(one.article.id)
        assert store.add_many([one], model_id=MODEL) == [True]
        assert store.check() == []


@pytest.mark.parametrize(("module", "command"), [("pymilvus", "pymilvus>=3,<4"), ("milvus_lite", "milvus-lite==2.5.1")])
def test_a_missing_package_is_named_with_its_command(tmp_path, monkeypatch, module, command):
    found, load = importlib.util.find_spec, builtins.__import__

    def without(name, *rest):
        if name == module:
            raise ImportError(name)
        return load(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == module else found(name, *rest))
    with pytest.raises(MissingExtraError, match=f"pip install .*{command}"):
        open_store(f"milvus-lite://{tmp_path}/data.db/news", create=True)


def test_a_visitor_gets_no_copy_of_what_is_on_a_server(milvus_place):
    with MilvusStore.open(milvus_place, create=True) as store, pytest.raises(LibraryError, match="--shared-library"):
        stored_bytes(store)


def test_articles_of_many_parts_are_read_in_parts(milvus_place, make, monkeypatch):
    monkeypatch.setattr(milvus_records, "PARTS", 3)
    monkeypatch.setattr(milvus_rows, "LONGEST", 1000)
    additions = [make(f"Report {n}. " + "The kiln is cold. " * 90 * n, f"/f/{n}") for n in range(1, 5)]
    with MilvusStore.open(milvus_place, create=True) as store:
        store.add_many(additions, model_id=MODEL)
        heads = store.records.all_heads()
        assert max(head.facts["parts"] for head in heads) > 3
        found = store.records.articles(heads)
        assert {article.id: article for article in found.values()} == {one.article.id: one.article for one in additions}


def test_an_unknown_kind_of_address():
    with pytest.raises(InputError, match="write milvus://HOST:PORT/COLLECTION"):
        open_store("redis://host/news")
