"""Stored lists of vectors that were damaged, could not be written, or whose maker was killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from corpus.library import Addition, Library
from corpus.types import Article, Passage, Span
from index import stored_dense_files as files
from index.dense import DenseIndex
from index.stored_dense import Base

MODEL = "model"
LIMIT = 1000
PASSAGES = 2400


def put(library: Library, name: str, count: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(count, 12)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    passages = [Passage(f"{name}:{n}", name, Span(6 * n, 6 * n + 5)) for n in range(count)]
    library.add_many([Addition(Article(name, "Rain. " * count), passages, vectors)], model_id=MODEL)


def follow(library: Library) -> DenseIndex:
    return DenseIndex.follow(library, MODEL, limit=LIMIT)


def store(library: Library) -> bool:
    return DenseIndex.store(library, MODEL, limit=LIMIT)


def folders(library: Library) -> list[Path]:
    return sorted(path for path in (library.path / "index").iterdir() if path.is_dir())


def recall(index: DenseIndex, library: Library) -> float:
    """The share of the exact ten nearest to some passages that are found."""
    rowids, vectors = library.vectors(MODEL)
    truth = DenseIndex.build(rowids, vectors).search(vectors[:40], 10)[0]
    found = index.search(vectors[:40], 10)[0]
    return float(np.mean([np.isin(row, some).mean() for row, some in zip(truth, found, strict=True)]))


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library", create=True) as opened:
        put(opened, "article", PASSAGES, 1)
        assert store(opened)
        yield opened


def test_a_flipped_bit_in_any_file_is_noticed_before_it_is_read(library, monkeypatch):
    (folder,) = folders(library)
    opened: list[Path] = []
    monkeypatch.setattr(Base, "open", lambda path: opened.append(path))
    random = np.random.default_rng(1)
    for file in sorted(folder.iterdir()):
        sound = file.read_bytes()
        for place in [0, len(sound) - 1, *random.integers(0, len(sound), 25)]:
            damaged = bytearray(sound)
            damaged[place] ^= 1 << int(random.integers(8))
            file.write_bytes(damaged)
            assert files.latest(library, MODEL) is None, f"{file.name} at {place}"
        for size in (0, len(sound) // 2, len(sound) - 1):
            file.write_bytes(sound[:size])
            assert files.latest(library, MODEL) is None, f"{file.name} cut to {size}"
        file.write_bytes(sound)
    assert not opened


def test_a_damaged_one_is_made_again(library):
    (folder,) = folders(library)
    for file in sorted(folder.iterdir()):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        index = follow(library)
        assert index.state.standing is not None
        assert recall(index, library) >= 0.95
        assert files.latest_generation(library, MODEL) == library.generation


def test_nothing_is_written_where_nothing_may_be(library, monkeypatch):
    for folder in folders(library):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    monkeypatch.setattr(Library, "read_only", True)
    index = follow(library)
    assert recall(index, library) == 1
    assert not store(library)
    assert folders(library) == []


def test_a_disk_that_refuses_the_files_leaves_the_index_in_memory(library, monkeypatch):
    def refuse(self, folder):
        (folder / "half").write_bytes(b"x")
        raise OSError("No space left on device")

    for folder in folders(library):
        for file in folder.iterdir():
            file.unlink()
    monkeypatch.setattr(Base, "write", refuse)
    index = follow(library)
    assert index.state.standing is not None
    assert recall(index, library) >= 0.95
    assert not [path for path in folders(library) if path.name.startswith(".part-")]


def make_until_killed(path: Path, reached: object) -> None:
    """Make an index and stop for ever where half of it is written."""

    def write(self, folder):
        self.index.write(folder / "lists.faiss")
        reached.set()
        time.sleep(600)

    Base.write = write  # type: ignore[method-assign]
    with Library.open(path) as library:
        store(library)


def test_killed_while_it_is_written_nothing_half_is_left_and_nobody_waits(library):
    put(library, "many", 400, 77)
    context = multiprocessing.get_context("spawn")
    reached = context.Event()
    process = context.Process(target=make_until_killed, args=(library.path, reached))
    process.start()
    assert reached.wait(120)
    waiting = follow(library)
    assert len(waiting) == PASSAGES + 400, "others go on with the older one meanwhile"
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    generation = files.latest_generation(library, MODEL)
    assert generation is not None
    assert generation < library.generation
    assert store(library), "the lock went with the process"
    assert recall(follow(library), library) >= 0.95
