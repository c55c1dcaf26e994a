"""Search by words: BM25 over the passage and the words that stand elsewhere in its article, with tantivy."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import tantivy
from numpy.typing import NDArray

from corpus.errors import LibraryError
from corpus.library import PassageFields
from index.words import spread_for_index, spread_for_query

__all__ = ["BOOSTS", "ENGINE", "LexicalIndex"]

ENGINE: Final = f"{tantivy.__version__}; words 1"  # what a stored index depends on: raise the number with the analyzer

# What a word of the question counts for where it matches. The words around a passage help only a little and soon
# hurt: with 1 for all, MRR of the lexical search over 157 articles fell from 53.5 to 45.7 (docs/retrieval.md).
BOOSTS: Final = {"text": 1.0, "title": 0.2, "speaker": 0.1, "section": 0.2}

MAX_TERMS = 64  # distinct words of one question that are looked up; a longer one is a paste, not a question
MAX_QUERY_CHARACTERS = 10_000
MAX_WORD_BYTES = 60
# Passages that the words of one question may be looked up in, all words together. Over 1,000,000 passages a search
# took 35 ms (p95) with all words and takes 6 with these; half as many passages as there are find as well as all
# (docs/retrieval.md).
POSTINGS: Final = 500_000
LEAST_TERMS: Final = 3
# Where a search is restricted to few of the passages the index looks at those alone, else at all, and the others are
# left out: the one costs with their number, the other with the share of those left out (docs/retrieval.md has times).
# Where the square of their number is so many times that of all passages, the two cost about the same.
NARROW: Final = 25
HEAP_BYTES = 64_000_000  # one segment up to about 50,000 passages
ANALYZER = "prose"
MOST_REMOVED: Final = 0.05


class LexicalIndex:
    """All passages of a library by their words; safe to search from several threads."""

    def __init__(self, index: Any) -> None:
        index.register_tokenizer(ANALYZER, _analyzer())
        index.reload()
        self._schema = index.schema
        self._searcher = index.searcher()
        self._words = _analyzer()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    @classmethod
    def build(cls, passages: Iterable[PassageFields], folder: Path | None = None) -> LexicalIndex:
        """Index the passages in memory, or into the empty ``folder``; LibraryError where it cannot be written."""
        try:
            return cls(_write(passages, folder))
        except (ValueError, OSError) as error:
            raise LibraryError(f"lexical index: {error}; check the disk of the library and try again") from error

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Open what ``build`` wrote; the caller has checked the files. Raises LibraryError."""
        try:
            return cls(tantivy.Index.open(str(folder)))
        except (ValueError, OSError) as error:
            raise LibraryError(f"lexical index {folder}: {error}; delete the folder, it will be made again") from error

    @classmethod
    def follow(cls, folder: Path, removed: NDArray[np.int64], passages: Iterable[PassageFields]) -> LexicalIndex:
        """Bring an index of an earlier state, whose files lie in ``folder``, up to date, and open it.

        ``removed`` (m, 2) holds the first and last rowids of passages that are gone, ``passages`` those that came
        after its last one. No file that is there is changed: the folder may share them with another. How telling a
        word is goes on counting what was removed until the index is made anew, which LibraryError asks for when that
        is more than a few passages in a hundred.
        """
        try:
            index = tantivy.Index.open(str(folder))
            index.register_tokenizer(ANALYZER, _analyzer())
            writer = index.writer(HEAP_BYTES, 1)
            for first, last in removed.tolist():
                query = tantivy.Query.range_query(index.schema, "rowid", tantivy.FieldType.Integer, first, last)
                writer.delete_documents_by_query(query)
            _add(writer, passages)
            writer.commit()
            writer.wait_merging_threads()
            if _share_removed(folder) > MOST_REMOVED:
                raise LibraryError(f"lexical index {folder}: too much of it was removed; make it anew")
            return cls(index)
        except (ValueError, OSError) as error:
            raise LibraryError(f"lexical index {folder}: {error}; delete the folder, it will be made again") from error

    @property
    def last(self) -> int:
        """The last rowid that is indexed, 0 where none is: what came to the library since then lies above it."""
        if not len(self):
            return 0
        wanted = {"last": {"max": {"field": "rowid"}}}
        return int(self._searcher.aggregate(tantivy.Query.all_query(), wanted)["last"]["value"])

    def search(
        self, query: str, k: int, *, restrict: NDArray[np.int64] | None = None, postings: int = POSTINGS
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rowids and BM25 scores (at most k each) of passages that share a word with ``query``, best first.

        The query is words and nothing else: no character in it has a meaning of its own. ``restrict`` names the only
        rowids to look at, ascending; how telling a word is, BM25 still counts over all passages. Of many words the
        rarest are looked up, as ``rarest`` says.
        """
        terms = self.rarest(self.terms(query), postings)
        k = min(k, len(self))
        if not terms or k <= 0 or (restrict is not None and len(restrict) == 0):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        if restrict is not None and len(restrict) ** 2 >= NARROW * len(self):
            return self._sift(self._query(terms, None), k, restrict)
        return self._best(self._query(terms, restrict), k)

    def terms(self, query: str) -> list[str]:
        """The distinct words of a question as they are looked up, in order: lower case, no accents, stemmed."""
        words = self._words.analyze(spread_for_query(query[:MAX_QUERY_CHARACTERS]))
        return list(dict.fromkeys(words))[:MAX_TERMS]

    def count(self, term: str) -> int:
        """The number of passages that hold a word, given as ``terms`` gives it."""
        return int(self._searcher.doc_freq("text", term))

    def rarest(self, terms: list[str], postings: int = POSTINGS) -> list[str]:
        """The rarest words, as many as stand in ``postings`` passages together and ``LEAST_TERMS`` at least, in order.

        The engine looks at every passage that holds one of the words, so that in a large library "the" alone costs
        more than all that tells passages apart. In a small one nothing is left out.
        """
        counts = {term: self.count(term) for term in terms}
        kept: set[str] = set()
        for term in sorted(terms, key=counts.__getitem__):
            postings -= counts[term]
            if postings < 0 and len(kept) >= LEAST_TERMS:
                break
            kept.add(term)
        return [term for term in terms if term in kept]

    def _best(self, query: Any, limit: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        found = self._searcher.search(query, limit=limit, count=False).hits
        rowids = np.array(self._searcher.fast_field_values("rowid", [address for _, address in found]), dtype=np.int64)
        scores = np.array([score for score, _ in found], dtype=np.float32)
        order = np.lexsort((rowids, -scores))
        return rowids[order], scores[order]

    def _sift(self, query: Any, k: int, restrict: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The k best of ``restrict`` out of the best of all, of which more are taken until k of those are there."""
        limit = 2 * k * max(1, len(self) // len(restrict))
        while True:
            rowids, scores = self._best(query, limit)
            allowed = np.flatnonzero(_are_in(rowids, restrict))[:k]
            if len(allowed) == k or len(rowids) < limit:
                return rowids[allowed], scores[allowed]
            limit *= 4

    def _query(self, terms: list[str], restrict: NDArray[np.int64] | None) -> Any:
        should, must = tantivy.Occur.Should, tantivy.Occur.Must
        words = tantivy.Query.boolean_query(
            [(should, self._boosted(field, term, boost)) for field, boost in BOOSTS.items() for term in terms if boost]
        )
        if restrict is None:
            return words
        allowed = tantivy.Query.term_set_query(self._schema, "rowid", [int(rowid) for rowid in restrict])
        return tantivy.Query.boolean_query([(must, words), (must, tantivy.Query.const_score_query(allowed, 0.0))])

    def _boosted(self, field: str, term: str, boost: float) -> Any:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, term, "freq"), boost)


def _are_in(rowids: NDArray[np.int64], ascending: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of a few rowids are among many, without sorting the many again."""
    places = np.minimum(np.searchsorted(ascending, rowids), len(ascending) - 1)
    found: NDArray[np.bool_] = ascending[places] == rowids
    return found


def _write(passages: Iterable[PassageFields], folder: Path | None) -> Any:
    index = tantivy.Index(_schema(), path=None if folder is None else str(folder))
    index.register_tokenizer(ANALYZER, _analyzer())
    writer = index.writer(HEAP_BYTES, 1)  # one thread: the order of equal scores stays the order of the rowids
    _add(writer, passages)
    writer.commit()
    writer.wait_merging_threads()
    return index


def _add(writer: Any, passages: Iterable[PassageFields]) -> None:
    for passage in passages:
        words = {field: spread_for_index(getattr(passage, field)) for field in BOOSTS}
        writer.add_document(tantivy.Document(rowid=passage.rowid, **words))


def _share_removed(folder: Path) -> float:
    """The share of an index that is only marked as removed, 0 to 1, from the engine's own list of its segments."""
    segments = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["segments"]
    removed = sum((segment.get("deletes") or {}).get("num_deleted_docs", 0) for segment in segments)
    return float(removed / max(1, sum(segment["max_doc"] for segment in segments)))


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("rowid", indexed=True, fast=True)
    for field in BOOSTS:
        builder.add_text_field(field, tokenizer_name=ANALYZER, index_option="freq")
    return builder.build()


def _analyzer() -> Any:
    """Words in lower case, without accents, cut to their English stem ("The cafés' owners" -> the, cafe, owner)."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(MAX_WORD_BYTES),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()
