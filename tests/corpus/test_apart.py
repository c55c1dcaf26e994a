"""A reader that hangs, crashes or takes all memory harms nobody but its child process."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import apart
from corpus.errors import ArticleError

READERS = {
    "good": "return {'text': data.decode()}",
    "refusing": "from corpus.errors import ArticleError; raise ArticleError('it is upside down; turn it')",
    "crashing": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "hungry": "return {'text': len(bytearray(1 << 40))}",
    "broken": "raise KeyError('x')",
    "hanging": "import time; time.sleep(600)",
}


@pytest.fixture(autouse=True)
def readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, body in READERS.items():
        (tmp_path / f"{name}_reader.py").write_text(f"def parse(data):\n    {body}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


def test_the_child_reads_with_the_import_path_of_its_parent() -> None:
    assert apart.read_apart("good_reader", "naïve 🚋".encode(), "a.pdf") == {"text": "naïve 🚋"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("refusing", "a.pdf: it is upside down; turn it"),
        ("crashing", "too much time or memory"),
        ("hungry", "too complex"),
        ("broken", "too much time or memory"),
    ],
)
def test_each_end_of_a_child_is_one_line(name: str, message: str) -> None:
    with pytest.raises(ArticleError, match=message) as refused:
        apart.read_apart(f"{name}_reader", b"x", "a.pdf")
    assert "\n" not in str(refused.value)


def test_a_child_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WALL_SECONDS", 1)
    with pytest.raises(ArticleError, match="takes too long"):
        apart.read_apart("hanging_reader", b"x", "a.pdf")
