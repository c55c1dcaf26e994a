"""The YAML block that opens many Markdown files, read with the safe loader, for the facts of an article.

Aliases are refused: a few lines of them stand for more values than any memory holds.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import yaml

from corpus.dates import parse_date
from corpus.errors import ArticleError
from corpus.metadata import Metadata, is_web_address

__all__ = ["split_front_matter"]

_BLOCK = re.compile(r"\ufeff?---[ \t]*\n(?P<yaml>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LONGEST_BLOCK = 20_000
_MAX_DEPTH = 20
_KEYS = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline"),
    "publisher": ("publisher", "publication", "site_name", "sitename", "source"),
    "published": ("published", "date", "publish_date", "published_at", "pubdate", "datepublished"),
    "url": ("url", "canonical", "canonical_url", "source_url", "link"),
}


def split_front_matter(text: str, name: str) -> tuple[Metadata, str]:
    """The facts of a leading ``---`` block and the text below it; a block that is no mapping is text.

    Raises `ArticleError` where the block is broken YAML.
    """
    match = _BLOCK.match(text)
    if match is None or len(match["yaml"]) > _LONGEST_BLOCK:
        return Metadata(), text
    try:
        fields = _load(match["yaml"])
    except (yaml.YAMLError, RecursionError, ValueError, TypeError, ArithmeticError) as error:
        if not re.search(r"^\w[\w -]*:", match["yaml"], re.MULTILINE):
            return Metadata(), text
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 2}" if mark else ""
        raise ArticleError(f"{name}: the front matter is not valid YAML{line}; put quotes around the value") from error
    if not isinstance(fields, dict):
        return Metadata(), text
    return _read_fields(fields), text[match.end() :]


class _PlainLoader(yaml.SafeLoader):
    """The safe loader without aliases, and of bounded depth: the time it takes grows with the square of that."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or self._depth > _MAX_DEPTH:
            raise yaml.composer.ComposerError(None, None, "an alias, or nested too deeply", event.start_mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def _load(block: str) -> Any:
    loader = _PlainLoader(block)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _read_fields(fields: dict[Any, Any]) -> Metadata:
    lower = {str(key).casefold().replace("-", "_"): value for key, value in fields.items() if isinstance(key, str)}
    found = {
        fact: next((value for key in keys if (value := _read_value(fact, lower.get(key)))), None)
        for fact, keys in _KEYS.items()
    }
    return Metadata(**found)


def _read_value(fact: str, value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("name")
    if fact == "author" and isinstance(value, list):
        names = [name for item in value[:20] if (name := _read_value("author", item))]
        return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0] if names else None
    if fact == "published" and isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if not isinstance(value, str) or not value.strip() or len(value) > 1000:
        return None
    value = " ".join(value.split())
    if fact == "published":
        return parse_date(value)
    return value if fact != "url" or is_web_address(value) else None
