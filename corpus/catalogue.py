"""What the articles of a library can be chosen by, and the passages that a choice leaves.

The rows of an article's passages follow one another, so a choice of articles is a choice of ranges, whatever their
number. Who is heard in an article is read when a speaker is first asked for, and kept for the states after this one:
it cannot change while the article keeps its rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corpus.facets import Facet, Facets
from corpus.filters import Filter
from corpus.heard import Place, Said, heard
from corpus.nearest import unknown
from corpus.speaker_names import Person, folded, parts_of, person_of

__all__ = ["Catalogue", "Entry", "Heard", "read_catalogue", "read_heard"]

# An article's rows follow one another (corpus/writes.py): the first and the last tell all of them.
SELECT_ENTRIES = """SELECT a.id, a.title, a.publisher, a.published, p.first, p.last FROM articles a
    JOIN (SELECT article_id, min(rowid) AS first, max(rowid) AS last FROM passages GROUP BY article_id) p
    ON p.article_id = a.id ORDER BY p.first"""
SELECT_EMPTY = """SELECT id, title, publisher, published, 0, -1 FROM articles
    WHERE NOT EXISTS (SELECT 1 FROM passages WHERE article_id = articles.id) ORDER BY number"""
# One row a turn: the article's id, the name, where the name begins, the turn's start and end, its kind.
SELECT_TURNS = """SELECT articles.id, json_extract(value, '$[2]'), json_extract(value, '$[3]'),
    json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[5]')
    FROM articles, json_each(turns)
    WHERE json_type(value, '$[2]') = 'text' AND json_type(value, '$[5]') = 'text'
    AND articles.id IN (SELECT value FROM json_each(?))"""
SELECT_PLACES = """SELECT article_id, rowid, span_start, span_end, speaker_start FROM passages
    WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY article_id, span_start, span_end"""
ARTICLES_AT_ONCE: Final = 2000
FILTERS_KEPT: Final = 16


Heard: TypeAlias = tuple[tuple[Person, str, int], ...]
"""Of one article: each person heard, as named, with the rowid of a passage that they are heard in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article; ``day`` is its date as a day's number, 0 where it has none that is a whole date.

    ``first`` and ``last`` are the rowids of its passages, 0 and -1 where it has none.
    """

    id: str
    title: str
    publisher: str | None
    day: int
    first: int
    last: int


@dataclass(slots=True)
class Voice:
    """A person who is heard: the names written of them, the rowids they are heard in, and in how many articles."""

    names: Counter[str] = field(default_factory=Counter)
    rowids: set[int] = field(default_factory=set)
    articles: int = 0


class Catalogue:
    """The articles of one state of a library by publisher, date and speaker; safe to use from several threads.

    ``listen`` reads who is heard in some of the ``entries``; ``known`` is what an earlier catalogue has read of that.
    """

    def __init__(
        self,
        generation: int,
        entries: Sequence[Entry],
        listen: Callable[[Sequence[Entry]], Mapping[str, Heard]],
        known: Mapping[tuple[str, int], Heard] | None = None,
    ) -> None:
        self.generation = generation
        self._entries = entries
        self._listen = listen
        self.heard: Mapping[tuple[str, int], Heard] = known or {}
        self._first = np.array([entry.first for entry in entries], dtype=np.int64)
        self._counts = np.array([entry.last - entry.first + 1 for entry in entries], dtype=np.int64)
        self._days = np.array([entry.day for entry in entries], dtype=np.int64)
        self._articles = {entry.id: place for place, entry in enumerate(entries)}
        self._publishers: dict[str, list[int]] = defaultdict(list)
        for place, entry in enumerate(entries):
            if entry.publisher is not None:
                self._publishers[folded(entry.publisher)].append(place)
        self._chosen: dict[Filter, NDArray[np.int64]] = {}

    def rowids(self, where: Filter) -> NDArray[np.int64]:
        """The ascending rowids of the passages that ``where`` leaves, not to be written to.

        Raises InputError, with the nearest names there are, for an article, publisher or speaker that is not here.
        """
        found = self._chosen.get(where)
        if found is None:
            found = self._choose(where)
            if len(self._chosen) >= FILTERS_KEPT:
                self._chosen.clear()
            self._chosen[where] = found
        return found

    def facets(self) -> Facets:
        """The publishers and speakers, most passages first, and the range of dates."""
        publishers = [
            Facet(self._written(held), len(held), int(self._counts[held].sum())) for held in self._publishers.values()
        ]
        dated = self._days[self._days > 0]
        return Facets(
            publishers=_sorted(publishers),
            speakers=_sorted(
                Facet(_usual(voice.names), voice.articles, len(voice.rowids)) for voice in self._voices.values()
            ),
            first=date.fromordinal(int(dated.min())) if len(dated) else None,
            last=date.fromordinal(int(dated.max())) if len(dated) else None,
            articles=len(self._entries),
            undated=len(self._entries) - len(dated),
        )

    def _choose(self, where: Filter) -> NDArray[np.int64]:
        chosen = np.ones(len(self._entries), dtype=np.bool_)
        if where.articles:
            chosen &= _mask(len(chosen), [self._article(key) for key in where.articles])
        if where.publishers:
            chosen &= _mask(len(chosen), [place for name in where.publishers for place in self._publisher(name)])
        if where.since is not None or where.until is not None:
            chosen &= self._within(where.since, where.until)
        rowids = _ranges(self._first[chosen], self._counts[chosen])
        if where.speakers:
            voices = [voice for name in where.speakers for voice in self._speaker(name)]
            said = np.unique([rowid for voice in voices for rowid in voice.rowids]).astype(np.int64)
            rowids = np.intersect1d(rowids, said, assume_unique=True)
        rowids.flags.writeable = False
        return rowids

    @cached_property
    def _voices(self) -> dict[Person, Voice]:
        """Everybody who is heard, by the words of the name."""
        missing = [entry for entry in self._entries if (entry.id, entry.first) not in self.heard]
        read = self._listen(missing) if missing else {}
        known = {**self.heard, **{(entry.id, entry.first): read.get(entry.id, ()) for entry in missing}}
        self.heard = {(entry.id, entry.first): known[entry.id, entry.first] for entry in self._entries}
        voices: dict[Person, Voice] = defaultdict(Voice)
        for said in self.heard.values():
            for person, name, rowid in said:
                voices[person].names[" ".join(name.split())] += 1
                voices[person].rowids.add(rowid)
            for person in {person for person, _, _ in said}:
                voices[person].articles += 1
        return dict(voices)

    @cached_property
    def _called(self) -> dict[Person, list[Voice]]:
        called: dict[Person, list[Voice]] = defaultdict(list)
        for person, voice in self._voices.items():
            for part in parts_of(person):
                called[part].append(voice)
        return dict(called)

    def _written(self, places: list[int]) -> str:
        """The name of the publisher of these articles."""
        return _usual(Counter(self._entries[place].publisher or "" for place in places))

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


def _ranges(firsts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of several ranges, one after the other.

    >>> _ranges(np.array([3, 10]), np.array([2, 3])).tolist()
    [3, 4, 10, 11, 12]
    """
    starts = np.cumsum(counts) - counts
    return np.repeat(firsts - starts, counts) + np.arange(int(counts.sum()), dtype=np.int64)


def read_catalogue(
    connection: sqlite3.Connection,
    generation: int,
    listen: Callable[[Sequence[Entry]], Mapping[str, Heard]],
    previous: Catalogue | None = None,
) -> Catalogue:
    """The catalogue of the state that ``connection`` reads; ``previous``, one of any state, where it is the same."""
    if previous is not None and previous.generation == generation:
        return previous
    rows = connection.execute(SELECT_EMPTY).fetchall() + connection.execute(SELECT_ENTRIES).fetchall()
    entries = [
        Entry(key, title or "", " ".join((publisher or "").split()) or None, _day(published), first, last)
        for key, title, publisher, published, first, last in rows
    ]
    return Catalogue(generation, entries, listen, previous.heard if previous is not None else None)


def read_heard(connection: sqlite3.Connection, entries: Sequence[Entry]) -> dict[str, Heard]:
    """Who is heard in each of these articles, by its id; one in which nobody is, or that is gone, is left out."""
    found: dict[str, Heard] = {}
    for start in range(0, len(entries), ARTICLES_AT_ONCE):
        part = {entry.id: entry for entry in entries[start : start + ARTICLES_AT_ONCE]}
        turns: dict[str, list[Said]] = defaultdict(list)
        for key, *turn in connection.execute(SELECT_TURNS, (json.dumps(list(part)),)):
            turns[key].append((turn[0], turn[1], turn[2], turn[3], turn[4]))
        places: dict[str, list[Place]] = defaultdict(list)
        for key, *place in connection.execute(SELECT_PLACES, (json.dumps(list(turns)),)):
            if part[key].first <= place[0] <= part[key].last:
                places[key].append((place[0], place[1], place[2], place[3]))
        found.update((key, tuple(heard(said, places[key]))) for key, said in turns.items())
    return found


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
