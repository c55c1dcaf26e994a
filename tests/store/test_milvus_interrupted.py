"""Changes to a collection that are interrupted at any point: nothing lost, nothing twice, nothing left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from corpus.errors import LibraryError
from index.milvus_layout import Kind
from index.milvus_store import MilvusStore
from index.stores import searcher_of

MODEL = "hashing-64"
ROOT = Path(__file__).parents[2]


class Cut(BaseException):
    """The process ends here."""


def cut_after(store: MilvusStore, changes: int) -> None:
    """Let this store make so many more changes to the server, then end."""
    connection, left = store.connection, [changes]
    for name in ("upsert", "delete"):
        original = getattr(connection, name)

        def counted(*arguments, original=original) -> None:
            if left[0] == 0:
                raise Cut
            left[0] -= 1
            original(*arguments)

        setattr(connection, name, counted)


def rows_of(store: MilvusStore) -> tuple[int, int]:
    """The rows of passages, and the records but those of the store itself."""
    records = store.connection.count(store.records.collection, f'kind != "{Kind.META}"')
    return store.connection.count(store.passages), records


@pytest.fixture
def texts(make):
    return [
        make(f"Report {n}.\n\n" + f"Bo Lund: The kiln of Pell, part {n}, is cold.\n\n" * 3, f"/f/{n}") for n in range(4)
    ]


@pytest.mark.slow
def test_cut_anywhere_and_run_again_it_is_as_if_never_cut(milvus_place, make, texts, held_in, embedder):
    """Every point of adding, replacing by another file's content and removing, one after the other."""
    before = [*texts[:2], make("Shared by two.", "/f/x"), make("Shared by two.", "/f/y")]
    after = [
        make("New text in place of the first.", "/f/0"),
        texts[2],
        make("Another.", "/f/x"),
        make("One more.", "/f/y"),
    ]

    def change(store: MilvusStore) -> None:
        store.add_many(after, model_id=MODEL)
        if texts[1].article.id in {summary.id for summary in store.articles()}:
            store.remove(texts[1].article.id)

    with MilvusStore.open(f"{milvus_place}_whole", create=True) as whole:
        whole.add_many(before, model_id=MODEL)
        change(whole)
        expected, rows = held_in(whole), rows_of(whole)
    ids = {one.article.id for one in [*before, *after]}
    for cut in range(100):
        place = f"{milvus_place}_{cut}"
        with MilvusStore.open(place, create=True) as store:
            store.add_many(before, model_id=MODEL)
            cut_after(store, cut)
            try:
                change(store)
                is_over = True
            except Cut:
                is_over = False
        with MilvusStore.open(place) as store:
            held = held_in(store)
            assert {one[0] for one in held} <= ids
            present = {one[0] for one in held}
            for old, new in zip([before[0], *before[2:]], [after[0], *after[2:]], strict=True):
                assert present & {old.article.id, new.article.id}, "a file is never without an article"
            found = searcher_of(store, embedder).search("The kiln of Pell", 100)
            assert len(found) == sum(one[3] for one in held)
            change(store)
            assert held_in(store) == expected
            store.repair()
            assert rows_of(store) == rows
        if is_over:
            return
    raise AssertionError("more changes than expected")


def test_what_is_never_run_again_is_tidied_up_by_a_later_change(milvus_place, texts, monkeypatch):
    with MilvusStore.open(milvus_place, create=True) as store:
        store.add_many(texts[:1], model_id=MODEL)
        tidy = rows_of(store)
        cut_after(store, 3)
        with pytest.raises(Cut):
            store.add_many(texts[1:], model_id=MODEL)
    with MilvusStore.open(milvus_place) as store:
        assert rows_of(store) > tidy
        assert len(store.articles()) == 1
        monkeypatch.setattr(time, "time_ns", lambda: 2**62)
        store.add_many(texts[:1], model_id=MODEL)
        assert rows_of(store) == tidy


ADDER = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
from conftest import an_article, made
from tests.hashing import HashingEmbedder
from index.stores import open_store
embedder = HashingEmbedder()
store = open_store(sys.argv[1], create=True)
for n in range(int(sys.argv[2]), int(sys.argv[3])):
    one = made(an_article(f"Report {{n}}. " + "The kiln is cold. " * 20), embedder, f"/f/{{n}}")
    store.add_many([one], model_id=embedder.id)
    print(n, flush=True)
store.close()
"""


def adder(place: str, first: int, last: int) -> subprocess.Popen[str]:
    code = ADDER.format(root=str(ROOT), tests=str(Path(__file__).parent))
    return subprocess.Popen(
        [sys.executable, "-c", code, place, str(first), str(last)], stdout=subprocess.PIPE, text=True
    )


def ids_of(store: MilvusStore) -> list[tuple[str, ...]]:
    return sorted(summary.sources for summary in store.articles())


@pytest.mark.slow
def test_a_killed_process_has_lost_nothing_that_it_reported(milvus_place, held_in):
    process = adder(milvus_place, 0, 1000)
    reported = [int(process.stdout.readline()) for _ in range(6)]
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with MilvusStore.open(milvus_place) as store:
        assert {(f"/f/{n}",) for n in reported} <= set(ids_of(store))
    again = adder(milvus_place, 0, 12)
    assert again.communicate()[0].split() == [str(n) for n in range(12)]
    with MilvusStore.open(milvus_place) as store:
        assert set(ids_of(store)) >= {(f"/f/{n}",) for n in range(12)}
        store.repair()
        held = held_in(store)
        assert store.connection.count(store.passages) == sum(one[3] for one in held)


@pytest.mark.slow
def test_a_server_that_is_killed_and_started_again_is_waited_for(start_server, make, held_in):
    server = start_server()
    additions = [make(f"Report {n}. " + "The kiln is cold. " * 40, f"/f/{n}", 12) for n in range(60)]
    with MilvusStore.open(f"{server.address}/whole", create=True) as whole:
        whole.add_many(additions, model_id=MODEL)
        expected = held_in(whole)
    errors = []

    def work() -> None:
        try:
            with MilvusStore.open(f"{server.address}/cut", create=True) as store:
                for start in range(0, len(additions), 5):
                    store.add_many(additions[start : start + 5], model_id=MODEL)
        except Exception as error:
            errors.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    for _ in range(3):
        time.sleep(0.7)
        server.kill()
        time.sleep(0.2)
        server.start()
    worker.join()
    assert errors == []
    with MilvusStore.open(f"{server.address}/cut") as store:
        assert held_in(store) == expected
        store.repair()
        assert store.connection.count(store.passages) == sum(one[3] for one in expected)


def test_a_server_that_does_not_answer_costs_one_time_out(start_server, make, embedder):
    server = start_server()
    with MilvusStore.open(f"{server.address}/news?timeout=1.5", create=True) as store:
        store.add_many([make("The ferry is late.", "/f/0")], model_id=MODEL)
        server.send(signal.SIGSTOP)
        try:
            started = time.monotonic()
            with pytest.raises(LibraryError, match=r"no answer within 2 s; see that the server runs"):
                searcher_of(store, embedder).search("ferry", 3)
            assert time.monotonic() - started < 6
        finally:
            server.send(signal.SIGCONT)
        assert len(searcher_of(store, embedder).search("ferry", 3)) == 1
        server.kill()
        with pytest.raises(LibraryError, match="see that the server runs"):
            store.articles()
    with pytest.raises(LibraryError, match="see that the server runs") as failed:
        MilvusStore.open(f"{server.address}/news?timeout=1")
    assert "\n" not in str(failed.value)


@pytest.mark.slow
def test_several_processes_add_the_same_articles_at_once(milvus_place, held_in):
    processes = [adder(milvus_place, first, first + 12) for first in (0, 4, 8)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    with MilvusStore.open(milvus_place) as store:
        assert set(ids_of(store)) == {(f"/f/{n}",) for n in range(20)}
        assert len(held_in(store)) == 20
