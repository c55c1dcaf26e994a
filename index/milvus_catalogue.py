"""What the articles of a store on Milvus can be chosen by, and a choice as an expression that Milvus understands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from corpus.errors import UnknownArticleError
from corpus.facets import Facet, Facets
from corpus.filters import Filter
from corpus.nearest import unknown
from corpus.speaker_names import Person, folded, parts_of, person_of
from index.milvus_client import Connection
from index.milvus_layout import key_of
from index.milvus_records import Head, Records
from index.milvus_rows import day_of, key_of_person

__all__ = ["MilvusCatalogue", "expression_of", "read_catalogue"]


@dataclass(slots=True)
class Voice:
    """A person who is heard: how often under which name, in how many articles and passages."""

    names: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    passages: int = 0


class MilvusCatalogue:
    """The articles of one moment by publisher, date and speaker."""

    def __init__(self, heads: Sequence[Head], voices: dict[Person, Voice]) -> None:
        self._heads = heads
        self._voices = voices
        self._publishers: dict[str, list[Head]] = defaultdict(list)
        for head in heads:
            if name := folded(head.facts["publisher"] or ""):
                self._publishers[name].append(head)

    def facets(self) -> Facets:
        """The publishers and speakers, most passages first, and the range of dates."""
        days = [day for head in self._heads if (day := day_of(head.facts["published"]))]
        return Facets(
            publishers=_sorted(
                Facet(_written(held), len(held), sum(head.facts["passages"] for head in held))
                for held in self._publishers.values()
            ),
            speakers=_sorted(
                Facet(_usual(voice.names), voice.articles, voice.passages) for voice in self._voices.values()
            ),
            first=date.fromordinal(min(days)) if days else None,
            last=date.fromordinal(max(days)) if days else None,
            articles=len(self._heads),
            undated=len(self._heads) - len(days),
        )

    def refuse_unknown(self, where: Filter) -> None:
        """Raise InputError, with the nearest names there are, for a name that is not here."""
        ids = {head.facts["id"]: folded(head.facts["title"] or "") for head in self._heads}
        for key in where.articles - ids.keys():
            raise unknown("article", key, ids)
        for name in where.publishers:
            if folded(name) not in self._publishers:
                raise unknown("publisher", name, {_written(held): key for key, held in self._publishers.items()})
        called = {part for person in self._voices for part in parts_of(person)}
        for name in where.speakers:
            if person_of(name) not in called:
                known = {_usual(voice.names): " ".join(person) for person, voice in self._voices.items()}
                raise unknown("speaker", name, known)


def read_catalogue(records: Records) -> MilvusCatalogue:
    """The catalogue of what is there now; takes time in proportion to the number of articles."""
    heads = records.all_heads()
    current = {head.revision for head in heads}
    voices: dict[Person, Voice] = defaultdict(Voice)
    for revision, listed in records.voices():
        for words, names, passages in listed if revision in current else ():
            voice = voices[tuple(words)]
            voice.names.update(names)
            voice.articles += 1
            voice.passages += passages
    return MilvusCatalogue(heads, dict(voices))


def expression_of(where: Filter, articles: Iterable[str] | None, store: Records, passages: str) -> str | None:
    """The expression that lets through what ``where`` does, of these articles; "" for all, ``None`` for nothing.

    Raises UnknownArticleError for one of ``articles`` that is not there, InputError for a name in ``where``.
    """
    parts: list[str] = []
    if articles is not None:
        chosen = {key_of(article_id): article_id for article_id in articles}
        if not chosen:
            return None
        for key in chosen.keys() - store.heads(chosen).keys():
            raise UnknownArticleError(f"no article {chosen[key]!r} in this library; list the articles to see their ids")
        parts.append(f"article in {_listed(chosen)}")
    if where.articles:
        _refuse_unless(len(store.heads(map(key_of, where.articles))) == len(where.articles), where, store)
        parts.append(f"article in {_listed(map(key_of, where.articles))}")
    parts += _names(where, store, passages)
    if where.since is not None or where.until is not None:
        last = date.max if where.until is None else where.until
        first = 1 if where.since is None else where.since.toordinal()
        parts.append(f"day >= {first} and day <= {last.toordinal()}")
    return " and ".join(parts)


def _names(where: Filter, store: Records, passages: str) -> list[str]:
    """The parts of an expression that ask for publishers and speakers, each of which is somewhere to be found."""
    parts = []
    for keys, form in (
        ([key_of(folded(name)) for name in where.publishers], "publisher in {}"),
        ([key_of_person(person_of(name)) for name in where.speakers], "array_contains_any(speakers, {})"),
    ):
        for key in keys:
            _refuse_unless(_is_found(store.connection, passages, form.format(_listed([key]))), where, store)
        if keys:
            parts.append(form.format(_listed(keys)))
    return parts


def _is_found(connection: Connection, passages: str, where: str) -> bool:
    return bool(connection.query(passages, where, ["id"], limit=1))


def _refuse_unless(found: bool, where: Filter, store: Records) -> None:
    """Look closer where a name was not found: to say which, and what is near to it."""
    if not found:
        read_catalogue(store).refuse_unknown(where)


def _listed(values: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in sorted(values)) + "]"


def _written(heads: Iterable[Head]) -> str:
    """The name of the publisher of these articles."""
    return _usual(Counter(" ".join(head.facts["publisher"].split()) for head in heads))


def _usual(names: Counter[str]) -> str:
    """The way the name is most often written; of equals the longest, then the first of the alphabet."""
    return min(names, key=lambda name: (-names[name], -len(name), name))


def _sorted(facets: Iterable[Facet]) -> tuple[Facet, ...]:
    return tuple(sorted(facets, key=lambda facet: (-facet.passages, facet.name)))
