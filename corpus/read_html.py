"""A web page -> its article: trafilatura finds the main text, the page's own markup states the facts.

Nothing is fetched: the page is parsed from bytes, links and images are never followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import trafilatura

from corpus.decode import decode
from corpus.errors import ArticleError
from corpus.html_facts import read_facts, shown_lines
from corpus.metadata import Metadata

__all__ = ["read_html"]

MAX_HTML_CHARACTERS = 5_000_000
MAX_ELEMENTS = 40_000
"""Extraction took 25 s for 100,000 paragraphs on two cores; news pages have a few thousand elements."""
MAX_DEPTH = 150
"""Nested deeper, extraction takes minutes or exhausts the stack; news pages stay below 40."""

_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,30})""", re.IGNORECASE)
_BLOCKS = frozenset({"p", "head", "quote", "list", "item", "table", "row", "code", "body", "main", "div"})


def read_html(data: bytes, name: str = "page") -> tuple[str, Metadata]:
    """The main text of a page, a blank line between its blocks, and the facts its markup states.

    The title, byline and date line are those the page shows, put first where extraction left them out.
    Raises `ArticleError` for a page without an article, too large or nested too deeply.
    """
    text = _decode_page(data, name)
    if len(text) > MAX_HTML_CHARACTERS:
        raise ArticleError(f"{name}: more than {MAX_HTML_CHARACTERS // 1_000_000} million characters; save it as .txt")
    try:
        tree = trafilatura.load_html(text)
        _refuse_hostile(tree, name)
        page = trafilatura.bare_extraction(tree, with_metadata=True, include_comments=False, include_tables=True)
        facts = read_facts(tree, page) if page is not None else Metadata()
        blocks = list(_blocks(page.body)) if page is not None else []
        header, footer = shown_lines(tree, facts, "\n".join(blocks)) if blocks else ([], [])
    except (RecursionError, ValueError, TypeError, AttributeError, KeyError, IndexError, AssertionError) as error:
        raise ArticleError(f"{name}: the page cannot be read ({error}); save the article as .txt") from error
    if not blocks:
        raise ArticleError(f"{name}: no article found in the page; save the article as .txt")
    return "\n\n".join([*header, *_without_title(blocks, header), *footer]), facts


def _decode_page(data: bytes, name: str) -> str:
    """The page's text: in the encoding it declares where that fits its bytes, else as any file."""
    declared = _DECLARED.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) and b"\x00" not in data:
        try:
            return decode(data.decode(declared[1].decode("ascii")).encode(), name)
        except (LookupError, UnicodeError):
            pass
    return decode(data, name)


def _refuse_hostile(tree: Any, name: str) -> None:
    if tree is None:
        raise ArticleError(f"{name}: not a web page, or nested too deeply; save the article as .txt")
    stack, elements = [(tree, 1)], 0
    while stack:
        element, depth = stack.pop()
        elements += 1
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            raise ArticleError(f"{name}: the page has too many or too deeply nested elements; save the article as .txt")
        stack.extend((child, depth + 1) for child in element)


def _blocks(body: Any) -> Iterator[str]:
    for element in body:
        tag = element.tag
        if tag == "list":
            items = [f"- {text}" for item in element.iter("item") if (text := _words(item))]
            yield from ["\n".join(items)] if items else []
        elif tag == "table":
            rows = [" | ".join(_words(cell) for cell in row.iter("cell")) for row in element.iter("row")]
            yield from [row for row in rows if row.strip(" |")]
        elif any(child.tag in _BLOCKS for child in element):
            lead = " ".join((element.text or "").split())
            yield from [lead] if lead else []
            yield from _blocks(element)
        elif text := _words(element):
            yield text
        if tail := " ".join((element.tail or "").split()):
            yield tail


def _words(element: Any) -> str:
    """The words of an element; a line break in it is a space, and so is the border of two blocks."""
    parts: list[str] = []
    for child in element.iter():
        if child.tag == "lb" or (child.tag in _BLOCKS and parts):
            parts.append(" ")
        parts.append(child.text or "")
        if child is not element:
            parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def _without_title(blocks: list[str], header: list[str]) -> list[str]:
    return [block for at, block in enumerate(blocks) if at > 2 or block not in header]
