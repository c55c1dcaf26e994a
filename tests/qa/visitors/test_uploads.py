"""Each file that a visitor sends gets one line, whatever it is and however it is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.visitors import Upload, Visitors

Make = Callable[..., Visitors]
Save = Callable[[str | bytes, str], Upload]


def test_a_failing_file_stops_none_and_each_gets_one_line(make: Make, save: Save, kiln: Upload, tmp_path: Path) -> None:
    visitors = make()
    missing = Upload(tmp_path / "gone", "gone.txt")
    link = tmp_path / "link"
    link.symlink_to(kiln.path)
    uploads = [
        save(b"", "empty.txt"),
        save(bytes(range(256)) * 9, "noise.txt"),
        save(b"x", "old.doc"),
        save(b"x", "picture.png"),
        save(b"%PDF-1.7 nonsense", "torn.pdf"),
        missing,
        Upload(link, "link.txt"),
        Upload(tmp_path, "folder.txt"),
        Upload(Path("a\0b"), "nul.txt"),
        Upload(kiln.path, "kiln.TXT"),
    ]
    told = list(visitors.add("ann", uploads))
    for one, words in zip(told, WORDS, strict=True):
        assert words in one.message, one
        assert "\n" not in one.line
        assert str(tmp_path) not in one.line
        assert one.added is (words == "added")
    assert [(one.done, one.total) for one in told] == [(number, 10) for number in range(1, 11)]
    with visitors.using("ann") as engine:
        assert "9 million" in (engine.answer("How many bricks a year did the kiln make?").text or "")


WORDS = (
    "empty", "binary", "save it as .docx", "unknown format", "it is damaged",
    "send it again", "not a file", "not a file", "send it again", "added",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x.txt", "../../x.txt"),
        ("/etc/cron.d/x.txt", "/etc/cron.d/x.txt"),
        ("<script>alert(1)</script>.txt", "<script>alert(1)</script>.txt"),
        ("a" * 300 + ".txt", "a" * 79 + "…" + "a" * 16 + ".txt"),
        ("two\nlines\x1b[2J\u202e.txt", "two lines [2J .txt"),
        ("nul\0.txt", "nul .txt"),
        ("half \ud800.txt", "half .txt"),
        ("", "a file without a name"),
    ],
)
def test_a_name_is_shown_and_is_never_a_path(make: Make, kiln: Upload, tmp_path: Path, name: str, shown: str) -> None:
    visitors = make()
    before = sorted(tmp_path.parent.iterdir())
    (told,) = visitors.add("../ann", [Upload(kiln.path, name)])
    assert told.name == shown
    assert told.added is bool(name), told.message
    assert sorted(tmp_path.parent.iterdir()) == before
    with visitors.using("../ann") as engine:
        assert not any(article.sources for article in engine.articles() if article.id == told.article_id)
