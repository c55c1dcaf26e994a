"""What is read from the records of a store on Milvus: articles, the files they came from, the store's own facts."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from corpus.types import Article
from index.milvus_client import Connection, Row
from index.milvus_layout import Kind, key_of
from index.milvus_rows import article_from, record_of
from index.milvus_sizes import in_parts

__all__ = ["Head", "Records", "SourceRow"]

PARTS: Final = 200
"""Parts of articles in one answer, each of up to 60 KB."""
HEAD_FIELDS: Final = ("id", "article", "revision", "added", "body")
KEPT_CHARACTERS: Final = 20_000_000
"""Of articles read before: a revision never changes, so what was read of it stays true."""


@dataclass(frozen=True, slots=True)
class Head:
    """An article that is there: the hash of its id, its revision, when it was added (in ns), its facts."""

    article: str
    revision: str
    added: int
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A file that an article came from; ``article`` is the hash of ``article_id``."""

    path: str
    article: str
    article_id: str
    stamp: str | None


class Records:
    """Reads the records of one store; safe to use from several threads."""

    def __init__(self, connection: Connection, collection: str) -> None:
        self.connection = connection
        self.collection = collection
        self._kept: OrderedDict[str, Article] = OrderedDict()
        self._lock = Lock()

    def heads(self, keys: Iterable[str]) -> dict[str, Head]:
        """The articles of these keys that are there."""
        wanted = [f"{Kind.HEAD}-{key}" for key in dict.fromkeys(keys)]
        rows = self.connection.pick(self.collection, "id", wanted, HEAD_FIELDS)
        return {head.article: head for head in map(_head, rows)}

    def current(self, keys: Iterable[str]) -> dict[str, str]:
        """The revision of each of these articles that is there."""
        wanted = [f"{Kind.HEAD}-{key}" for key in dict.fromkeys(keys)]
        rows = self.connection.pick(self.collection, "id", wanted, ["article", "revision"])
        return {row["article"]: row["revision"] for row in rows}

    def all_heads(self) -> list[Head]:
        """All articles, in the order they were added."""
        rows = self.connection.scan(self.collection, f'kind == "{Kind.HEAD}"', HEAD_FIELDS)
        return sorted(map(_head, rows), key=lambda head: (head.added, head.article))

    def articles(self, heads: Iterable[Head]) -> dict[str, Article]:
        """The content of these articles by key; one whose rows are gone, or not what was written, is left out."""
        by_revision = {head.revision: head for head in heads}
        with self._lock:
            found = {rev: self._kept[rev] for rev in by_revision if rev in self._kept}
            for revision in found:
                self._kept.move_to_end(revision)
        missing = {rev: int(head.facts["parts"]) for rev, head in by_revision.items() if rev not in found}
        for revision, content in self._contents(missing):
            if hashlib.sha256(content.encode()).hexdigest() == by_revision[revision].facts["payload"]:
                found[revision] = article_from(content)
        self._keep(found)
        return {by_revision[revision].article: article for revision, article in found.items()}

    def voices(self) -> list[tuple[str, list[Any]]]:
        """Who is heard in each revision: its name with lists of a person's words, names and number of passages."""
        rows = self.connection.scan(self.collection, f'kind == "{Kind.VOICES}"', ["id", "revision", "body"])
        return [(row["revision"], json.loads(row["body"])) for row in rows]

    def revisions(self, keys: Sequence[str]) -> dict[str, set[str]]:
        """All revisions that there are rows of, finished or not, of each of these articles."""
        rows = self.connection.pick(
            self.collection, "article", list(keys), ["article", "revision"], f' and kind == "{Kind.TEXT}"'
        )
        found: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            found[row["article"]].add(row["revision"])
        return found

    def sources(self, paths: Iterable[str]) -> dict[str, SourceRow]:
        """What is known of these files."""
        wanted = [f"{Kind.SOURCE}-{key_of(path)}" for path in dict.fromkeys(paths)]
        rows = self.connection.pick(self.collection, "id", wanted, ["article", "body"])
        return {source.path: source for source in map(_source, rows)}

    def sources_of(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """The files of each of these articles, in the order of their names."""
        rows = self.connection.pick(
            self.collection, "article", list(keys), ["article", "body"], f' and kind == "{Kind.SOURCE}"'
        )
        return _paths_by_article(rows)

    def all_sources(self) -> dict[str, list[str]]:
        """The files of every article, in the order of their names."""
        return _paths_by_article(
            self.connection.scan(self.collection, f'kind == "{Kind.SOURCE}"', ["id", "article", "body"])
        )

    def intents(self, revisions: Sequence[str] | None = None, *, before: int | None = None) -> list[Row]:
        """What is being written or deleted: of these revisions, or all begun before a time (in ns)."""
        fields = ["id", "article", "revision", "added"]
        if revisions is not None:
            wanted = [f"{Kind.INTENT}-{revision}" for revision in revisions]
            return list(self.connection.pick(self.collection, "id", wanted, fields))
        return self.connection.scan(self.collection, f'kind == "{Kind.INTENT}" and added < {before}', fields)

    def fact(self, name: str) -> Any:
        """One of the store's own facts; ``None`` where it was never stored."""
        rows = list(self.connection.pick(self.collection, "id", [f"{Kind.META}-{name}"], ["body"]))
        return json.loads(rows[0]["body"]) if rows else None

    def store_fact(self, name: str, value: object) -> None:
        """Store one of the store's own facts."""
        self.connection.upsert(self.collection, [record_of(Kind.META, name, value)])

    def _contents(self, parts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
        """The content of each revision, with the number of its parts; as many in one request as an answer may hold."""
        for some in in_parts(parts, parts.__getitem__, PARTS):
            wanted = ", ".join(f'"{revision}"' for revision in some)
            where, fields = f'revision in [{wanted}] and kind == "{Kind.TEXT}"', ["id", "revision", "body"]
            if sum(parts[revision] for revision in some) > PARTS:
                rows = self.connection.scan(self.collection, where, fields)
            else:
                rows = self.connection.query(self.collection, where, fields)
            held: dict[str, dict[str, str]] = defaultdict(dict)
            for row in rows:
                held[row["revision"]][row["id"]] = row["body"]
            for revision, bodies in held.items():
                yield revision, "".join(bodies[key] for key in sorted(bodies))

    def _keep(self, articles: Mapping[str, Article]) -> None:
        with self._lock:
            self._kept.update(articles)
            size = sum(len(article.text) for article in self._kept.values())
            while size > KEPT_CHARACTERS and self._kept:
                _, dropped = self._kept.popitem(last=False)
                size -= len(dropped.text)


def _head(row: Row) -> Head:
    return Head(row["article"], row["revision"], int(row["added"]), json.loads(row["body"]))


def _source(row: Row) -> SourceRow:
    path, article_id, stamp = json.loads(row["body"])
    return SourceRow(path, row["article"], article_id, stamp)


def _paths_by_article(rows: Iterable[Row]) -> dict[str, list[str]]:
    paths: dict[str, list[str]] = defaultdict(list)
    for source in map(_source, rows):
        paths[source.article].append(source.path)
    return {article: sorted(held) for article, held in paths.items()}
