"""Ingest on real Ray clusters of several nodes on this machine, with nodes and processes killed half-way."""

from __future__ import annotations

import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import InputError, LibraryError, MissingExtraError
from corpus.library import Library
from index import ray_cluster, ray_ingest
from index.embed import DEFAULT_EMBEDDER, load_embedder
from index.ingest import ingest
from index.ray_cluster import SETTINGS, RayCluster, RayOptions
from index.ray_ingest import ingest_on_cluster
from index.stores import open_store

TOPICS = ("harbour", "orchard", "tram line", "observatory", "dam", "ice rink")
PEOPLE = ("Ilse Brandt", "Tomás Quiroga", "Amara Okoye", "Jun Sato", "Nils Aho")
DEEDS = ("was opened", "was closed for repairs", "burned down", "was sold to the city", "won a prize")
TOWNS = ("Vell", "Norra", "Quist", "Maribor", "Hanko")
TOKEN = secrets.token_hex()  # one for all: a process knows one


def slow(test):
    return pytest.mark.slow(pytest.mark.timeout(600)(test))


def test_without_ray_the_command_to_install_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r'pip install "ray\[data\]'), RayCluster(RayOptions(), "any"):
        pass


def test_an_address_where_nobody_listens_is_said_at_once():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(InputError, match=f"no Ray cluster answers at 127.0.0.1:{port} .*ray start --head"):
        RayCluster(RayOptions(f"127.0.0.1:{port}"), "any").__enter__()


@pytest.mark.parametrize("address", ["here", "nohost.invalid:6379", "127.0.0.1:99999", "127.0.0.1:port"])
def test_an_address_that_is_none_is_said(address):
    with pytest.raises(InputError, match="no Ray cluster answers at"):
        RayCluster(RayOptions(address), "any").__enter__()


def test_options_that_cannot_be_used_are_said():
    with pytest.raises(InputError, match="0 Ray workers"):
        RayOptions(workers=0)
    with pytest.raises(InputError, match="run this on a machine of the cluster"):
        RayOptions("ray://head:10001")


@pytest.fixture(scope="module")
def minilm():
    return load_embedder()


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    """Reports of 2 to 7 paragraphs; the same of them cannot be read in every run."""
    draw = random.Random(11)
    folder = tmp_path_factory.mktemp("articles")
    for number in range(64):
        topic, town = draw.choice(TOPICS), draw.choice(TOWNS)
        paragraphs = [
            " ".join(
                f"The {draw.choice(TOPICS)} of {draw.choice(TOWNS)} {draw.choice(DEEDS)} in {draw.randint(1950, 2024)}"
                f", said {draw.choice(PEOPLE)} before {draw.randint(2, 900)} guests."
                for _ in range(draw.randint(2, 6))
            )
            for _ in range(draw.randint(2, 7))
        ]
        head = f"Report {number} on the {topic} of {town}\n\nBy {draw.choice(PEOPLE)} | {number % 27 + 1} May 2021"
        (folder / f"{number:03}.txt").write_text("\n\n".join([head, *paragraphs]))
    (folder / "030.txt").write_bytes(b"\0\1\2" * 99)
    (folder / "031.txt").write_text("")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def alone(files, minilm, tmp_path_factory):
    """What one process makes of the files."""
    with Library.open(tmp_path_factory.mktemp("alone"), create=True) as library:
        yield library, list(ingest(files, library, minilm))


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "lib", create=True) as opened:
        yield opened


@pytest.fixture
def nodes(monkeypatch):
    """A cluster of a head that computes nothing and two nodes of one core."""
    for name, value in {**SETTINGS, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": TOKEN}.items():
        monkeypatch.setenv(name, value)
    Cluster = pytest.importorskip("ray.cluster_utils").Cluster  # noqa: N806

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    try:
        for _ in range(2):
            cluster.add_node(num_cpus=1)
        yield cluster
    finally:
        cluster.shutdown()


def processes_of(token: str) -> dict[int, bytes]:
    """The command lines of all processes of the clusters with this token, and of nobody else's."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if token.encode() in (folder / "environ").read_bytes() and int(folder.name) != os.getpid():
                found[int(folder.name)] = (folder / "cmdline").read_bytes()
        except OSError:  # it has ended
            continue
    return found


def workers_of(token: str) -> list[int]:
    """Those that embed."""
    return [number for number, command in processes_of(token).items() if command.startswith(b"ray::MapWorker")]


def reached_by(token: str) -> set[str]:
    """The addresses, in the kernel's hexadecimal digits, that these processes listen on or are connected to."""
    sockets = set()
    for number in processes_of(token):
        for handle in Path(f"/proc/{number}/fd").glob("*"):
            with suppress(OSError):
                sockets.add(str(handle.readlink()).removeprefix("socket:[").removesuffix("]"))
    lines = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {
        end.rpartition(":")[0]
        for columns in lines
        if columns[9] in sockets
        for end in ((columns[1], columns[2]) if columns[3] == "01" else (columns[1],))
    }


def assert_same(library: Library, told, alone, model_id: str) -> None:
    """The two libraries hold the same, in the same order, and the same was told."""
    other, before = alone
    assert [(one.path, one.state, one.article, one.failure) for one in told] == [
        (one.path, one.state, one.article, one.failure) for one in before
    ]
    assert [summary.id for summary in library.articles()] == [summary.id for summary in other.articles()]
    for mine, its in zip(library.articles(), other.articles(), strict=True):
        assert library.article(mine.id) == other.article(its.id)
        assert library.passages_of(mine.id) == other.passages_of(its.id)
        assert mine.sources == its.sources
        assert library.stamps(mine.sources) == other.stamps(its.sources)
    vectors, others = library.vectors(model_id)[1], other.vectors(model_id)[1]
    assert vectors.shape == others.shape
    # Most are equal to the last bit. Others were padded otherwise in their batch, which moves a bfloat16 vector.
    assert float(np.einsum("nd,nd->n", vectors, others).min()) > 0.9995
    assert library.check() == []
    assert library.count_passages() == len({passage.id for _, passage in library.iter_passages()})


@slow
def test_two_nodes_make_what_one_process_makes(nodes, files, alone, library, minilm):
    cluster = RayCluster(RayOptions(nodes.address), DEFAULT_EMBEDDER)
    told = list(ingest_on_cluster(files, library, minilm, cluster))
    assert cluster.workers == 2
    assert_same(library, told, alone, minilm.id)


@slow
def test_a_node_killed_half_way_changes_nothing(nodes, files, alone, library, minilm, monkeypatch):
    monkeypatch.setattr(ray_ingest, "BATCH_FILES", 4)
    (lost,) = list(nodes.worker_nodes)[:1]
    told = []
    for one in ingest_on_cluster(files, library, minilm, RayCluster(RayOptions(nodes.address), DEFAULT_EMBEDDER)):
        told.append(one)
        if len(told) == 8:  # two batches are stored, others are on their way
            nodes.remove_node(lost, allow_graceful=False)
    assert_same(library, told, alone, minilm.id)


@slow
def test_workers_killed_half_way_change_nothing(nodes, files, alone, library, minilm, monkeypatch):
    monkeypatch.setattr(ray_ingest, "BATCH_FILES", 4)
    told, killed = [], []
    for one in ingest_on_cluster(files, library, minilm, RayCluster(RayOptions(nodes.address), DEFAULT_EMBEDDER)):
        told.append(one)
        if len(told) in (8, 40):
            for process in workers_of(TOKEN):
                os.kill(process, signal.SIGKILL)
                killed.append(process)
    assert len(killed) >= 2
    assert_same(library, told, alone, minilm.id)


@slow
def test_a_file_that_kills_its_process_is_named_and_costs_no_other(nodes, files, alone, library, minilm, monkeypatch):
    class Fragile(ray_cluster._Actor):
        def work(self, rows):
            if any(row["path"].endswith(b"017.txt") for row in rows):
                os._exit(1)
            return super().work(rows)

    monkeypatch.setattr(ray_cluster, "_Actor", Fragile)
    cluster = RayCluster(RayOptions(nodes.address), DEFAULT_EMBEDDER)
    told = list(ingest_on_cluster(files, library, minilm, cluster))
    assert sorted(one.path for one in told) == files
    (bad,) = [one for one in told if one.path.name == "017.txt"]
    assert bad.state == "failed"
    assert "3 processes broke down" in bad.failure.message
    assert len(library.articles()) == len(alone[0].articles()) - 1


@slow
def test_workers_write_to_milvus_themselves_and_a_lost_node_changes_nothing(
    nodes, files, alone, milvus_place, held_in, minilm, monkeypatch
):
    monkeypatch.setattr(ray_ingest, "BATCH_FILES", 4)
    (lost,) = list(nodes.worker_nodes)[:1]
    cluster = RayCluster(RayOptions(nodes.address), DEFAULT_EMBEDDER, milvus_place)
    told = []
    store = open_store(milvus_place, create=True)
    try:
        for one in ingest_on_cluster(files, store, minilm, cluster):
            told.append(one)
            if len(told) == 8:
                nodes.remove_node(lost, allow_graceful=False)
        # What a lost worker had stored is told as unchanged by the one that got its batch.
        assert [(one.path, one.article, one.failure) for one in told] == [
            (one.path, one.article, one.failure) for one in alone[1]
        ]
        assert held_in(store) == held_in(alone[0])
    finally:
        store.close()


def qa(*words: str | Path, **settings: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "qa", "add", *map(str, words)]
    environment = {**os.environ, "RAY_AUTH_TOKEN": TOKEN, **settings}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )


@slow
def test_the_command_stopped_half_way_goes_on_and_leaves_nothing_behind(files, alone, tmp_path):
    pytest.importorskip("ray")
    folder = tmp_path / "lib"
    before = set(Path("/tmp").glob("qa-ray-*"))
    words = (files[0].parent, "--library", folder, "--engine", "ray", "--ray-workers", "1", "--json")
    first = qa(*words)
    while first.poll() is None and not held(folder):
        time.sleep(0.1)
    assert reached_by(TOKEN) <= {
        "0100007F",
        "0000000000000000FFFF00000100007F",
        "0" * 24 + "01000000",
    }  # 127.0.0.1, ::1
    first.send_signal(signal.SIGINT)
    said, complained = first.communicate()
    assert (first.returncode, said) == (130, "")
    assert "files are done and what they hold is safely in; the same command goes on from there" in complained
    some = held(folder)
    assert 0 < some < len(alone[0].articles())
    assert not any(b"ray" in command for command in processes_of(TOKEN).values())
    assert set(Path("/tmp").glob("qa-ray-*")) == before

    second = qa(*words)
    said, complained = second.communicate()
    found = json.loads(said)  # nothing of Ray's is printed amid it
    assert second.returncode == 1  # two files cannot be read
    assert len(found["failed"]) == 2, found["failed"]
    assert len(found["unchanged"]) == some
    assert complained.count("\n") == 2
    with Library.open(folder) as library:
        assert [a.id for a in library.articles()] == [a.id for a in alone[0].articles()]


def held(folder: Path) -> int:
    """The number of articles in a library that may not be there yet."""
    try:
        with Library.open(folder) as library:
            return len(library.articles())
    except LibraryError:
        return 0
