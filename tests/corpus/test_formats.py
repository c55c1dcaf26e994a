from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import ArticleError
from corpus.formats import is_supported, read_draft, supported_extensions

WORDS = "The ferry sailed again on Monday, and two hundred people waved from the pier as it left the lake."


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("a.txt", WORDS, "txt"),
        ("a.MD", f"*{WORDS}*", "md"),
        ("a.htm", f"<html><body><p>{WORDS}</p><p>{WORDS} Twice.</p></body></html>", "html"),
    ],
)
def test_the_extension_names_the_reader(tmp_path: Path, name: str, content: str, format_: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    draft = read_draft(path)
    assert draft.format == format_
    assert draft.text.startswith(WORDS)
    assert is_supported(path)


@pytest.mark.parametrize("name", ["a.xyz", "a", "a.meta.json"])
def test_an_unknown_format_lists_the_known_ones(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(WORDS)
    with pytest.raises(ArticleError, match="unknown format") as refused:
        read_draft(path)
    assert all(extension in str(refused.value) for extension in supported_extensions())
    assert not is_supported(path)


def test_a_wrong_extension_is_told_by_its_bytes(tmp_path: Path) -> None:
    for name in ("a.txt", "a.md", "a.html"):
        path = tmp_path / name
        path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)))
        with pytest.raises(ArticleError, match="is a PDF"):
            read_draft(path)
