"""The articles that a gold set is checked against, read without an index or a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path, PurePath
from typing import TypeAlias

from corpus.article import read_article
from corpus.bundled import bundled_articles
from corpus.library import Library
from corpus.schema import FILE_NAME
from corpus.store import Store, is_address
from corpus.types import Article
from qa.default_library import default_folder

__all__ = ["Shelf", "library_texts", "open_shelf"]

Named: TypeAlias = tuple[str, Iterable[str]]
"""An article's id and the files it was read from."""


class Shelf(Mapping[str, str]):
    """Texts of articles by id, and also by the name of the file each was read from, with or without its ending.

    Iterating gives the ids, each once; a text is read when it is asked for. A file name that several articles share
    names none of them.
    """

    def __init__(self, named: Iterable[Named], read: Callable[[str], Article]) -> None:
        self._read = read
        self._sources = {article_id: tuple(sources) for article_id, sources in named}
        self._ids = {article_id: article_id for article_id in self._sources}
        shared: set[str] = set()
        for article_id, sources in self._sources.items():
            for name in {name for source in sources for name in (PurePath(source).stem, PurePath(source).name)}:
                if self._ids.setdefault(name, article_id) != article_id:
                    shared.add(name)
        for name in shared - self._sources.keys():
            del self._ids[name]

    def __getitem__(self, name: str) -> str:
        return self.article(name).text

    def __contains__(self, name: object) -> bool:
        return name in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that an article can be called by."""
        return tuple(self._ids)

    def id_of(self, name: str) -> str | None:
        """The id of the article of that name, or ``None``."""
        return self._ids.get(name)

    def article(self, name: str) -> Article:
        """The article of that name; raises ``KeyError``."""
        return self._read(self._ids[name])


def library_texts(library: Store) -> Shelf:
    """The texts of an open library's articles, by id and by file name."""
    return Shelf(((summary.id, summary.sources) for summary in library.articles()), library.article)


@contextmanager
def open_shelf(folder: str | Path | None = None) -> Iterator[Shelf]:
    """The articles of the library in ``folder``, or of the default one; raises ``LibraryError``.

    A default library that is not made yet is not made here, which would take the models: the bundled articles, of
    which it will be made, stand for it.
    """
    if is_address(folder):
        from index.stores import open_store

        with closing(open_store(str(folder))) as store:
            yield library_texts(store)
        return
    place = default_folder() if folder is None else Path(folder)
    if folder is None and not (place / FILE_NAME).is_file():
        yield _bundled()
        return
    with Library.open(place) as library:
        yield library_texts(library)


def _bundled() -> Shelf:
    read = {article.id: (article, (str(path),)) for path in bundled_articles() for article in [read_article(path)]}
    return Shelf(((article_id, sources) for article_id, (_, sources) in read.items()), lambda name: read[name][0])
