from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.bundled import bundled_articles
from corpus.errors import ArticleError
from corpus.metadata import FACTS, Metadata
from corpus.sidecar import read_sidecar


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text("A ferry sails.")
    return path


def write(article: Path, content: object, name: str = "report.meta.json") -> None:
    article.with_name(name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def test_every_field_is_optional_and_may_be_null(article: Path) -> None:
    assert read_sidecar(article) == Metadata()
    write(article, {"title": " Ferry  sails ", "author": None, "published": "8 May 2024", "url": "https://a.example/x"})
    assert read_sidecar(article) == Metadata(title="Ferry sails", published="2024-05-08", url="https://a.example/x")


def test_the_full_name_wins_over_the_stem(article: Path) -> None:
    write(article, {"title": "stem"})
    write(article, {"title": "full"}, "report.txt.meta.json")
    assert read_sidecar(article).title == "full"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        (["title"], "one JSON object"),
        ({"title": 7}, '"title" must be text in quotes or null, not int'),
        ({"author": ["A", "B"]}, "not list"),
        ({"headline": "x"}, 'unknown field "headline"'),
        ({"published": "05/06/2021"}, "full date"),
        ({"url": "javascript:alert(1)"}, "http"),
        ({"url": "C:\\news.txt"}, "http"),
    ],
)
def test_a_wrong_sidecar_is_refused_with_a_remedy(article: Path, content: object, says: str) -> None:
    write(article, content)
    with pytest.raises(ArticleError, match=r"report\.meta\.json: ") as refused:
        read_sidecar(article)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_bundled_sidecars_state_what_is_known() -> None:
    interview, report = (read_sidecar(path) for path in bundled_articles())
    assert (interview.author, interview.publisher, interview.published) == ("YULING CHEN", "iChongqing", "2020-05-08")
    assert (report.author, report.published) == (None, "2021-05-31")
    assert report.publisher == "General Office of the People's Government of Sichuan Province"
    assert interview.url is report.url is None


def test_a_stronger_source_fills_only_its_own_facts() -> None:
    merged = Metadata(title="A", author=None).or_else(Metadata(title="B", author="C", url=""))
    assert (merged.title, merged.author) == ("A", "C")
    assert FACTS == ("title", "author", "publisher", "published", "url")
