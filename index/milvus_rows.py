"""Articles and passages as rows of a Milvus collection and back.

An article's whole content goes into parts of JSON under a *revision*, a hash of all that is stored of it. Rows of one
revision never change, so writing them again does no harm, and two revisions of one article do not touch each other.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from corpus.errors import LibraryError
from corpus.heard import heard
from corpus.pages import ends_of, pages_from_ends
from corpus.reads import fields_of
from corpus.speaker_names import Person, folded, parts_of
from corpus.types import Article, Passage, Span, Turn
from corpus.writes import Addition
from index.milvus_layout import LONGEST, MOST_BANDS, MOST_SPEAKERS, Kind, key_of
from index.words import spread_for_index

__all__ = ["Encoded", "article_from", "day_of", "encode", "key_of_person", "passage_from", "record_of"]

Row: TypeAlias = dict[str, Any]

ANCHOR: Final = [1.0, 0.0]
VOICES_IN_A_ROW: Final = 100
FACTS: Final = ("id", "title", "author", "publisher", "published", "url", "format")
SURROGATES: Final = "text with lone surrogates cannot be stored; clean the text first"


@dataclass(frozen=True, slots=True)
class Encoded:
    """All rows of one article; ``head`` is what makes it be there. ``splitting`` is a hash of its passages alone."""

    article: str
    revision: str
    splitting: str
    head: Row
    records: list[Row]
    passages: list[Row]


def encode(addition: Addition, model_id: str) -> Encoded:
    """The rows of an article with its passages; raises LibraryError for what cannot be stored."""
    article = addition.article
    records = [_passage_record(passage) for passage in addition.passages]
    _refuse_twins(addition.passages)
    content = _article_record(article)
    try:
        payload = hashlib.sha256(content.encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise LibraryError(SURROGATES) from error
    splitting = key_of("\n".join(records))
    key, revision = key_of(article.id), key_of("\n".join((model_id, payload, splitting)))
    publisher = _publisher_key(article.publisher)
    shared = {"article": key, "revision": revision, "publisher": publisher}
    parts = list(_parts(content))
    voices, speakers = _heard(article, addition.passages)
    facts = {name: getattr(article, name) for name in FACTS} | {"passages": len(records), "parts": len(parts)}
    head = record_of(Kind.HEAD, key, facts | {"payload": payload, "splitting": splitting}, **shared)
    head["bands"] = [int(band) for band in addition.bands][:MOST_BANDS]
    listed = [json.dumps(some, ensure_ascii=False) for some in _chunks(voices)]
    kept = [*_numbered(Kind.TEXT, parts, shared), *_numbered(Kind.VOICES, listed, shared)]
    rows = [
        {
            **shared,
            "id": f"{revision}-{number:07d}",
            "day": day_of(article.published),
            "speakers": sorted(speakers.get(number, ()))[:MOST_SPEAKERS],
            "text": _searched(passage, article),
            "record": record,
            "dense": vector,
        }
        for number, (passage, record, vector) in enumerate(
            zip(addition.passages, records, addition.vectors, strict=True)
        )
    ]
    return Encoded(key, revision, splitting, head, kept, rows)


def record_of(kind: str, key: str, body: object, **fields: object) -> Row:
    """One record; raises LibraryError where its body is too long for a row."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise LibraryError("text with lone surrogates cannot be stored; clean the text first") from error
    if size > LONGEST:
        raise LibraryError(
            f"the facts of an article take {size:,} bytes, {LONGEST:,} fit; shorten its title or address"
        )
    empty = {"article": "", "revision": "", "publisher": "", "added": 0, "bands": []}
    return {"id": f"{kind}-{key}", "kind": kind, "body": text, "anchor": ANCHOR, **empty, **fields}


def article_from(content: str) -> Article:
    """The article of its parts, joined."""
    stored = json.loads(content)
    turns = tuple(
        Turn(Span(start, end), speaker, Span(label_start, label_end), kind)
        for start, end, speaker, label_start, label_end, kind in stored.pop("turns")
    )
    ends = stored.pop("pages")
    return Article(**stored, turns=turns, pages=pages_from_ends(ends) if ends else ())


def passage_from(record: str) -> Passage:
    """The passage of a stored record."""
    key, article_id, span, speaker, section, sentences = json.loads(record)
    return Passage(
        key,
        article_id,
        Span(*span),
        None if speaker is None else Span(*speaker),
        None if section is None else Span(*section),
        tuple(Span(*sentence) for sentence in sentences),
    )


def day_of(published: str | None) -> int:
    """A date as a day's number, 0 for one that is not known or no whole date."""
    try:
        return date.fromisoformat(published or "").toordinal()
    except ValueError:
        return 0


def key_of_person(person: Person) -> str:
    """The hash of a person's name, or of a part of it, as its words are compared."""
    return key_of("\n".join(person))


def _publisher_key(publisher: str | None) -> str:
    name = folded(publisher or "")
    return key_of(name) if name else ""


def _article_record(article: Article) -> str:
    turns = [[t.span.start, t.span.end, t.speaker, t.label.start, t.label.end, t.kind] for t in article.turns]
    facts = {name: getattr(article, name) for name in (*FACTS, "text", "sha256")}
    return json.dumps(facts | {"turns": turns, "pages": ends_of(article.pages)}, ensure_ascii=False)


def _passage_record(passage: Passage) -> str:
    spans = [None if span is None else [span.start, span.end] for span in (passage.speaker, passage.section)]
    sentences = [[sentence.start, sentence.end] for sentence in passage.sentences]
    stored = [passage.id, passage.article_id, [passage.span.start, passage.span.end], *spans, sentences]
    record = json.dumps(stored)
    if len(record) > LONGEST:
        raise LibraryError(f"passage {passage.id[:80]!r} has too many sentences to be stored; split the article again")
    return record


def _refuse_twins(passages: Sequence[Passage]) -> None:
    seen: set[str] = set()
    for passage in passages:
        if passage.id in seen:
            raise LibraryError(f"passage id {passage.id!r} is used twice; give each passage its own id")
        seen.add(passage.id)


def _parts(content: str) -> Iterator[str]:
    """The content in parts that fit into a row, cut between characters."""
    start = 0
    while start < len(content):
        end = start + LONGEST
        while len(content[start:end].encode()) > LONGEST:
            end = start + (min(end, len(content)) - start) * 3 // 4
        yield content[start:end]
        start = end


def _chunks(voices: list[list[Any]]) -> Iterator[list[list[Any]]]:
    return (voices[start : start + VOICES_IN_A_ROW] for start in range(0, len(voices), VOICES_IN_A_ROW))


def _numbered(kind: str, bodies: Sequence[str], shared: Row) -> list[Row]:
    return [record_of(kind, f"{shared['revision']}-{number:07d}", body, **shared) for number, body in enumerate(bodies)]


def _searched(passage: Passage, article: Article) -> str:
    """The words that a passage is found by; of a text too long for a row, the first."""
    words = spread_for_index(fields_of(0, passage, article).text).replace("\0", " ")
    return words.encode()[:LONGEST].decode("utf-8", "ignore")


def _heard(article: Article, passages: Sequence[Passage]) -> tuple[list[list[Any]], dict[int, set[str]]]:
    """Who is heard, for the menu of speakers, and by the number of a passage the keys of all it can be asked by."""
    said = [(t.speaker, t.label.start, t.span.start, t.span.end, t.kind) for t in article.turns]
    places = [
        (number, passage.span.start, passage.span.end, None if passage.speaker is None else passage.speaker.start)
        for number, passage in enumerate(passages)
    ]
    names: dict[Person, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    found: dict[Person, set[int]] = defaultdict(set)
    for person, name, number in heard(said, sorted(places, key=lambda place: place[1:3])):
        names[person][" ".join(name.split())] += 1
        found[person].add(number)
    speakers: dict[int, set[str]] = defaultdict(set)
    for person, numbers in found.items():
        keys = {key_of_person(part) for part in parts_of(person)}
        for number in numbers:
            speakers[number] |= keys
    return [[list(person), dict(names[person]), len(numbers)] for person, numbers in found.items()], speakers
