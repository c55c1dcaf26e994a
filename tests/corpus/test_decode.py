from __future__ import annotations

import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.decode import MAX_ARTICLE_BYTES, decode, read_bytes
from corpus.errors import ArticleError

PROSE = "The ferry came at noon. Nobody on the pier had expected it, and the café was closed. "


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"]
)
def test_encodings(encoding: str) -> None:
    assert decode(PROSE.encode(encoding)) == PROSE


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("latin-1", "The mayor of Setúbal spoke."),
        ("cp1252", "“It’s over” — said Señor Núñez in Málaga."),
        ("cp1251", "Мэр города сообщил, что новый мост будет открыт в мае. Работы стоили два миллиона."),
        ("gb18030", "市长表示，新桥将于五月通车，总投资为二百万元，工期十八个月。"),
        ("shift_jis", "市長は新しい橋が五月に開通すると述べた。費用は二百万円である。"),
    ],
)
def test_old_encodings(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_emoji_and_decomposed_letters_are_kept() -> None:
    text = "👩‍🔬 " + unicodedata.normalize("NFD", "Żółć") + " 🇪🇺"
    assert decode(text.encode()) == text


def test_line_ends_become_newlines() -> None:
    assert decode(b"a\r\nb\rc\n") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"text\x00with\x00some\x00\x01\x02zeros", "binary"),
        (bytes(range(256)) * 20, "binary"),
        (b"\xff\xfea", "damaged"),
    ],
)
def test_what_is_no_text_is_refused_by_name_with_a_remedy(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError, match=rf"^news\.txt: .*{says}.*; ") as refused:
        decode(data, "news.txt")
    assert "\n" not in str(refused.value)


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_one_error(data: bytes) -> None:
    with suppress(ArticleError):
        assert isinstance(decode(data), str)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(MAX_ARTICLE_BYTES + 1)
    with pytest.raises(ArticleError, match="larger than 20 MB"):
        read_bytes(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.txt", Path("nul\x00.txt")):
        with pytest.raises(ArticleError):
            read_bytes(path)
