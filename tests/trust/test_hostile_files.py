"""A folder in which nearly every file was built to harm: each gets one printable line in time, and the rest is read."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.article import read_article
from corpus.errors import ArticleError
from corpus.files import ReadFailure, article_files
from corpus.laws import broken_laws
from corpus.reading_pool import read_bounded, read_one
from corpus.types import Article
from qa.cli import main
from tests.trust.hostile_files import WORDS, Hostile, quick_files, slow_files

if TYPE_CHECKING:
    from tests.trust.conftest import Tally

GOOD = {"first.txt": WORDS, "last.md": f"# Ferry\n\n{WORDS}", "middle.html": f"<article><p>{WORDS}</p></article>" * 3}
SIDECARS = {
    "deep": '{"title": ' + "[" * 100_000,
    "figure": '{"title": ' + "9" * 100_000 + "}",
    "infinite": '{"published": 1e999}',
    "types": '{"title": {"a": []}, "author": 7}',
    "unknown": '{"__class__": "os.system"}',
    "list": "[[]]",
    "scheme": '{"url": "javascript:alert(1)"}',
    "date": '{"published": "9999999999-99-99"}',
    "binary": "\x00\x01\x02",
    "empty": "",
}
READ_SIDECARS = {"twice": '{"title": "One", "title": "Two"}', "half": '{"title": "Half \\ud800 \\u001b[2J\\u202e"}'}


def save(folder: Path, files: Iterable[Hostile]) -> dict[str, Hostile]:
    """The files of these names, and good ones among them."""
    expected = {}
    for hostile in files:
        expected[hostile.name] = hostile
        (folder / hostile.name).write_bytes(hostile.content)
    for name, words in GOOD.items():
        (folder / name).write_text(words, encoding="utf-8")
    return expected


def is_clear(read: Article | ReadFailure) -> bool:
    """Whether this is an article that keeps the laws, or one printable line."""
    if isinstance(read, Article):
        return not broken_laws(read)
    return read.message.isprintable() and ": " in read.message


@pytest.mark.parametrize("speed", ["quick", pytest.param("slow", marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_each_file_gets_what_it_deserves_and_the_good_ones_are_read(tmp_path: Path, tally: Tally, speed: str) -> None:
    expected = save(tmp_path, quick_files() if speed == "quick" else slow_files())
    wrong, started = [], time.monotonic()
    for path, read in read_bounded(article_files([tmp_path]), workers=2, seconds=30 if speed == "slow" else 20):
        took, started = time.monotonic() - started, time.monotonic()
        message = read.message if isinstance(read, ReadFailure) else ""
        hostile = expected.pop(path.name, None)
        fits = not message if hostile is None else hostile.is_fitting(message)
        if not (fits and is_clear(read) and took < 35):
            wrong.append((path.name, message, took))
    count = sum(1 for _ in tmp_path.iterdir())
    tally(f"hostile files, {speed}", count, count - len(wrong) - len(expected))
    assert not wrong
    assert not expected, "each file was reached"
    assert not list(tmp_path.parent.rglob("slipped*"))
    assert not Path("sprung").exists()


@pytest.fixture
def special(tmp_path: Path) -> Path:
    """A folder with things that are no files of its own."""
    folder = tmp_path / "articles"
    (folder / "folder.txt").mkdir(parents=True)
    save(folder, [])
    os.mkfifo(folder / "pipe.txt")
    (folder / "loop.txt").symlink_to("loop2.txt")
    (folder / "loop2.txt").symlink_to("loop.txt")
    (folder / "round").symlink_to(folder)
    (folder / "device.txt").symlink_to("/dev/zero")
    (tmp_path / "secret.txt").write_text(f"A secret. {WORDS}", encoding="utf-8")
    (folder / "leaves.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "leaves").symlink_to(tmp_path)
    (folder / "gone.txt").symlink_to("none.txt")
    with (folder / "sparse.txt").open("wb") as file:
        file.truncate(1_000_000_000)
    return folder


def test_a_folder_s_pipes_devices_and_links_are_passed_over(special: Path) -> None:
    found = dict(read_bounded(article_files([special])))
    assert [path.name for path in found] == ["first.txt", "last.md", "middle.html", "sparse.txt"]
    assert [read.message for read in found.values() if isinstance(read, ReadFailure)] == [
        f"{special / 'sparse.txt'}: larger than 20 MB; split it into single articles"
    ]


def test_named_one_by_one_each_is_refused_at_once(special: Path, tally: Tally) -> None:
    names = ["pipe.txt", "loop.txt", "device.txt", "gone.txt", "folder.txt", "sparse.txt", "a\x00b.txt", "b" * 300]
    started = time.monotonic()
    found = [read_one(special / name) for name in names]
    tally("special files", len(names), sum(isinstance(read, ReadFailure) for read in found))
    assert all(isinstance(read, ReadFailure) and read.message.isprintable() for read in found)
    assert time.monotonic() - started < 10


def test_a_file_that_becomes_a_pipe_when_it_is_opened_is_not_waited_for(
    special: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_file", lambda _: True)
    with pytest.raises(ArticleError, match="not a file"):
        read_article(special / "pipe.txt")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    for name in GOOD:
        (tmp_path / name).write_text(WORDS, encoding="utf-8")
        (tmp_path / name).chmod(0)
        read = read_one(tmp_path / name)
        assert isinstance(read, ReadFailure)
        assert "permissions" in read.message


def test_a_hostile_sidecar_costs_its_article_alone(tmp_path: Path, tally: Tally) -> None:
    for name, content in (SIDECARS | READ_SIDECARS).items():
        (tmp_path / f"{name}.txt").write_text(WORDS, encoding="utf-8")
        (tmp_path / f"{name}.txt.meta.json").write_text(content, encoding="utf-8")
    (tmp_path / "pipe.txt").write_text(WORDS, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.txt.meta.json")
    found = {path.stem: read for path, read in read_bounded(article_files([tmp_path]))}
    refused = {name: read.message for name, read in found.items() if isinstance(read, ReadFailure)}
    tally("hostile sidecars", len(found), sum(is_clear(read) for read in found.values()))
    assert set(refused) == set(SIDECARS)
    assert all(message.isprintable() and ".meta.json" in message for message in refused.values())
    assert [read.title for name, read in found.items() if isinstance(read, Article) and name in READ_SIDECARS] == [
        "Half \ufffd [2J",
        "Two",
    ]


@pytest.mark.slow
def test_qa_add_goes_through_and_prints_what_a_terminal_may_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    count = 0
    for hostile in quick_files():
        if not hostile.name.isascii() or not hostile.name.isprintable() or "yaml" in hostile.name:
            count += 1
            (folder / hostile.name).write_bytes(hostile.content + f" {count}.".encode() * hostile.content.isascii())
    assert main(["add", str(folder), "--library", str(tmp_path / "library"), "--json"]) == 1
    out, err = capsys.readouterr()
    done = json.loads(out)
    assert done["added"]
    assert len(done["added"]) + len(done["failed"]) + len(done["unchanged"]) == count
    assert all(line.isprintable() for line in err.splitlines())
    assert "\x1b" not in out + err
    (out + err).encode()
