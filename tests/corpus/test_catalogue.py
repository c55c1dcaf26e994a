"""What a filter leaves of real libraries, and what a library says it can be filtered by."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.article import article_from_text
from corpus.errors import InputError
from corpus.filters import Filter
from corpus.library import Library
from corpus.metadata import Metadata
from corpus.passages import split_passages
from corpus.types import Article, Passage

INTERVIEW = """The salt pans of Vellory

Reporter: What has the sea done to the pans?

Ilse Brandt: It has taken a third of them since 1998. We dig new ones every winter.

Reporter: And what does the town say?

Omar Haddad: The town pays for the dykes and for nothing else."""
PROSE = """Dykes of Vellory to be raised

The town council met on Tuesday. "We cannot raise every dyke," said Omar Haddad, the mayor. Nobody spoke of the pans.

Haddad said that the north dyke comes first.

The meeting ended at nine."""
PLAIN = """A notice about the ferry

The ferry does not sail on Sundays."""


def make(text: str, publisher: str | None, published: str | None) -> Article:
    facts = Metadata(title=text.splitlines()[0], publisher=publisher, published=published)
    return article_from_text(text, metadata=facts)


ARTICLES = (
    make(INTERVIEW, "Vellory Gazette", "2021-05-31"),
    make(PROSE, "VELLORY  gazette", "2021-06-30"),
    make(PLAIN, "Harbour Office", None),
)
SALT, DYKES, FERRY = ARTICLES


def add(library: Library, article: Article) -> tuple[Passage, ...]:
    passages = split_passages(article, budget=20)
    library.add(article, passages, np.zeros((len(passages), 2), np.float32), model_id="none")
    return passages


@pytest.fixture
def library(tmp_path: Path):
    with Library.open(tmp_path / "library", create=True) as opened:
        for article in ARTICLES:
            add(opened, article)
        yield opened


def left(library: Library, **fields: Any) -> list[Passage]:
    given: dict[str, Any] = {name: {value} if isinstance(value, str) else value for name, value in fields.items()}
    where = Filter(**given)
    return library.passages(library.catalogue().rowids(where))


def articles_left(library: Library, **fields: Any) -> set[str]:
    return {passage.article_id for passage in left(library, **fields)}


def test_nothing_asked_leaves_everything(library) -> None:
    assert library.catalogue().rowids(Filter()).tolist() == library.rowids().tolist()


def test_articles_and_publishers(library) -> None:
    assert (
        library.catalogue().rowids(Filter(articles=frozenset({DYKES.id}))).tolist()
        == library.rowids([DYKES.id]).tolist()
    )
    assert articles_left(library, publishers="vellory gazette ") == {SALT.id, DYKES.id}
    assert articles_left(library, publishers={"Harbour Office", "Vellory Gazette"}) == {SALT.id, DYKES.id, FERRY.id}


@pytest.mark.parametrize(
    ("since", "until", "wanted"),
    [
        (date(2021, 5, 31), date(2021, 6, 30), {SALT.id, DYKES.id}),
        (date(2021, 6, 1), None, {DYKES.id}),
        (None, date(2021, 6, 29), {SALT.id}),
        (date(2021, 6, 1), date(2021, 6, 29), set()),
    ],
)
def test_both_ends_of_a_range_of_dates_are_in_it_and_the_undated_never(library, since, until, wanted) -> None:
    assert articles_left(library, since=since, until=until) == wanted


def test_a_date_that_is_not_whole_is_no_date(library) -> None:
    add(library, make("Old pans\n\nThe oldest pan is dry.", None, "1921"))
    assert library.catalogue().facets().undated == 2


def test_speakers_of_labels_reports_and_quotations(library) -> None:
    texts = [passage.span.of(INTERVIEW) for passage in left(library, speakers="ilse brandt")]
    assert texts
    assert all("dig new ones" in text or "a third of them" in text for text in texts)
    said = left(library, speakers="Omar Haddad", articles=DYKES.id)
    texts = [passage.span.of(DYKES.text) for passage in said]
    assert any("cannot raise" in text for text in texts)
    assert any("north dyke comes first" in text for text in texts)
    assert not any("ended at nine" in text for text in texts)
    assert (
        left(library, speakers="Haddad")
        == left(library, speakers="Mr. HADDAD")
        == left(library, speakers="Omar Haddad")
    )


def test_all_that_is_asked_must_hold(library) -> None:
    assert left(library, speakers="Omar Haddad", publishers="Harbour Office") == []
    assert articles_left(library, speakers="Omar Haddad", until=date(2021, 6, 1)) == {SALT.id}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"publishers": "Velory Gazete"},
            "no publisher “Velory Gazete” in this library; the nearest is “VELLORY gazette”",
        ),
        ({"publishers": "gazette"}, "“VELLORY gazette”"),
        ({"speakers": "Omar Hadad"}, "“Omar Haddad”"),
        ({"articles": SALT.id[:6]}, f"“{SALT.id}”"),
        ({"articles": "the salt pans of velory"}, f"“{SALT.id}”"),
        ({"speakers": "Zzyzx"}, "it has “"),
        ({"publishers": "a\nb" * 100}, "…”"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(library, fields, said) -> None:
    with pytest.raises(InputError) as caught:
        left(library, **fields)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_an_empty_library_has_nothing_to_choose(tmp_path) -> None:
    with Library.open(tmp_path / "empty", create=True) as empty:
        facets = empty.catalogue().facets()
        assert (facets.publishers, facets.speakers, facets.first, facets.articles) == ((), (), None, 0)
        assert left(empty, since=date(2021, 1, 1)) == []
        for fields in ({"articles": "x"}, {"publishers": "x"}, {"speakers": "x"}):
            with pytest.raises(InputError, match="in this library"):
                left(empty, **fields)


def test_facets_count_what_the_filters_leave(library) -> None:
    facets = library.catalogue().facets()
    assert [(facet.name, facet.articles) for facet in facets.publishers] == [
        ("VELLORY gazette", 2),
        ("Harbour Office", 1),
    ]
    assert {facet.name for facet in facets.speakers} == {"Reporter", "Ilse Brandt", "Omar Haddad"}
    for field, found in (("publishers", facets.publishers), ("speakers", facets.speakers)):
        for facet in found:
            rest = left(library, **{field: facet.name})
            assert (facet.articles, facet.passages) == (len({p.article_id for p in rest}), len(rest))
    assert (facets.first, facets.last) == (date(2021, 5, 31), date(2021, 6, 30))
    assert (facets.articles, facets.undated) == (3, 1)


def test_a_change_by_another_opening_is_seen(library) -> None:
    assert articles_left(library, publishers="Vellory Gazette") == {SALT.id, DYKES.id}
    with Library.open(library.path) as other:
        other.remove(SALT.id)
    assert articles_left(library, publishers="Vellory Gazette") == {DYKES.id}
    with pytest.raises(InputError, match="no speaker"):
        left(library, speakers="Ilse Brandt")


def test_a_snapshot_keeps_its_catalogue(library) -> None:
    with library.snapshot():
        before = library.catalogue().facets()
        with Library.open(library.path) as other:
            other.remove(SALT.id)
            assert other.catalogue().facets().articles == 2
        assert library.catalogue().facets() == before
    assert library.catalogue().facets().articles == 2


def test_who_is_heard_is_read_once_an_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = Library._listen

    def listen(self: Library, entries: Any) -> Any:
        read.extend(entry.id for entry in entries)
        return original(self, entries)

    monkeypatch.setattr(Library, "_listen", listen)
    with Library.open(tmp_path, create=True) as library:
        add(library, SALT)
        add(library, FERRY)
        library.catalogue().rowids(Filter(publishers=frozenset({"harbour office"})))
        assert read == [], "a publisher needs nobody's voice"
        library.catalogue().facets()
        add(library, DYKES)
        library.remove(FERRY.id)
        speakers = {facet.name: facet.articles for facet in library.catalogue().facets().speakers}
    assert sorted(read) == sorted([SALT.id, FERRY.id, DYKES.id])
    assert speakers["Omar Haddad"] == 2
