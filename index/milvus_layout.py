"""The two collections of a store on Milvus: passages, which are searched, and records, which all else is kept in.

Texts that users write (publishers, speakers, file names, article ids) never stand in an expression: fields that are
filtered by hold hashes of them, of hexadecimal digits only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = [
    "LONGEST",
    "MOST_BANDS",
    "MOST_SPEAKERS",
    "Field",
    "Kind",
    "Layout",
    "key_of",
    "passages_layout",
    "records_layout",
]

LONGEST: Final = 60_000
"""Bytes of one text in a row; Milvus takes 65,535."""

KEY: Final = 32  # characters of a hash
MOST_SPEAKERS: Final = 4096
MOST_BANDS: Final = 64

# The words are those of the embedded store's lexical index: lower case, no accents, cut to their English stem.
ANALYZER: Final = {
    "tokenizer": "standard",
    "filter": [
        {"type": "length", "max": 60},
        "lowercase",
        "asciifolding",
        {"type": "stemmer", "language": "english"},
    ],
}
BM25: Final = {"bm25_k1": 1.2, "bm25_b": 0.75}


class Kind:
    """What a record is."""

    HEAD: Final = "head"
    """An article's facts and its revision: what makes the article be there."""
    TEXT: Final = "text"
    """A part of an article's whole content, as JSON."""
    VOICES: Final = "voices"
    """Who is heard in an article, for the menu of speakers."""
    SOURCE: Final = "source"
    """Which article a file holds, with the file's stamp."""
    INTENT: Final = "intent"
    """A revision that is being written or deleted."""
    META: Final = "meta"
    """The store's identity and its generation."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its type's name, its options, and how it is indexed; without an index that ``must`` be nothing works.

    The others make filters faster; the local engine, for one, has none for arrays.
    """

    name: str
    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    index: str = ""
    index_options: Mapping[str, Any] = field(default_factory=dict)
    must: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of a collection, and which of them hold the words of which for BM25."""

    fields: tuple[Field, ...]
    words: tuple[tuple[str, str], ...] = ()


def key_of(text: str) -> str:
    """The hash that stands for a text in keys and expressions.

    >>> len(key_of("any text")), key_of("a") == key_of("b")
    (32, False)
    """
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY // 2).hexdigest()


def passages_layout(dimension: int) -> Layout:
    """The collection that is searched, with vectors of ``dimension`` numbers."""
    return Layout(
        (
            Field("id", "VARCHAR", {"is_primary": True, "max_length": KEY + 16}),
            _key("article"),
            _key("revision"),
            _key("publisher"),
            Field("day", "INT64", index="INVERTED"),
            Field(
                "speakers",
                "ARRAY",
                {"element_type": "VARCHAR", "max_capacity": MOST_SPEAKERS, "max_length": KEY},
                index="INVERTED",
            ),
            Field(
                "text", "VARCHAR", {"max_length": 65_535, "enable_analyzer": True, "analyzer_params": dict(ANALYZER)}
            ),
            Field("record", "VARCHAR", {"max_length": 65_535}),
            Field(
                "sparse",
                "SPARSE_FLOAT_VECTOR",
                index="SPARSE_INVERTED_INDEX",
                index_options={"metric_type": "BM25", "params": BM25},
                must=True,
            ),
            Field(
                "dense",
                "FLOAT_VECTOR",
                {"dim": dimension},
                index="AUTOINDEX",
                index_options={"metric_type": "IP"},
                must=True,
            ),
        ),
        (("text", "sparse"),),
    )


def records_layout() -> Layout:
    """The collection of everything else; a server wants a vector in each, which is ``anchor`` here."""
    return Layout(
        (
            Field("id", "VARCHAR", {"is_primary": True, "max_length": KEY + 32}),
            Field("kind", "VARCHAR", {"max_length": 16}, index="INVERTED"),
            _key("article"),
            _key("revision"),
            _key("publisher"),
            Field("added", "INT64"),
            Field("bands", "ARRAY", {"element_type": "INT64", "max_capacity": MOST_BANDS}, index="INVERTED"),
            Field("body", "VARCHAR", {"max_length": 65_535}),
            Field(
                "anchor",
                "FLOAT_VECTOR",
                {"dim": 2},
                index="FLAT",
                index_options={"metric_type": "L2"},
                must=True,
            ),
        )
    )


def _key(name: str) -> Field:
    return Field(name, "VARCHAR", {"max_length": KEY}, index="INVERTED")
