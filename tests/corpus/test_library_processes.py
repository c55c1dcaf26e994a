"""The library under several processes: killed writers, racing creators, and a folder that may only be read."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from corpus.library import Library

ROOT = Path(__file__).parents[2]

# Adds ten articles of 50 passages, one transaction each, removes every third again, and says where it is.
WRITER = """
import sys, hashlib
import numpy as np
from corpus.library import Library
from corpus.types import Article, Passage, Span
folder, name = sys.argv[1:]
with Library.open(folder, create=True) as library:
    for n in range(10):
        text = f"{name} report {n}. " * 200
        article = Article(f"{name}-{n}", text, sha256=hashlib.sha256(text.encode()).hexdigest())
        passages = [Passage(f"{article.id}:{i}", article.id, Span(i, i + 40)) for i in range(50)]
        library.add(article, passages, np.full((50, 64), n + 1, np.float32), model_id="toy", source=f"{name}{n}.txt")
        if n % 3 == 2:
            library.remove(article.id)
        print(n, flush=True)
"""

READER = """
import os, sys
from corpus.errors import LibraryError
from corpus.library import Library
if os.geteuid() == 0:
    os.setuid(65534)  # root may write anywhere; the user "nobody" may not
with Library.open(sys.argv[1]) as library:
    assert library.read_only
    print(len(library.articles()), len(library.vectors("toy")[0]), library.check())
    try:
        library.remove(library.articles()[0].id)
    except LibraryError as error:
        print(error)
"""


def start(script: str, *arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return output


@pytest.mark.parametrize("seed", range(8))
def test_a_killed_writer_leaves_whole_articles_only(tmp_path, seed):
    writer = start(WRITER, tmp_path, "a")
    assert writer.stdout is not None
    for _ in range(random.Random(seed).randint(0, 9)):
        writer.stdout.readline()
    time.sleep(random.Random(seed + 100).random() * 0.01)
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    with Library.open(tmp_path, create=True) as library:
        assert library.check() == []
        articles = library.articles()
        assert all(article.passages == 50 for article in articles)
        assert len(library.vectors("toy")[0]) == len(library.rowids()) == 50 * len(articles)
    finish(start(WRITER, tmp_path, "a"))
    with Library.open(tmp_path) as library:
        assert [article.id for article in library.articles()] == [f"a-{n}" for n in range(10) if n % 3 != 2]


def test_processes_that_create_and_add_at_once(tmp_path):
    writers = [start(WRITER, tmp_path / "lib", name) for name in "abc"]
    for writer in writers:
        finish(writer)
    with Library.open(tmp_path / "lib") as library:
        expected = {f"{name}-{n}" for name in "abc" for n in range(10) if n % 3 != 2}
        assert {article.id for article in library.articles()} == expected
        assert library.generation == 3 * (10 + 3)
        assert library.check() == []


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_read_only_folder_can_be_read():
    folder = Path(tempfile.mkdtemp(dir="/tmp"))  # tmp_path is closed to other users
    try:
        finish(start(WRITER, folder, "a"))
        (folder / "library.db").chmod(0o444)
        folder.chmod(0o555)
        lines = finish(start(READER, folder)).splitlines()
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
    assert lines[0] == "7 350 []"
    assert "may only be read" in lines[1]
