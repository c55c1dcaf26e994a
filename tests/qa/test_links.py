from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.links import (
    LIST,
    Link,
    link_to_article,
    link_to_copy,
    link_to_edit,
    link_to_place,
    link_to_removal,
    read_link,
)

NUMBERS = st.integers(0, 999_999)
ADDRESSES = st.from_regex(r"#qa-(place|edit|article|remove|copy|list)(-[0-9a-f]{1,8}){0,3}", fullmatch=True)
ANYTHING = st.one_of(
    st.text(), ADDRESSES, st.none(), st.integers(), st.floats(), st.binary(), st.lists(st.text()), st.dictionaries(
        st.text(), st.text()
    )
)  # fmt: skip


def addresses_of(link: Link) -> str:
    return {
        "place": link_to_place(link.turn, link.number),
        "edit": link_to_edit(link.turn),
        "article": link_to_article(link.article_id),
        "remove": link_to_removal(link.article_id),
        "list": LIST,
    }[link.kind]


@given(NUMBERS, NUMBERS, st.text("0123456789abcdef", min_size=1, max_size=64))
def test_what_a_link_was_made_of_is_read_back(turn: int, number: int, article: str) -> None:
    assert read_link(link_to_place(turn, number)) == Link("place", turn, number)
    assert read_link(link_to_edit(turn)) == Link("edit", turn)
    assert read_link(link_to_article(article)) == Link("article", article_id=article)
    assert read_link(link_to_removal(article)) == Link("remove", article_id=article)
    assert read_link(LIST) == Link("list")


@given(ANYTHING)
def test_whatever_a_browser_sends_is_a_link_written_here_or_nothing(sent: object) -> None:
    link = read_link(sent)
    assert link is None or addresses_of(link) == sent


@pytest.mark.parametrize(
    "address",
    [
        "",
        "#qa-place-1",
        "#qa-place-1-2-3",
        "#qa-place--1-2",
        "#qa-place-1-2\n",
        " #qa-place-1-2",
        "#qa-place-٣-1",
        "#qa-place-01-2",
        "#qa-place-1234567-1",
        "#qa-edit-1-2",
        "#qa-article-",
        "#qa-article-../../etc",
        "#qa-article-XYZ",
        "#qa-article-" + "a" * 65,
        "#QA-LIST",
        "javascript:alert(1)",
        "https://example.org/#qa-list",
    ],
)
def test_other_addresses_lead_nowhere(address: str) -> None:
    assert read_link(address) is None


def test_copying_does_not_concern_the_server() -> None:
    assert read_link(link_to_copy(3, 1)) is None
