"""What is known of an article beside its text, each fact from the best source that states it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from corpus.spacing import tidy_characters

__all__ = ["FACTS", "Metadata", "is_web_address"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, author, publisher, ISO 8601 date and address of an article; ``None`` where a source does not say.

    >>> Metadata(title="A").or_else(Metadata(title="B", author="C"))
    Metadata(title='A', author='C', publisher=None, published=None, url=None)
    """

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None

    def or_else(self, weaker: Metadata) -> Metadata:
        """These facts, with the gaps filled from a source that is trusted less."""
        values = {name: getattr(self, name) or getattr(weaker, name) for name in FACTS}
        return Metadata(**values)

    def tidied(self) -> Metadata:
        """These facts on one line each, with characters that can be stored and shown, as an article's text has them."""
        values = {name: _tidied(getattr(self, name)) for name in FACTS}
        if values["url"] and not is_web_address(values["url"]):
            values["url"] = None
        return Metadata(**values)


FACTS = tuple(field.name for field in fields(Metadata))
"""The names of the facts, in the order of `Metadata`."""


def _tidied(value: str | None) -> str | None:
    return " ".join(tidy_characters(value).split()) or None if value else None


def is_web_address(value: str) -> bool:
    """Whether ``value`` is an http or https address with a host; ``javascript:`` and file paths are not."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not any(c.isspace() for c in value)
