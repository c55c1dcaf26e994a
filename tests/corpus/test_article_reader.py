"""Files of strangers are read in a child: each gets its article or one clear line, and the next one is read."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus import article_reader
from corpus.article import read_article
from corpus.article_reader import ArticleReader
from corpus.errors import ArticleError

TEXT = """The ferry of Lake Ansel

By Mirko Vale | 3 May 2024

"It floats again," said Ida Brandt, who mended it. 😀

Reporter: Was it hard?

Ida Brandt: Harder than building one."""


@pytest.fixture
def reader() -> Iterator[ArticleReader]:
    with ArticleReader() as opened:
        yield opened


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_an_article_is_the_one_that_is_read_without_a_child(
    reader: ArticleReader, ferry: Path, make_pdf: Callable[..., bytes], make_page: Callable[..., Any], tmp_path: Path
) -> None:
    assert reader.read(ferry) == read_article(ferry)
    assert reader.read(ferry).turns
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(make_pdf([make_page(["The ferry sailed again on Monday, and two hundred people waved."])]))
    assert reader.read(pdf) == read_article(pdf)
    assert reader.read(pdf).pages


def test_one_child_reads_all_files_and_bad_ones_do_not_end_it(reader: ArticleReader, ferry: Path) -> None:
    reader.read(ferry)
    child = reader._child
    bad = {"empty.txt": b"", "torn.docx": b"PK\x03\x04", "noise.txt": bytes(range(256)), "a\nb.xyz": b"x"}
    for name, content in bad.items():
        path = ferry.with_name(name)
        path.write_bytes(content)
        with pytest.raises(ArticleError):
            reader.read(path)
    assert reader.read(ferry).title == "The ferry of Lake Ansel"
    assert reader._child is child


def kill_while_reading(reader: ArticleReader) -> None:
    assert reader._child is not None
    os.kill(reader._child.pid, signal.SIGSTOP)  # so that it is surely killed before it answers
    threading.Timer(0.2, os.kill, (reader._child.pid, signal.SIGKILL)).start()


def test_a_file_that_kills_a_new_child_is_refused_and_the_next_one_is_read(reader: ArticleReader, ferry: Path) -> None:
    reader._running(ferry)
    kill_while_reading(reader)
    with pytest.raises(ArticleError, match=r"too much time or memory; save the article as \.txt"):
        reader.read(ferry)
    assert reader.read(ferry).title


def test_a_file_at_which_a_used_child_dies_is_read_by_a_new_one(reader: ArticleReader, ferry: Path) -> None:
    reader.read(ferry)
    kill_while_reading(reader)
    assert reader.read(ferry).title


def test_a_child_is_replaced_before_it_grows_old(
    reader: ArticleReader, ferry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(article_reader, "FILES_OF_A_CHILD", 2)
    children = []
    for _ in range(3):
        reader.read(ferry)
        children.append(reader._child)
    assert children[0] is children[1] is not children[2]


def test_a_file_named_as_a_module_in_the_working_folder_is_not_run(
    ferry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = ferry.with_name("json.py")
    trap.write_text(f"open({str(ferry.with_name('sprung'))!r}, 'w')", encoding="utf-8")
    monkeypatch.chdir(trap.parent)
    with ArticleReader() as reader:
        assert reader.read(Path("ferry.txt")).title
    assert not ferry.with_name("sprung").exists()


def test_a_stopped_reader_reads_no_more(reader: ArticleReader, ferry: Path) -> None:
    reader.read(ferry)
    reader.stop()
    with pytest.raises(ArticleError, match="given up"):
        reader.read(ferry)


def test_a_child_that_ended_between_two_files_costs_none(reader: ArticleReader, ferry: Path) -> None:
    reader.read(ferry)
    assert reader._child is not None
    reader._child.kill()
    reader._child.wait()
    assert reader.read(ferry).title


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read(ferry: Path) -> None:
    with ArticleReader(seconds=60) as reader:
        reader.read(ferry)
        assert reader._child is not None
        os.kill(reader._child.pid, signal.SIGSTOP)
        reader.seconds = 0.2
        with pytest.raises(ArticleError, match=r"ferry\.txt: reading it takes longer than 0\.2 seconds"):
            reader.read(ferry)
        reader.seconds = 60
        assert reader.read(ferry).title


def test_a_closed_reader_leaves_no_process(ferry: Path) -> None:
    reader = ArticleReader()
    reader.read(ferry)
    assert reader._child is not None
    child = reader._child
    reader.close()
    reader.close()
    assert child.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)
