"""Each visitor of the chat with articles of their own: what one adds or removes no other one sees.

Visitors begin with the server's library. The first change by one copies it to a private folder, so that the ranking
stays one ranking over all that the visitor may see; the models are those of the server. Nothing of it outlives the
visit, the limits or the server.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

from corpus.closing import Closing
from corpus.copies import copy_library, stored_bytes
from corpus.errors import InputError, LibraryError, QAError, UnknownArticleError
from corpus.store import Store
from corpus.types import Article
from qa.engine import Engine
from qa.holdings import Holding, Holdings
from qa.intake import Intake, Limits, Upload, UploadReader, as_megabytes, shown_name
from qa.private_folder import PrivateFolder

__all__ = ["Intake", "Limits", "Upload", "Visitors"]

STANDARD = Limits()
READ_AT_ONCE = 2
"""Child processes reading uploads at a time, each of which may take two gigabytes."""

_LIBRARY = re.compile(r"^library .*?: ")  # where it lies is the server's business


class Visitors(Closing):
    """The engines of a server's visitors, who are told apart by an id that is kept secret, such as a session's.

    ``engine`` is the server's own and stays its owner's to close. With ``shared`` all visitors use it and change it.
    ``folder`` is where the private folder is made, the system's temporary folder by default. Safe to use from several
    threads. Raises LibraryError where that folder cannot be written.

    >>> with Visitors(engine) as visitors:  # doctest: +SKIP
    ...     for intake in visitors.add(session, [Upload(path, "ferry.pdf")]):
    ...         print(intake.line)
    ...     with visitors.using(session) as own:
    ...         own.answer("When did the ferry sail?")
    ferry.pdf: added
    """

    def __init__(
        self, engine: Engine, *, shared: bool = False, folder: Path | None = None, limits: Limits = STANDARD
    ) -> None:
        self.limits = limits
        self.shared = shared
        self._engine = engine
        self._folder = PrivateFolder(folder)
        self._holdings = Holdings(limits, _dispose)
        self._reading = BoundedSemaphore(READ_AT_ONCE)

    @contextmanager
    def using(self, visitor: str) -> Iterator[Engine]:
        """The engine that answers this visitor: the server's until the visitor changes something, then their own.

        It is not closed inside the block, whoever else needs room. An empty id is nobody's: it has the server's.
        """
        with self._holdings.asking(visitor) as holding:
            try:
                yield self._engine if holding is None else self._current(holding)
            finally:
                _release(holding)

    def add(self, visitor: str, files: Sequence[Upload]) -> Iterator[Intake]:
        """Add files to what this visitor sees; tells of each, in order, and goes on after one that fails.

        A file is read and added when the iterator is asked for it. Raises InputError without an id, and LibraryError
        after ``close``.
        """
        _refuse_nobody(visitor)
        uploads = tuple(files)
        with self._holdings.uploading(visitor) as holding, self._reader() as reader:
            for done, upload in enumerate(uploads, 1):
                name = shown_name(upload)
                try:
                    article, added = self._add(holding, upload, reader)
                except (QAError, OSError) as error:
                    yield Intake(name, None, None, _reason(error), False, done, len(uploads))
                else:
                    message = "added" if added else "already there"
                    yield Intake(name, article.id, article.title, message, added, done, len(uploads))

    def remove(self, visitor: str, article_id: str) -> None:
        """Take an article out of what this visitor sees, an own one or one of the server's.

        Raises UnknownArticleError where the visitor sees none of that id, LibraryError where no copy can be made.
        """
        _refuse_nobody(visitor)
        with self._holdings.uploading(visitor) as holding, self._changing(holding):
            self._current(holding).library.article(article_id)  # an unknown one is no reason for a copy
            self._own(holding).remove(article_id)
            holding.uploads.pop(article_id, None)

    def inbox(self) -> Path:
        """A new empty folder for files on their way here; nobody else may look into it, and it ends with the rest.

        Raises LibraryError where it cannot be made.
        """
        try:
            return self._folder.subfolder()
        except OSError as error:
            raise LibraryError(f"uploads cannot be stored here ({error.strerror}); free some space") from error

    def forget(self, visitor: str) -> None:
        """Delete what belongs to this visitor, at once or when the question in flight is answered."""
        self._holdings.forget(visitor)

    def close(self) -> None:
        """Forget all visitors and delete the private folder."""
        self._holdings.close()
        self._folder.close()

    def _reader(self) -> UploadReader:
        try:
            return UploadReader(self._folder.subfolder(), self.limits)
        except OSError as error:
            raise LibraryError(f"uploads cannot be stored here ({error.strerror}); try again later") from error

    def _add(self, holding: Holding, upload: Upload, reader: UploadReader) -> tuple[Article, bool]:
        holding.refuse_gone()
        self._refuse_surplus(holding)
        with self._reading:
            article, size = reader.read(upload)
        with self._changing(holding):
            held = _find(self._current(holding).library, article.id)
            if held is not None:
                return held, False
            self._refuse_surplus(holding, size)
            added = self._own(holding).add_article(article)
            holding.uploads[article.id] = size
            return article, added

    @contextmanager
    def _changing(self, holding: Holding) -> Iterator[None]:
        with self._holdings.change(holding):
            try:
                yield
            finally:
                _release(holding)

    def _refuse_surplus(self, holding: Holding, size: int = 0) -> None:
        limits = self.limits
        if len(holding.uploads) >= limits.files:
            raise InputError(f"you have added {limits.files} files, which is the most; remove some first")
        if sum(holding.uploads.values()) + size > limits.visitor_bytes:
            most = as_megabytes(limits.visitor_bytes)
            raise InputError(f"with it your files would be larger than {most} together; remove some first")
        if holding.engine is None and not self.shared:
            self._refuse_large_copy()

    def _refuse_large_copy(self) -> None:
        size = stored_bytes(self._engine.library)
        if size > self.limits.copy_bytes:
            raise LibraryError(
                f"the articles here ({as_megabytes(size)}) are too many to copy for one visitor; whoever runs this "
                "server can start it with --shared-library, or add the file with the command qa add"
            )

    def _current(self, holding: Holding) -> Engine:
        return self._engine if holding.engine is None else holding.engine

    def _own(self, holding: Holding) -> Engine:
        """The visitor's own engine, made from the server's at the first change."""
        if self.shared:
            holding.engine = self._engine  # and no folder: nothing of it is the visitor's
        elif holding.engine is None:
            self._refuse_large_copy()
            self._holdings.take_place(holding)
            try:
                holding.folder = self._folder.subfolder()
                holding.engine = self._engine.beside(copy_library(self._engine.library, holding.folder))
            except BaseException:
                holding.has_place = False
                _dispose(holding)
                raise
        return holding.engine


def _dispose(holding: Holding) -> None:
    if holding.folder is not None:
        if holding.engine is not None:
            holding.engine.close()
        shutil.rmtree(holding.folder, ignore_errors=True)


def _release(holding: Holding | None) -> None:
    """Close what this thread has open of a visitor's own library: many of them times many threads are too many files.

    Reopening takes a millisecond.
    """
    if holding is not None and holding.folder is not None and holding.engine is not None:
        holding.engine.library.release()


def _find(library: Store, article_id: str) -> Article | None:
    try:
        return library.article(article_id)
    except UnknownArticleError:
        return None


def _reason(error: Exception) -> str:
    """What a visitor is told: one line, without the places of this machine."""
    if isinstance(error, OSError):
        return f"it cannot be stored here ({error.strerror or 'unknown reason'}); try again later"
    return _LIBRARY.sub("", " ".join(str(error).split()))


def _refuse_nobody(visitor: str) -> None:
    if not visitor:
        raise InputError("this request belongs to no visit; open the page again")
