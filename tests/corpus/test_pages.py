from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import article_from_text
from corpus.clean_pages import clean_pages
from corpus.errors import ArticleError
from corpus.metadata import Metadata
from corpus.pages import are_tiled, ends_of, page_at, pages_from_ends
from corpus.spacing import tidy_characters
from corpus.types import Span

BODY = "The bridge over the Orla opened on Monday, two years later than the council had promised."
MORE = "It cost 41 million, said the mayor, who walked across it with three hundred children."
_FURNITURE = ["Home", "News", "Contact", "About us", "All rights reserved.", "Read more: Old pier", "Orla Post Title"]
_LINES = st.lists(st.sampled_from([BODY, MORE, *_FURNITURE, "© 2024 Orla Post", "By Ana Diaz", "🚋 שלום"]), max_size=12)


@st.composite
def paged(draw: st.DrawFn, lines: st.SearchStrategy[list[str]] = _LINES) -> tuple[str, tuple[Span, ...]]:
    text = "\n\n".join(draw(lines.filter(bool)))
    ends = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    return text, pages_from_ends([*ends, len(text)])


def test_a_page_is_found_by_a_character_and_an_empty_one_holds_none() -> None:
    pages = pages_from_ends([0, 4, 4, 9])
    assert [page_at(pages, at) for at in range(9)] == [2, 2, 2, 2, 4, 4, 4, 4, 4]
    assert page_at(pages, 9) is None
    assert page_at((), 0) is None


@settings(deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1).map(sorted))
def test_every_character_stands_on_the_one_page_that_holds_it(ends: list[int]) -> None:
    pages = pages_from_ends(ends)
    assert are_tiled(pages, ends[-1])
    assert ends_of(pages) == ends
    for at in range(ends[-1]):
        number = page_at(pages, at)
        assert number is not None
        assert pages[number - 1].contains(Span(at, at + 1))


@pytest.mark.parametrize(
    "pages", [(Span(0, 3),), (Span(1, 5),), (Span(0, 2), Span(3, 5)), (Span(0, 3), Span(2, 5)), (Span(0, 9),)]
)
def test_pages_with_gaps_or_overlaps_are_refused(pages: tuple[Span, ...]) -> None:
    assert not are_tiled(pages, 5)
    with pytest.raises(ArticleError, match="pages do not cover"):
        article_from_text("Wind.", pages=pages, clean=False)


@settings(deadline=None)
@given(paged(), st.sampled_from([None, "Orla Post"]))
def test_cleaning_keeps_every_word_on_its_page(given_: tuple[str, tuple[Span, ...]], publisher: str | None) -> None:
    text, pages = given_
    cleaned, moved = clean_pages(text, pages, Metadata(publisher=publisher))
    assert len(moved) == len(pages)
    assert are_tiled(moved, len(cleaned))
    assert {BODY, MORE} & set(text.split("\n\n")) == {BODY, MORE} & set(cleaned.split("\n\n"))
    for before, after in zip(pages, moved, strict=True):
        remaining = iter("".join(before.of(text).split()))
        assert all(character in remaining for character in "".join(after.of(cleaned).split()))


@settings(deadline=None)
@given(paged(st.lists(st.text(max_size=30).map(lambda t: " ".join(tidy_characters(t).split())).filter(bool))))
def test_any_text_keeps_its_pages_in_order(given_: tuple[str, tuple[Span, ...]]) -> None:
    text, pages = given_
    cleaned, moved = clean_pages(text, pages)
    assert are_tiled(moved, len(cleaned))
    assert "".join(page.of(cleaned) for page in moved) == cleaned


def test_a_publisher_cut_out_of_a_line_keeps_its_page() -> None:
    text = f"Orla Post Title\n\n{BODY}\n\n{MORE}"
    pages = pages_from_ends([len("Orla Post Title\n\n"), len(text)])
    cleaned, moved = clean_pages(text, pages, Metadata(publisher="Orla Post"))
    assert [page.of(cleaned).strip() for page in moved] == ["Orla Post", f"{BODY}\n\n{MORE}"]
