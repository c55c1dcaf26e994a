"""The addresses inside the chat's page: what a click asks the server for, and how that is read back.

A link names a turn and a number only, never an article's words: what they stand for is looked up in the visitor's own
conversation, so a forged link can open nothing that was not shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "LIST",
    "Link",
    "link_to_article",
    "link_to_copy",
    "link_to_edit",
    "link_to_place",
    "link_to_removal",
    "read_link",
]

LIST = "#qa-list"
_NUMBER = "(0|[1-9][0-9]{0,5})"  # as they are written here, so that no two addresses mean the same
_PLACE = re.compile(f"#qa-place-{_NUMBER}-{_NUMBER}")
_EDIT = re.compile(f"#qa-edit-{_NUMBER}")
_ARTICLE = re.compile(r"#qa-(?P<kind>article|remove)-(?P<id>[0-9a-f]{1,64})")


@dataclass(frozen=True, slots=True)
class Link:
    """Where a click leads: a place of a turn's answer, a turn's question, an article, its removal, or the list."""

    kind: Literal["place", "edit", "article", "remove", "list"]
    turn: int = 0
    number: int = 0
    article_id: str = ""


def link_to_place(turn: int, number: int) -> str:
    """To a place found for a turn."""
    return f"#qa-place-{turn}-{number}"


def link_to_edit(turn: int) -> str:
    """To a turn's question as it was understood, to change it."""
    return f"#qa-edit-{turn}"


def link_to_copy(turn: int, number: int) -> str:
    """To the quotation of a place, which the browser copies without asking the server."""
    return f"#qa-copy-{turn}-{number}"


def link_to_article(article_id: str) -> str:
    """To an article."""
    return f"#qa-article-{article_id}"


def link_to_removal(article_id: str) -> str:
    """To the removal of an article, which the page asks for twice."""
    return f"#qa-remove-{article_id}"


def read_link(address: object) -> Link | None:
    """The link behind an address sent by a browser; ``None`` for anything else.

    >>> read_link("#qa-place-3-1")
    Link(kind='place', turn=3, number=1, article_id='')
    """
    text = address if isinstance(address, str) else ""
    if text == LIST:
        return Link("list")
    if found := _PLACE.fullmatch(text):
        return Link("place", int(found[1]), int(found[2]))
    if found := _EDIT.fullmatch(text):
        return Link("edit", int(found[1]))
    if found := _ARTICLE.fullmatch(text):
        return Link("article" if found["kind"] == "article" else "remove", article_id=found["id"])
    return None
