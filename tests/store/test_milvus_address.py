from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import InputError
from corpus.store import is_address
from index.milvus_address import MilvusAddress


def test_a_server_with_all_its_parts():
    found = MilvusAddress.parse("milvus://db.example.org:443/news?tls=1&db=papers&timeout=5")
    assert found == MilvusAddress("news", "db.example.org", 443, True, "papers", None, 5.0)
    assert str(found) == "milvuss://db.example.org:443/news"


def test_what_is_left_out_has_a_default():
    found = MilvusAddress.parse("milvus://localhost/news")
    assert (found.port, found.tls, found.database, found.seconds) == (19530, False, "", 60.0)


def test_a_file_of_the_local_engine():
    found = MilvusAddress.parse("milvus-lite:///data/my%20files/news.db/archive")
    assert (found.file, found.collection) == (Path("/data/my files/news.db"), "archive")
    assert MilvusAddress.parse("milvus-lite:///news.db/a").file == Path("/news.db")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("milvus://host", "the collection's name"),
        ("milvus://host/", "the collection's name"),
        ("milvus://host/a-b", "the collection's name"),
        ('milvus://host/a"b', "the collection's name"),
        ("milvus://host/x/news", "no such kind"),
        ("milvus:///news", "no such kind"),
        ("redis://host/news", "no such kind"),
        ("milvus://host:99999/news", "the port"),
        ("milvus://host:x/news", "the port"),
        ("milvus://me:secret@host/news", "holds no password; put it into the variable QA_MILVUS_TOKEN"),
        ("milvus://host/news?token=secret", "holds no password"),
        ("milvus://host/news?color=red", "color means nothing here"),
        ("milvus://host/news?timeout=0", "timeout=0 is no number of seconds"),
        ("milvus://host/news?timeout=nan", "timeout=nan is no number of seconds"),
        ("milvus-lite:///data/a name with spaces.db/news", "the file's name"),
        ("milvus-lite://host/data/x.db/news", "the file's name"),
    ],
)
def test_what_is_no_address_is_told_in_one_line(text, told):
    with pytest.raises(InputError, match=told) as refused:
        MilvusAddress.parse(text)
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "folder", ["library", "/data/library", "C:/news", "C:\\news", "./milvus:x", Path("milvus://a/b"), None]
)
def test_a_folder_is_no_address(folder):
    assert not is_address(folder)
