"""Ingest by workers elsewhere, without Ray: the same worker in this process behind clusters that lose things."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from corpus.errors import InputError, LibraryError, ModelError
from corpus.library import Library
from index import ray_ingest
from index.embed import DEFAULT_EMBEDDER, load_embedder
from index.ingest import ingest
from index.ray_ingest import ingest_on_cluster
from index.ray_worker import EmbeddingWorker

TEXTS = {
    "01 ferry.txt": "Ferry Aurinko is back\n\nBy Ilse Brandt | 8 May 2023\n\nIt left Hanko at noon with 41 passengers.",
    "02 cherries.md": "# Frost in Vignola\n\nGrowers lost half of the harvest.\n\nPrices doubled within a week.",
    "03 picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "04 dam.txt": "The dam of Quist\n\nThe dam holds, said Tomás Quiroga of the water board.\n\nIt was raised by "
    "two metres in 1987 and again in 2019.",
    "05 empty.txt": "",
    "06 talk.txt": "A talk on tides\n\nAmara Okoye: How high was it?\n\nJun Sato: Six metres and ten centimetres.",
    "07 ferry again.txt": "Ferry Aurinko is back\n\nBy Ilse Brandt | 8 May 2023\n\nIt left Hanko at noon with 41 "
    "passengers.",
}


worker = cache(EmbeddingWorker)


class Here:
    """A cluster of one worker in this process; ``lose`` names the numbers in whose company no batch comes back."""

    workers = 1

    def __init__(self, model: str | Path = DEFAULT_EMBEDDER, *, store=None, lose=(), always=()) -> None:
        self.worker = worker(model, None if store is None else str(store))
        self.lose, self.always = set(lose), set(always)
        self.entered = 0
        self.sizes: list[int] = []

    def __enter__(self):
        self.entered += 1
        return self

    def __exit__(self, *unused) -> None:
        pass

    def run(self, batches):
        for batch in list(batches):
            self.sizes.append(len(batch))
            names = {Path(row["path"].decode()).name for row in batch}
            if names & self.lose:
                self.lose -= names
            elif not names & self.always:
                yield self.worker.run(batch)


@pytest.fixture(scope="module")
def minilm():
    return load_embedder()


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "06 talk.meta.json").write_text(json.dumps({"publisher": "Quist Tidings"}))
    return [folder / name for name in sorted(TEXTS)]


@pytest.fixture
def opened(tmp_path):
    made: list[Library] = []

    def open_library(name: str) -> Library:
        made.append(Library.open(tmp_path / name, create=True))
        return made[-1]

    yield open_library
    for library in made:
        library.close()


@pytest.fixture
def alone(opened, files, minilm):
    """What one process makes of the files."""
    library = opened("alone")
    return library, list(ingest(files, library, minilm))


def facts(told):
    """What was told but how many passages were embedded: of equal articles, one batch embeds both, two batches one."""
    return [replace(one, passages=0) for one in told]


def assert_same(library: Library, other: Library, model_id: str, *, in_order: bool = True) -> None:
    order = list if in_order else sorted
    assert order(a.id for a in library.articles()) == order(a.id for a in other.articles())
    for summary in other.articles():
        assert library.article(summary.id) == other.article(summary.id)
        assert library.passages_of(summary.id) == other.passages_of(summary.id)
    sources = [source for summary in other.articles() for source in summary.sources]
    assert library.stamps(sources) == other.stamps(sources)
    mine, theirs = ({p.id: v for p, v in by_passage(one, model_id)} for one in (library, other))
    assert mine.keys() == theirs.keys()
    # Texts are padded to the longest of their batch: in bfloat16 that moves a vector a little.
    assert all(float(mine[key] @ theirs[key]) > 0.9995 for key in mine)
    assert library.check() == []


def by_passage(library: Library, model_id: str):
    rowids, vectors = library.vectors(model_id)
    return zip(library.passages(rowids), vectors, strict=True)


def test_the_result_is_that_of_one_process(alone, opened, files, minilm):
    library, cluster = opened("cluster"), Here()
    told = list(ingest_on_cluster(files, library, minilm, cluster))
    assert facts(told) == facts(alone[1])
    assert [one.state for one in told] == ["added", "added", "failed", "added", "failed", "added", "unchanged"]
    assert_same(library, alone[0], minilm.id)


def test_windows_and_batches_keep_the_order(alone, opened, files, minilm, monkeypatch):
    monkeypatch.setattr(ray_ingest, "WINDOW_FILES", 3)
    monkeypatch.setattr(ray_ingest, "BATCH_FILES", 2)
    library, cluster = opened("cluster"), Here()
    assert facts(ingest_on_cluster(files, library, minilm, cluster)) == facts(alone[1])
    assert cluster.sizes == [2, 1, 2, 1, 1]
    assert cluster.entered == 1
    assert_same(library, alone[0], minilm.id)


def test_files_of_a_batch_that_is_lost_are_tried_again_one_by_one(alone, opened, files, minilm, monkeypatch):
    monkeypatch.setattr(ray_ingest, "BATCH_FILES", 2)
    library, cluster = opened("cluster"), Here(lose=["04 dam.txt"])
    told = list(ingest_on_cluster(files, library, minilm, cluster))
    assert cluster.sizes == [2, 2, 2, 1, 1, 1]
    assert facts(sorted(told, key=lambda one: one.path)) == facts(alone[1])
    assert [one.path.name[:2] for one in told] == ["01", "02", "05", "06", "07", "03", "04"]
    assert_same(library, alone[0], minilm.id, in_order=False)


def test_a_file_that_brings_every_process_down_is_named_and_costs_no_other(alone, opened, files, minilm):
    library = opened("cluster")
    told = list(ingest_on_cluster(files, library, minilm, Here(always=["02 cherries.md"])))
    (bad,) = [one for one in told if one.path.name == "02 cherries.md"]
    assert bad.state == "failed"
    assert "broke down" in bad.failure.message
    assert str(bad.path) in bad.failure.message
    assert sorted(one.path for one in told) == files
    assert len(library.articles()) == len(alone[0].articles()) - 1


def test_files_that_have_not_changed_need_no_cluster(opened, files, minilm):
    good = [file for file in files if file.name[:2] not in ("03", "05")]
    library, cluster = opened("cluster"), Here()
    list(ingest_on_cluster(good, library, minilm, Here()))
    told = list(ingest_on_cluster(good, library, minilm, cluster))
    assert {one.state for one in told} == {"unchanged"}
    assert cluster.entered == 0
    good[0].write_text("Ferry Aurinko sank\n\nNobody was hurt, said Ilse Brandt of the coast guard.")
    told = list(ingest_on_cluster(good, library, minilm, cluster))
    assert [one.state for one in told] == ["replaced", *["unchanged"] * 4]
    assert cluster.sizes == [1]


def test_a_run_that_is_stopped_goes_on_where_it_was(alone, opened, files, minilm, monkeypatch):
    monkeypatch.setattr(ray_ingest, "BATCH_FILES", 2)
    library = opened("cluster")
    started = ingest_on_cluster(files, library, minilm, Here())
    next(started)
    started.close()
    assert len(library.articles()) == 2  # one whole batch
    cluster = Here()
    list(ingest_on_cluster(files, library, minilm, cluster))
    assert sum(cluster.sizes) == len(files) - 2
    assert_same(library, alone[0], minilm.id)


class Elsewhere(Here):
    """Workers that do not see the files of this machine."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def run(self, batches):
        sent = list(batches)
        away = self.folder.with_name("away")
        shutil.move(self.folder, away)
        try:
            yield from super().run(sent)
        finally:
            shutil.move(away, self.folder)


def test_files_can_be_sent_to_workers_that_do_not_see_them(alone, opened, files, minilm):
    library = opened("cluster")
    told = list(ingest_on_cluster(files, library, minilm, Elsewhere(files[0].parent), send_files=True))
    assert facts(told) == facts(alone[1])  # also what is said of those that cannot be read
    assert_same(library, alone[0], minilm.id)
    assert {library.article(a.id).publisher for a in library.articles()} == {None, "Quist Tidings"}


def test_files_that_workers_do_not_see_fail_each_by_its_name(opened, files, minilm):
    told = list(ingest_on_cluster(files, opened("cluster"), minilm, Elsewhere(files[0].parent)))
    assert {one.state for one in told} == {"failed"}
    assert all(str(one.path) in one.failure.message for one in told)


def test_a_file_that_this_machine_cannot_send_is_a_failure(opened, files, minilm, tmp_path):
    paths = [files[0], tmp_path / "gone.txt", files[1]]
    told = list(ingest_on_cluster(paths, opened("cluster"), minilm, Here(), send_files=True))
    assert [one.state for one in told] == ["added", "failed", "added"]


def test_near_duplicates_are_left_out_as_by_one_process(opened, minilm, tmp_path):
    paths = [tmp_path / f"{number}.txt" for number in range(3)]
    story = [
        f"On day {day} the crew of the Aurinko mended pump {day * 7} and sailed {day + 3} miles." for day in range(9)
    ]
    paths[0].write_text("The log of the Aurinko\n\n" + " ".join(story))
    paths[1].write_text("The log of the Aurinko\n\n" + " ".join(story[:-1]) + " Then they rested.")
    paths[2].write_text("Cherries\n\nGrowers in Vignola lost half of the harvest to frost.")
    left = list(ingest(paths, opened("alone"), minilm, skip_near_duplicates=True))
    assert [one.state for one in left] == ["added", "left_out", "added"]
    assert list(ingest_on_cluster(paths, opened("cluster"), minilm, Here(), skip_near_duplicates=True)) == left


def test_a_worker_without_the_model_ends_the_run(opened, files, minilm, tmp_path, monkeypatch):
    monkeypatch.setattr("index.embed.default_folder", lambda: tmp_path / "nowhere")
    monkeypatch.setattr(f"{__name__}.worker", EmbeddingWorker)
    with pytest.raises(ModelError, match=r"^a worker cannot load the model on .*nowhere"):
        list(ingest_on_cluster(files, opened("cluster"), minilm, Here()))


def test_workers_that_reach_the_store_write_to_it_themselves(alone, opened, files, minilm, monkeypatch):
    monkeypatch.setattr(ray_ingest, "BATCH_FILES", 2)
    library = opened("cluster")
    told = list(ingest_on_cluster(files, library, minilm, Here(store=library.path)))
    assert facts(told) == facts(alone[1])
    assert_same(library, alone[0], minilm.id)


def twice(cluster, batches):
    list(Here.run(cluster, batches))
    return Here.run(cluster, batches)


def test_a_batch_that_was_stored_before_its_worker_was_lost_changes_nothing_again(alone, opened, files, minilm):
    library = opened("cluster")
    cluster = Here(store=library.path)
    cluster.run = lambda batches: twice(cluster, list(batches))
    told = list(ingest_on_cluster(files, library, minilm, cluster))
    assert {one.state for one in told} == {"unchanged", "failed"}
    assert_same(library, alone[0], minilm.id)


def test_workers_that_do_not_reach_the_store_end_the_run(opened, files, minilm, tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(LibraryError, match=r"^a worker cannot store: library .*taken: it is a file; name a folder"):
        list(ingest_on_cluster(files, opened("cluster"), minilm, Here(store=tmp_path / "taken")))


class Other(Here):
    """Workers whose rows differ in one column."""

    def __init__(self, **columns) -> None:
        super().__init__()
        self.columns = columns

    def run(self, batches):
        for rows in super().run(batches):
            yield [{**row, **(self.columns if row["model"] else {})} for row in rows]


def test_another_model_or_release_on_a_machine_is_refused(opened, files, minilm):
    with pytest.raises(ModelError, match="has the model other@1, this one all-MiniLM"):
        list(ingest_on_cluster(files, opened("one"), minilm, Other(model="other@1")))
    with pytest.raises(InputError, match="another release"):
        list(ingest_on_cluster(files, opened("two"), minilm, Other(reading=0)))


def test_names_in_any_script_cross_whole(opened, minilm, tmp_path):
    folder = tmp_path / "Überfahrt"
    folder.mkdir()
    file = folder / "日本の記事.txt"
    file.write_text(TEXTS["01 ferry.txt"])
    (told,) = ingest_on_cluster([file], opened("cluster"), minilm, Here())
    assert (told.path, told.state) == (file, "added")
