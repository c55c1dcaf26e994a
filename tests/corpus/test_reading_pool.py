"""Files that crash, hang or fill the memory of whoever reads them cost themselves alone, and all keep their order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus import reading_pool
from corpus.article import read_article
from corpus.files import ReadFailure
from corpus.reading_pool import PLAIN_BYTES, read_bounded, read_one
from corpus.types import Article

WORDS = "The ferry sailed again on Monday, and two hundred people waved from the pier of Lake Ansel."
Save = Callable[[str, bytes], Path]

# In the place of the library that reads PDFs: one that a file has taken over.
TAKEN_OVER = """
import ctypes, os, time

class PdfiumError(Exception):
    pass

class PdfTextPage:
    pass

class PdfDocument:
    def __init__(self, data):
        order = data.split()[1].decode()
        if order == "crash":
            ctypes.string_at(0)
        elif order == "hang":
            time.sleep(600)
        elif order == "spin":
            while True:
                pass
        elif order == "fill":
            kept = [bytearray(1 << 28) for _ in range(400)]
        elif order == "leave":
            os._exit(0)
        elif order == "write":
            with open("left-behind", "w") as file:
                file.write("x")
                file.flush()
        elif order == "open":
            kept = [open(os.devnull) for _ in range(2000)]
        raise PdfiumError("no document")
"""


@pytest.fixture
def taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the children find where pypdfium2 should be."""
    package = tmp_path / "libraries" / "pypdfium2"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(TAKEN_OVER, encoding="utf-8")
    (package / "raw.py").write_text("FPDF_ERR_PASSWORD = FPDF_ERR_SECURITY = 0", encoding="utf-8")
    monkeypatch.syspath_prepend(package.parent)


@pytest.fixture
def page(save: Save) -> Path:
    return save("page.html", f"<html><body><article><p>{WORDS}</p><p>{WORDS}</p></article></body></html>".encode())


def messages(found: Iterator[tuple[Path, Article | ReadFailure]]) -> dict[str, str]:
    return {path.name: read.message if isinstance(read, ReadFailure) else "" for path, read in found}


@pytest.mark.usefixtures("taken_over")
@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_every_way_to_bring_a_reader_down_costs_one_file(
    save: Save, page: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.chdir(page.parent)
    orders = ["crash", "hang", "fill", "leave", "write", "open", "spin"]
    bad = [save(f"{order}.pdf", f"%PDF- {order}".encode()) for order in orders]
    good = [save(f"{at}.txt", f"{WORDS} {at}".encode()) for at in range(3)]
    paths = [page, *bad[:3], good[0], *bad[3:], *good[1:], page]
    found = messages(read_bounded(paths, workers=workers, seconds=4))
    assert list(found) == [path.name for path in dict.fromkeys(paths)]
    assert {name for name, message in found.items() if not message} == {page.name, *(path.name for path in good)}
    for order in orders:
        assert found[f"{order}.pdf"].startswith(str(page.with_name(f"{order}.pdf")))
        assert found[f"{order}.pdf"].isprintable()
    assert "longer than 4 seconds" in found["hang.pdf"]
    assert not page.with_name("left-behind").exists() or not page.with_name("left-behind").stat().st_size


def test_children_read_what_this_process_reads(page: Path, save: Save) -> None:
    paths = [page, save("a.txt", WORDS.encode()), save("b.md", f"# Ferry\n\n{WORDS}".encode())]
    for workers in (1, 2):
        assert list(read_bounded(paths, workers=workers)) == [(path, read_article(path)) for path in paths]


def test_a_small_plain_file_starts_no_child(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.Popen", None)
    assert isinstance(read_one(save("a.txt", WORDS.encode())), Article)
    assert isinstance(read_one(save("a.md", WORDS.encode())), Article)
    with pytest.raises(TypeError):
        read_one(save("large.txt", WORDS.encode() * (1 + PLAIN_BYTES // len(WORDS))))


def test_a_plain_file_that_could_hold_up_the_others_is_read_apart(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.Popen", None)
    with pytest.raises(TypeError):
        read_one(save("a.txt", b"a\n\n" * 20_000))


def test_what_cannot_be_read_is_said_in_its_place(save: Save, tmp_path: Path) -> None:
    paths = [
        tmp_path / "none.txt",
        tmp_path / "none.pdf",
        tmp_path,
        save("empty.txt", b""),
        save("a.txt", WORDS.encode()),
    ]
    found = [read for _, read in read_bounded(paths)]
    assert [isinstance(read, ReadFailure) for read in found] == [True] * 4 + [False]


def test_only_a_few_files_are_asked_for_ahead(page: Path) -> None:
    asked = []

    def paths() -> Iterator[Path]:
        for number in range(100):
            asked.append(number)
            yield page

    reading = read_bounded(paths(), workers=2)
    next(reading)
    assert len(asked) <= reading_pool.AHEAD * 2 + 1
    reading.close()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("taken_over")
def test_an_iterator_closed_early_waits_for_nothing_and_leaves_no_child(page: Path, save: Save) -> None:
    started = time.monotonic()
    before = threading.active_count()
    reading = read_bounded([page, save("hang.pdf", b"%PDF- hang")] * 4, workers=2)
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 30
    assert threading.active_count() == before


def test_no_worker_is_no_reading() -> None:
    with pytest.raises(ValueError, match="at least one"):
        next(read_bounded([], workers=0))
