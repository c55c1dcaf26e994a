"""Facts that a page's markup states, and the lines in which the page shows them to its readers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from corpus.bylines import is_byline
from corpus.dates import parse_date
from corpus.metadata import Metadata, is_web_address

__all__ = ["read_facts", "shown_lines"]

_DATE_NAMES_TEXT = """article:published_time og:published_time datepublished publishdate publish_date publication_date
pubdate date dc.date dc.date.issued dcterms.date dcterms.issued parsely-pub-date sailthru.date"""
_DATE_NAMES = frozenset(_DATE_NAMES_TEXT.split())
_BYLINE_MARK = re.compile(
    r"\b(?:by-?line|author|dateline|pub(?:lish)?-?date|date-?published|posted-?on|article-?meta|post-?meta|entry-?meta)\b",
    re.IGNORECASE,
)
_LONGEST_LINE = 200


def read_facts(tree: Any, page: Any) -> Metadata:
    """The facts of the page; a date only where the markup names it as the date of publication."""
    url = page.url if page.url and is_web_address(page.url) else None
    publisher = _tidy(page.sitename)
    if publisher and page.hostname and publisher.casefold() in {page.hostname.casefold(), page.hostname.split(".")[0]}:
        publisher = next(_meta(tree, {"og:site_name", "application-name"}), None)  # a bare host name is a guess
    return Metadata(
        title=_tidy(page.title),
        author=_tidy((page.author or "").replace("; ", " and "))
        if (page.author or "").count(";") < 2
        else _tidy((page.author or "").replace(";", ",")),
        publisher=publisher,
        published=next(_dates(tree), None),
        url=url,
    )


def shown_lines(tree: Any, facts: Metadata, text: str) -> tuple[list[str], list[str]]:
    """Lines of the page that belong above and below ``text`` and are not in it: title, byline, date; the publisher."""
    opening = " ".join(text[:2000].split())
    header = [facts.title] if facts.title and _shows(tree, facts.title) else []
    header += [line for line in _bylines(tree) if line not in opening]
    footer = []
    if facts.publisher and facts.publisher not in text and not any(facts.publisher in line for line in header):
        footer = [facts.publisher] if _shows(tree, facts.publisher) else []
    return header, footer


def _tidy(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def _meta(tree: Any, names: frozenset[str] | set[str]) -> Iterator[str]:
    for element in tree.iter("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if key.casefold() in names and (content := _tidy(element.get("content"))):
            yield content


def _dates(tree: Any) -> Iterator[str]:
    candidates = [*_meta(tree, _DATE_NAMES), *_linked_dates(tree)]
    candidates += [
        element.get("datetime") or element.get("content") or "".join(element.itertext())
        for element in tree.iter()
        if isinstance(element.tag, str)
        and ((element.get("itemprop") or "").casefold() == "datepublished" or element.get("pubdate") is not None)
    ]
    yield from (iso for written in candidates if (iso := parse_date(written)))
    times = [element for element in tree.iter("time") if element.get("datetime")]
    isos = {iso for element in times if (iso := parse_date(element.get("datetime")))}
    if len(isos) == 1:  # several times belong to several articles
        yield isos.pop()


def _linked_dates(tree: Any) -> Iterator[str]:
    for element in tree.iter("script"):
        if (element.get("type") or "").casefold() == "application/ld+json":
            try:
                yield from _search_json(json.loads(element.text or ""), depth=6)
            except (ValueError, RecursionError):
                continue


def _search_json(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("datePublished"), str):
            yield value["datePublished"]
        value = list(value.values())
    if isinstance(value, list) and depth:
        for item in value[:100]:
            yield from _search_json(item, depth - 1)


def _visible(tree: Any) -> Iterator[Any]:
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag not in {"script", "style", "title", "meta", "head", "noscript"}:
            yield element


def _shows(tree: Any, words: str) -> bool:
    """Whether an element of the page holds exactly these words (a heading, a masthead, a footer's name)."""
    folded = words.casefold()
    return any(
        _own_words(element).casefold() == folded for element in _visible(tree) if element.tag not in {"html", "body"}
    )


def _own_words(element: Any) -> str:
    if len(element) > 8:
        return ""
    return " ".join("".join(element.itertext()).split())[: _LONGEST_LINE * 3]


def _bylines(tree: Any) -> list[str]:
    """The byline and date lines that the page marks as such, outermost first, none inside another."""
    lines: list[str] = []
    for element in _visible(tree):
        marks = " ".join(
            filter(None, (element.get("class"), element.get("itemprop"), element.get("rel"), element.get("id")))
        )
        if element.tag == "time" or _BYLINE_MARK.search(marks):
            line = _own_words(element)
            if line and len(line) <= _LONGEST_LINE and is_byline(line) and not any(line in kept for kept in lines):
                lines.append(line)
    return lines[:3]
