"""Stores to try alike: a library in a folder, and a collection on Milvus' own engine, run as a server of its own."""

from __future__ import annotations

import hashlib
import importlib.util
import itertools
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from corpus.article import article_from_text
from corpus.metadata import Metadata
from corpus.passages import split_passages
from corpus.store import Store
from corpus.types import Article
from corpus.writes import Addition
from index.stores import open_store
from tests.hashing import HashingEmbedder

ENGINES = ["embedded", "milvus"]


class Server:
    """Milvus' engine over one file, at a port that stays the same when it is started again."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"milvus://127.0.0.1:{self.port}"

    def start(self) -> None:
        from index.milvus_engine import program_folder

        folder = program_folder()
        self.process = subprocess.Popen(
            [folder / "milvus", self.file, f"127.0.0.1:{self.port}", "FATAL"],
            env={**os.environ, "LD_LIBRARY_PATH": str(folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """As a power cut would: without a word."""
        self.process.kill()
        self.process.wait()

    def wait(self) -> None:
        """Until it listens."""
        for _ in range(200):
            with socket.socket() as caller:
                if caller.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the engine does not start")


def lacking() -> str | None:
    """Why Milvus cannot be tried here; ``None`` where it can."""
    missing = [name for name in ("pymilvus", "milvus_lite") if importlib.util.find_spec(name) is None]
    return f"needs {' and '.join(missing)}: pip install pymilvus milvus-lite==2.5.1" if missing else None


@pytest.fixture(scope="session")
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture(scope="session")
def start_server(tmp_path_factory) -> Iterator[Callable[[], Server]]:
    """Starts servers, each with its own file; all are stopped at the end."""
    if reason := lacking():
        pytest.skip(reason)
    servers = []

    def start() -> Server:
        server = Server(tmp_path_factory.mktemp("milvus") / "data.db")
        servers.append(server)
        server.start()
        server.wait()
        return server

    yield start
    for server in servers:
        server.kill()


@pytest.fixture(scope="session")
def milvus(start_server) -> Server:
    """The server that most tests share, each with a collection of its own."""
    return start_server()


NUMBERS = itertools.count()


@pytest.fixture(params=ENGINES)
def place(request, tmp_path) -> str:
    """Where a new store may be made, as the user names it."""
    if request.param == "embedded":
        return str(tmp_path / "library")
    return f"{request.getfixturevalue('milvus').address}/news{next(NUMBERS)}"


@pytest.fixture
def store(place) -> Iterator[Store]:
    opened = open_store(place, create=True)
    yield opened
    opened.close()


@pytest.fixture
def milvus_place(milvus) -> str:
    return f"{milvus.address}/news{next(NUMBERS)}"


def an_article(text: str, **facts: str | None) -> Article:
    return article_from_text(text, metadata=Metadata(**facts))


def made(article: Article, embedder: HashingEmbedder, source: str | None = None, budget: int = 30) -> Addition:
    """The article, split and embedded."""
    passages = split_passages(article, budget=budget)
    vectors = embedder.embed([passage.span.of(article.text) for passage in passages])
    stamp = None if source is None else hashlib.sha256(article.text.encode()).hexdigest()[:8]
    return Addition(article, passages, vectors.reshape(len(passages), embedder.dimension), source, stamp)


@pytest.fixture(scope="session")
def make(embedder) -> Callable[..., Addition]:
    """An article of a text and of facts about it, ready to be added."""

    def build(text: str, source: str | None = None, budget: int = 30, **facts: str | None) -> Addition:
        return made(an_article(text, **facts), embedder, source, budget)

    return build


def everything_in(store: Store) -> list[tuple[object, ...]]:
    """All that a store holds, but for the times; raises where any of it is damaged."""
    assert store.check() == []
    return sorted(
        (one.id, one.title, one.sources, one.passages, store.article(one.id), tuple(store.passages_of(one.id)))
        for one in store.articles()
    )


@pytest.fixture(scope="session")
def held_in() -> Callable[[Store], list[tuple[object, ...]]]:
    return everything_in


PLACES = ["Vellory", "Orsk", "Mirani", "Quillan", "Tessel", "Halden", "Pell"]
THINGS = ["dykes", "trams", "kilns", "orchards", "ferries", "wells", "looms", "mills"]
PEOPLE = ["Ilse Brandt", "Dr. Omar Haddad", "Ana Silva"]
PUBLISHERS = ["Vellory Gazette", 'The "Orsk" Post\\', None]


def report(number: int) -> tuple[str, dict[str, str | None]]:
    place, person = PLACES[number % len(PLACES)], PEOPLE[number % len(PEOPLE)]
    lines = [f"The {THINGS[(number + n) % len(THINGS)]} of {place}, part {number} of {n}." for n in range(3)]
    said = [f"{person}: We paid {number}{n} crowns for the {THINGS[(number * n) % len(THINGS)]}." for n in range(4)]
    text = "\n\n".join([f"Notes on {place}, number {number}", *lines, "Reporter: What did you pay?", *said])
    published = None if number % 4 == 3 else date(2021, 1 + number % 12, 5).isoformat()
    return text, {"publisher": PUBLISHERS[number % len(PUBLISHERS)], "published": published}


@pytest.fixture(scope="session")
def reports(make) -> list[Addition]:
    """Nine articles of invented towns, with and without publisher and date, in which people are heard."""
    return [
        make(text, f"/files/{number}.txt", 12, **facts) for number, (text, facts) in enumerate(map(report, range(9)))
    ]
