"""The engine: a library, an embedder and a reader behind one object that answers questions.

Models are loaded at their first use, so that listing a library's articles costs no model.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from corpus.closing import Closing
from corpus.facets import Facets
from corpus.files import ReadFailure, found_files
from corpus.filters import Filter
from corpus.library import ArticleSummary, Library
from corpus.store import Store, is_address
from corpus.types import Article
from qa.followup import Message, standalone
from qa.question import checked_question
from qa.types import Answer

if TYPE_CHECKING:
    from index.ingest import Ingested
    from index.protocol import Embedder, Searcher
    from index.types import Hit
    from qa.asking import Asker

__all__ = ["DEFAULT_TOP_K", "Added", "Engine"]

DEFAULT_TOP_K = 8
"""Passages read for a question: for 97.6 % of 1,686 on pairs of news articles the right one is there."""

Added = tuple[Article, bool]
"""An article, and whether it is new to the library."""


class Engine(Closing):
    """Answers questions from one library.

    >>> with Engine.open("my-library") as engine:  # doctest: +SKIP
    ...     engine.answer("How many projects were launched?").text
    '40'
    """

    def __init__(self, library: Store, *, embedder: str | None = None, reader: str | Path | None = None) -> None:
        self.library = library
        self._names = (embedder, reader)
        self._lender: Engine | None = None

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        create: bool = False,
        embedder: str | None = None,
        reader: str | Path | None = None,
    ) -> Self:
        """Open the library in a folder, or the default one, which is built from the two bundled articles at first use.

        An address, ``milvus://HOST:PORT/COLLECTION``, names one on a server (docs/milvus.md). ``create`` makes a
        missing one. ``embedder`` and ``reader`` name other models, by folder. Raises ``LibraryError``, ``ModelError``,
        and ``InputError`` and ``MissingExtraError`` for an address.
        """
        if is_address(path):
            from index.stores import open_store

            return cls(open_store(str(path), create=create), embedder=embedder, reader=reader)
        if path is not None:
            return cls(Library.open(path, create=create), embedder=embedder, reader=reader)
        from qa.default_library import default_folder, fill

        engine = cls(Library.open(default_folder(), create=True), embedder=embedder, reader=reader)
        fill(engine)
        return engine

    def beside(self, library: Store) -> Self:
        """An engine over another library with the models of this one, which are loaded once for both.

        It closes its own library only; what it was made from may be closed before it.
        """
        engine = type(self)(library)
        engine._lender = self
        return engine

    def close(self) -> None:
        """Close the library."""
        self.library.close()

    @cached_property
    def embedder(self) -> Embedder:
        """The model that turns texts into vectors."""
        if self._lender is not None:
            return self._lender.embedder
        from index.embed import DEFAULT_EMBEDDER, load_embedder

        return load_embedder(self._names[0] or DEFAULT_EMBEDDER)

    @cached_property
    def retriever(self) -> Searcher:
        """The search over the library's passages."""
        from index.stores import searcher_of

        return searcher_of(self.library, self.embedder)

    @cached_property
    def asker(self) -> Asker:
        """The reader with its confidence."""
        if self._lender is not None:
            return self._lender.asker
        from qa.asking import Asker

        return Asker.load(self._names[1], self.embedder)

    def warm(self) -> None:
        """Load the models and the indexes now rather than at the first question."""
        self.retriever.refresh()
        self.answer("What is this about?")

    def answer(
        self,
        question: str,
        *,
        history: Sequence[Message] | None = None,
        top_k: int = DEFAULT_TOP_K,
        articles: Iterable[str] | None = None,
        where: Filter | None = None,
    ) -> Answer:
        """Answer one question; ``history`` holds the turns before it, oldest first, as ``{"role", "content"}``.

        ``top_k`` passages are read; ``articles`` names the only articles to look in, ``where`` also the only
        publishers, dates and speakers. Raises ``InputError`` for a question that is empty or over 2,000 characters
        and for a name in ``where`` that the library lacks, and ``UnknownArticleError``.
        """
        asked = self.answer_many([question], histories=[history or ()], top_k=top_k, articles=articles, where=where)
        return asked[0]

    def answer_many(
        self,
        questions: Sequence[str],
        *,
        histories: Sequence[Sequence[Message]] | None = None,
        top_k: int = DEFAULT_TOP_K,
        articles: Iterable[str] | None = None,
        where: Filter | None = None,
    ) -> list[Answer]:
        """``answer`` for several questions at once: searched together and read in one batch."""
        from qa.twins import SPARE, distinct_hits, with_twins

        started = time.perf_counter()
        turns = histories if histories is not None else [()] * len(questions)
        asked = [standalone(checked_question(q), h) for q, h in zip(questions, turns, strict=True)]
        rewritten = time.perf_counter()
        with self.library.snapshot():
            hits = self.retriever.search_many(asked, top_k + SPARE, articles=articles, where=where)
            held = self._articles_of([some[:top_k] for some in hits])
            read = [distinct_hits(some[:top_k], held, top_k) for some in hits]
            if any(some.twins for some in read):  # others take the places of copies
                held = self._articles_of(hits)
                read = [distinct_hits(some, held, top_k) for some in hits]
        found = time.perf_counter()
        spent = {"rewrite": rewritten - started, "retrieve": found - rewritten}
        speakers = where.speakers if where is not None else frozenset()
        answers = self.asker.answer_hits(questions, asked, [some.hits for some in read], held, spent, speakers)
        return [with_twins(answer, some, held) for answer, some in zip(answers, read, strict=True)]

    def answer_context(self, question: str, context: str) -> Answer:
        """Answer from one given text alone, without the library; offsets index that text."""
        return self.answer_contexts([(question, context)])[0]

    def answer_contexts(self, asked: Sequence[tuple[str, str]]) -> list[Answer]:
        """``answer_context`` for several (question, text) pairs, read in one batch."""
        return self.asker.answer_contexts([(checked_question(question), context) for question, context in asked])

    def search(
        self, query: str, k: int = 10, *, articles: Iterable[str] | None = None, where: Filter | None = None
    ) -> list[Hit]:
        """The best k passages for a query, best first, of those that ``where`` lets through."""
        return self.retriever.search(checked_question(query), k, articles=articles, where=where)

    def add(self, paths: str | Path | Iterable[str | Path]) -> list[Added | ReadFailure]:
        """Read files and folders, one path or several, and add their articles; what became of each file, in order.

        A file that cannot be read is a ``ReadFailure`` in the list and does not stop the others; a file that changed
        since it was added replaces its old article. Raises ``LibraryError`` where the library cannot be written.

        >>> engine.add("ferry.txt")  # doctest: +SKIP
        [(Article(id='0b1c…', title='Ferry sails again', …), True)]
        """
        return list(self.add_each(paths))

    def add_each(self, paths: str | Path | Iterable[str | Path]) -> Iterator[Added | ReadFailure]:
        """``add`` for callers that show progress: files are added in batches, and told in order when they are in."""
        for one in self.ingest(found_files([paths] if isinstance(paths, str | os.PathLike) else paths)):
            if one.failure is not None:
                yield one.failure
            elif one.article_id is not None:
                article = one.article or self.library.article(one.article_id)
                yield article, one.state in {"added", "replaced"}

    def ingest(
        self, files: Iterable[Path | ReadFailure], *, again: bool = False, skip_near_duplicates: bool = False
    ) -> Generator[Ingested]:
        """Add files in large batches; what became of each, in order, once it is safely in.

        A file that has not changed since it was added is not read, unless ``again``. ``skip_near_duplicates`` leaves
        out articles of nearly the same words as another. Raises ``LibraryError``.
        """
        from index.ingest import ingest

        # One process reads for every four cores that embed: an article takes 10 ms to read and 90 ms to embed on one.
        readers = max(1, min(4, (os.cpu_count() or 1) // 4))
        return ingest(
            files,
            self.library,
            self.embedder,
            again=again,
            skip_near_duplicates=skip_near_duplicates,
            readers=readers,
        )

    def add_article(self, article: Article, *, source: str | None = None) -> bool:
        """Add one article; ``False`` where the library has it already.

        ``source`` names the file that it came from: what the same file held before is replaced.
        """
        from index.prepared import embed_prepared, prepare_article

        prepared = prepare_article(article, self.embedder.count_tokens, source=source)
        return self.library.add_many(embed_prepared([prepared], self.embedder), model_id=self.embedder.id)[0]

    def remove(self, article_id: str) -> None:
        """Remove an article and all its passages; ``UnknownArticleError`` where there is none."""
        self.library.remove(article_id)

    def articles(self) -> list[ArticleSummary]:
        """The library's articles in the order they were added."""
        return self.library.articles()

    def facets(self) -> Facets:
        """The publishers, speakers and dates that a ``Filter`` can name, with how much there is of each."""
        return self.library.catalogue().facets()

    def _articles_of(self, hits: Sequence[Sequence[Hit]]) -> Mapping[str, Article]:
        ids = dict.fromkeys(hit.passage.article_id for found in hits for hit in found)
        return {article_id: self.library.article(article_id) for article_id in ids}
