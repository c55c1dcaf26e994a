"""Search in a store on Milvus: by meaning and by words on the server, fused here as the embedded search fuses.

Milvus can fuse two searches itself, but tells only the fused score. The confidence of an answer was fitted on both
scores, and one rule for both kinds of library keeps their rankings alike (docs/milvus.md has the comparison).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.errors import LibraryError
from corpus.filters import Filter
from index.fusion import union
from index.milvus_catalogue import expression_of
from index.milvus_client import Found
from index.milvus_rows import passage_from
from index.milvus_store import MilvusStore
from index.protocol import Embedder, Searcher
from index.ranking import DENSE_WEIGHT, DEPTH, fused
from index.types import Hit
from index.words import spread_for_query

__all__ = ["MilvusRetriever"]

DEEPEST: Final = 16_384  # what a server returns at most

AT_ONCE: Final = 16  # questions in one request: with 100 rows for each about 1 MB comes back
MOST_CHARACTERS: Final = 10_000
MOST_WORDS: Final = 64
TRIES: Final = 4
FIELDS: Final = ["article", "revision", "record"]

Matrix = NDArray[np.float32]

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Listed:
    """What both searches found for one question, with the rows behind the keys."""

    dense: list[Found]
    lexical: list[Found]

    def rows(self) -> dict[str, Found]:
        """The rows by key."""
        return {found.key: found for found in (*self.lexical, *self.dense)}


class MilvusRetriever(Searcher):
    """Finds passages of one store on Milvus; safe to use from several threads."""

    def __init__(self, library: MilvusStore, embedder: Embedder, *, weight: float = DENSE_WEIGHT) -> None:
        self.library = library
        self.embedder = embedder
        self.weight = weight

    def search_many(
        self,
        queries: Sequence[str],
        k: int = 10,
        *,
        articles: Iterable[str] | None = None,
        where: Filter | None = None,
    ) -> list[list[Hit]]:
        """``search`` for several queries: embedded together, and sent to the server several at a time."""
        allowed = self._allowed(articles, where or Filter())
        asked = [number for number, query in enumerate(queries) if query.strip()]
        results: list[list[Hit]] = [[] for _ in queries]
        if allowed is None or k <= 0 or not asked:
            return results
        vectors = self.embedder.embed([queries[number] for number in asked])
        for start in range(0, len(asked), AT_ONCE):
            part = asked[start : start + AT_ONCE]
            found = self._found([queries[n] for n in part], vectors[start : start + AT_ONCE], k, allowed)
            for number, hits in zip(part, found, strict=True):
                results[number] = hits
        return results

    def refresh(self) -> None:
        """Ask the server once, so that the first question does not wait for it to be ready."""
        self._allowed(None, Filter())

    def store(self) -> None:
        """Nothing: a server makes its indexes itself."""

    def _allowed(self, articles: Iterable[str] | None, where: Filter) -> str | None:
        """The expression that lets through what may be found; ``None`` where that is nothing."""
        model = self.library.model
        if model is None:
            self.library.catalogue().refuse_unknown(where)
            expression_of(Filter(), articles, self.library.records, self.library.passages)
            return None
        if model[0] != self.embedder.id:
            raise LibraryError(
                f"library {self.library.place}: its vectors are of the model {model[0]!r}, not {self.embedder.id!r}; "
                "name that one with --embedder"
            )
        return expression_of(where, articles, self.library.records, self.library.passages)

    def _found(self, queries: Sequence[str], vectors: Matrix, k: int, allowed: str) -> list[list[Hit]]:
        """The hits of some questions, all of articles that are there as they were found."""
        stale: set[str] = set()
        for _ in range(TRIES):
            listed = self._listed(queries, vectors, max(k, DEPTH), _but(allowed, stale))
            rows = {key: row for one in listed for key, row in one.rows().items()}
            current = self.library.records.current(row.fields["article"] for row in rows.values())
            outdated = {row.fields["revision"] for row in rows.values()} - set(current.values())
            if not outdated:
                hits = self._fused(listed, vectors, k)
                wanted = {rows[key].fields["article"] for found in hits for key, _ in found}
                if self.library.pin({article: current[article] for article in wanted}):
                    return [[hit for _, hit in found] for found in hits]
            stale |= outdated
        raise LibraryError(
            f"library {self.library.place}: what was found is damaged or was changed all the while; "
            "check the library with qa doctor, or ask again"
        )

    def _listed(self, queries: Sequence[str], vectors: Matrix, depth: int, where: str) -> list[Listed]:
        """Both searches on the server."""
        connection, collection, depth = self.library.connection, self.library.passages, min(depth, DEEPEST)
        dense = connection.search(collection, "dense", vectors, depth, where, FIELDS)
        words = [_words(query) for query in queries]
        lexical = connection.search(collection, "sparse", words, depth, where, FIELDS)
        return [
            Listed(near, sharing if text else []) for near, sharing, text in zip(dense, lexical, words, strict=True)
        ]

    def _fused(self, listed: Sequence[Listed], vectors: Matrix, k: int) -> list[list[tuple[str, Hit]]]:
        """The k best for each question, by key."""
        return [self._best(one, self._nearness(one, vector), k) for one, vector in zip(listed, vectors, strict=True)]

    def _nearness(self, listed: Listed, vector: NDArray[np.float32]) -> dict[str, float]:
        """The similarity of the passages that only their words brought in: computed rather than guessed."""
        near = {found.key for found in listed.dense}
        lacking = [found.key for found in listed.lexical if found.key not in near]
        if not lacking:
            return {}
        connection, collection = self.library.connection, self.library.passages
        wanted = ", ".join(f'"{key}"' for key in lacking)
        (told,) = connection.search(collection, "dense", vector[None], len(lacking), f"id in [{wanted}]", [])
        known = {found.key: found.score for found in told}
        # A graph over vectors may pass over some even where it is asked for these alone.
        rest = [key for key in lacking if key not in known]
        for row in connection.pick(collection, "id", rest, ["id", "dense"]):
            known[str(row["id"])] = float(np.asarray(row["dense"], dtype=np.float32) @ vector)
        return known

    def _best(self, listed: Listed, known: dict[str, float], k: int) -> list[tuple[str, Hit]]:
        rows = listed.rows()
        keys = sorted(rows)
        numbers = {key: number for number, key in enumerate(keys)}
        _, (near, words) = union(_ranking(listed.dense, numbers), _ranking(listed.lexical, numbers))
        listed_near = near.copy()
        for number in np.flatnonzero(np.isnan(near)):
            near[number] = known.get(keys[number], np.nan)
        return [
            (keys[place], Hit(passage_from(rows[keys[place]].fields["record"]), score, stood))
            for place, score, stood in fused(listed_near, near, words, self.weight, k)
        ]


def _but(allowed: str, stale: set[str]) -> str:
    """The expression, without the rows of revisions that are not, or no longer, those of their articles."""
    if not stale:
        return allowed
    without = "revision not in [" + ", ".join(f'"{revision}"' for revision in sorted(stale)) + "]"
    return f"{allowed} and {without}" if allowed else without


def _words(query: str) -> str:
    """The distinct words of a question: Milvus would count one that is said twice as two."""
    words = _WORD.findall(spread_for_query(query[:MOST_CHARACTERS]).casefold())
    return " ".join(list(dict.fromkeys(words))[:MOST_WORDS])


def _ranking(found: Sequence[Found], numbers: dict[str, int]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    keys = np.array([numbers[one.key] for one in found], dtype=np.int64)
    return keys, np.array([one.score for one in found], dtype=np.float32)
