"""What the articles of a library can be chosen by, and the passages that a choice leaves."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from corpus.facets import Facet, Facets
from corpus.filters import Filter
from corpus.heard import Place, Said, heard
from corpus.nearest import unknown
from corpus.speaker_names import Person, folded, parts_of, person_of

__all__ = ["Catalogue", "read_catalogue"]

# One row a turn: the article's number, the name, where the name begins, the turn's start and end, its kind.
SELECT_TURNS = """SELECT number, json_extract(value, '$[2]'), json_extract(value, '$[3]'), json_extract(value, '$[0]'),
    json_extract(value, '$[1]'), json_extract(value, '$[5]') FROM articles, json_each(turns)
    WHERE json_type(value, '$[2]') = 'text' AND json_type(value, '$[5]') = 'text' ORDER BY number"""
SELECT_PLACES = """SELECT a.number, p.rowid, p.span_start, p.span_end, p.speaker_start
    FROM passages p JOIN articles a ON a.id = p.article_id ORDER BY p.rowid"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article; ``day`` is its date as a day's number, 0 where it has none that is a whole date."""

    id: str
    title: str
    publisher: str | None
    day: int


@dataclass(slots=True)
class Voice:
    """A person who is heard: the names written of them, and the positions of the passages they are heard in."""

    names: Counter[str] = field(default_factory=Counter)
    positions: set[int] = field(default_factory=set)


class Catalogue:
    """The articles of one state of a library by publisher, date and speaker; safe to use from several threads.

    ``rowids`` (n,) are those of all passages, ascending; ``owners`` (n,) the places in ``entries`` of their articles.
    """

    def __init__(
        self,
        entries: list[Entry],
        rowids: NDArray[np.int64],
        owners: NDArray[np.int64],
        voices: dict[Person, Voice],
    ) -> None:
        self._entries = entries
        self._rowids = rowids
        self._owners = owners
        self._voices = voices
        self._days = np.array([entry.day for entry in entries], dtype=np.int64)
        self._articles = {entry.id: place for place, entry in enumerate(entries)}
        self._publishers: dict[str, list[int]] = defaultdict(list)
        for place, entry in enumerate(entries):
            if entry.publisher is not None:
                self._publishers[folded(entry.publisher)].append(place)
        self._called: dict[Person, list[Voice]] = defaultdict(list)
        for person, voice in voices.items():
            for part in parts_of(person):
                self._called[part].append(voice)

    def rowids(self, where: Filter) -> NDArray[np.int64]:
        """The ascending rowids of the passages that ``where`` leaves.

        Raises InputError, with the nearest names there are, for an article, publisher or speaker that is not here.
        """
        chosen = np.ones(len(self._entries), dtype=np.bool_)
        if where.articles:
            chosen &= _mask(len(chosen), [self._article(key) for key in where.articles])
        if where.publishers:
            chosen &= _mask(len(chosen), [place for name in where.publishers for place in self._publisher(name)])
        if where.since is not None or where.until is not None:
            chosen &= self._within(where.since, where.until)
        allowed = chosen[self._owners]
        if where.speakers:
            heard = [at for name in where.speakers for voice in self._speaker(name) for at in voice.positions]
            allowed &= _mask(len(allowed), heard)
        return self._rowids[allowed]

    def facets(self) -> Facets:
        """The publishers and speakers, most passages first, and the range of dates."""
        passages = np.bincount(self._owners, minlength=len(self._entries))
        publishers = [
            Facet(self._written(held), len(held), int(passages[held].sum())) for held in self._publishers.values()
        ]
        dated = self._days[self._days > 0]
        return Facets(
            publishers=_sorted(publishers),
            speakers=_sorted(self._facet_of(voice) for voice in self._voices.values()),
            first=date.fromordinal(int(dated.min())) if len(dated) else None,
            last=date.fromordinal(int(dated.max())) if len(dated) else None,
            articles=len(self._entries),
            undated=len(self._entries) - len(dated),
        )

    def _written(self, places: list[int]) -> str:
        """The name of the publisher of these articles."""
        return _usual(Counter(self._entries[place].publisher or "" for place in places))

    def _facet_of(self, voice: Voice) -> Facet:
        positions = np.fromiter(voice.positions, dtype=np.int64)
        return Facet(_usual(voice.names), len(np.unique(self._owners[positions])), len(positions))

    def _within(self, since: date | None, until: date | None) -> NDArray[np.bool_]:
        first = 1 if since is None else since.toordinal()
        last = date.max.toordinal() if until is None else until.toordinal()
        return (self._days >= first) & (self._days <= last)

    def _article(self, key: str) -> int:
        if key not in self._articles:
            raise unknown("article", key, {entry.id: folded(entry.title) for entry in self._entries})
        return self._articles[key]

    def _publisher(self, name: str) -> list[int]:
        if folded(name) not in self._publishers:
            raise unknown("publisher", name, {self._written(held): key for key, held in self._publishers.items()})
        return self._publishers[folded(name)]

    def _speaker(self, name: str) -> list[Voice]:
        if person_of(name) not in self._called:
            raise unknown("speaker", name, {_usual(v.names): " ".join(p) for p, v in self._voices.items()})
        return self._called[person_of(name)]


def _mask(count: int, positions: list[int]) -> NDArray[np.bool_]:
    mask = np.zeros(count, dtype=np.bool_)
    mask[positions] = True
    return mask


def read_catalogue(connection: sqlite3.Connection) -> Catalogue:
    """The catalogue of the state that ``connection`` reads."""
    entries: list[Entry] = []
    numbers: dict[int, int] = {}
    for number, key, title, publisher, published in connection.execute(
        "SELECT number, id, title, publisher, published FROM articles ORDER BY number"
    ):
        numbers[number] = len(entries)
        entries.append(Entry(key, title or "", " ".join((publisher or "").split()) or None, _day(published)))
    places = connection.execute(SELECT_PLACES).fetchall()
    rowids = np.array([place[1] for place in places], dtype=np.int64)
    owners = np.array([numbers[place[0]] for place in places], dtype=np.int64)
    return Catalogue(entries, rowids, owners, _voices(connection, _by_article(places)))


def _by_article(rows: Iterable[tuple[int, int, int, int, int | None]]) -> dict[int, list[Place]]:
    """The places of each article's passages in the order of the text."""
    places: dict[int, list[Place]] = defaultdict(list)
    for position, (number, _, start, end, label) in enumerate(rows):
        places[number].append((position, start, end, label))
    for held in places.values():
        held.sort(key=lambda place: place[1:3])
    return places


def _voices(connection: sqlite3.Connection, places: dict[int, list[Place]]) -> dict[Person, Voice]:
    """Everybody who is heard, by the words of the name."""
    turns: dict[int, list[Said]] = defaultdict(list)
    for number, *turn in connection.execute(SELECT_TURNS):
        turns[number].append((turn[0], turn[1], turn[2], turn[3], turn[4]))
    voices: dict[Person, Voice] = defaultdict(Voice)
    for number, said in turns.items():
        for person, name, position in heard(said, places[number]):
            voices[person].names[" ".join(name.split())] += 1
            voices[person].positions.add(position)
    return dict(voices)


def _day(published: str | None) -> int:
    try:
        return date.fromisoformat(published or "").toordinal()
    except ValueError:
        return 0


def _usual(names: Counter[str]) -> str:
    """The way the name is most often written; of equals the longest, then the first of the alphabet."""
    return min(names, key=lambda name: (-names[name], -len(name), name))


def _sorted(facets: Iterable[Facet]) -> tuple[Facet, ...]:
    return tuple(sorted(facets, key=lambda facet: (-facet.passages, facet.name)))
