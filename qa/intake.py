"""Files that visitors of the chat send: what one may be, what became of it, and its article read out of harm's way."""

from __future__ import annotations

import shutil
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath

from corpus.article_reader import WALL_SECONDS, ArticleReader
from corpus.closing import Closing
from corpus.errors import ArticleError
from corpus.types import Article

__all__ = ["Intake", "Limits", "Upload", "UploadReader", "as_megabytes", "shown_name"]

LONGEST_NAME = 100
LONGEST_EXTENSION = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the visitors of one server may take; sizes in bytes, times in seconds."""

    files: int = 200
    """Uploaded articles that one visitor holds at a time."""
    file_bytes: int = 20_000_000
    visitor_bytes: int = 100_000_000
    """Of all files that one visitor holds."""
    characters: int = 1_000_000
    """Of one article's text: a book of five hundred pages. A file of plain text may be twenty times as long, and would
    keep the processor busy for minutes."""
    read_seconds: float = WALL_SECONDS
    copy_bytes: int = 512_000_000
    """The largest library that is copied for a visitor."""
    visitors: int = 50
    """Visitors with a copy of their own at a time."""
    idle_seconds: float = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived at ``path``, and what the visitor calls it: shown, and used for its extension alone."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of one file, the ``done``-th of ``total``; ``article_id`` is ``None`` where it failed.

    ``name`` is the visitor's, on one line and cut where it is long; it and ``title`` are still strangers' words and
    to be escaped by who shows them. ``message`` is one line: "added", "already there", or what is wrong and the remedy.
    """

    name: str
    article_id: str | None
    title: str | None
    message: str
    added: bool
    done: int
    total: int

    @property
    def line(self) -> str:
        """The whole of it on one line: ``ferry.pdf: added``."""
        return f"{self.name}: {self.message}"


class UploadReader(Closing):
    """Reads uploads one after the other in a child process; ``folder`` is empty, its own, and deleted at the end."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._reader = ArticleReader(limits.read_seconds)

    def close(self) -> None:
        """End the reading process and delete what it was given."""
        self._reader.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def read(self, upload: Upload) -> tuple[Article, int]:
        """The article in an upload and the file's size in bytes.

        Raises `ArticleError` whose message names no file: the visitor knows which one it was.
        """
        data = _content(upload.path, self._limits.file_bytes)
        # Read under a name of our own: of the visitor's only the extension counts, and no sidecar stands beside it.
        file = self._folder / f"upload{_extension(upload)}"
        try:
            file.write_bytes(data)
            article = self._reader.read(file)
        except ArticleError as error:
            raise ArticleError(str(error).removeprefix(f"{file}: ").replace(str(file), "the file")) from error
        except OSError as error:
            raise ArticleError(f"it cannot be stored here ({error.strerror}); try again later") from error
        finally:
            file.unlink(missing_ok=True)
        if len(article.text) > self._limits.characters:
            raise ArticleError(f"longer than {self._limits.characters:,} characters; split it into single articles")
        return article, len(data)


def _content(path: Path, most: int) -> bytes:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise ArticleError("not a file; send an article file")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise ArticleError("the file did not arrive; send it again") from error
    if len(data) > most:
        raise ArticleError(f"larger than {as_megabytes(most)}; split it into single articles")
    return data


def _extension(upload: Upload) -> str:
    extension = PurePath(upload.name).suffix.lower()
    is_plain = extension[1:].isascii() and extension[1:].isalnum() and len(extension) <= LONGEST_EXTENSION
    return extension if is_plain else ""


def as_megabytes(size: int) -> str:
    """A size in bytes as people read it.

    >>> as_megabytes(20_000_000), as_megabytes(1_500_000)
    ('20 MB', '1.5 MB')
    """
    return f"{size / 1_000_000:.3g} MB"


def shown_name(upload: Upload) -> str:
    """What a visitor calls a file, on one line without invisible characters; a long name keeps its two ends.

    >>> shown_name(Upload(Path("x"), "../../my\\nreport.txt"))
    '../../my report.txt'
    """
    visible = "".join(letter if letter.isprintable() else " " for letter in upload.name)
    name = " ".join(visible.split()) or "a file without a name"
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 21]}…{name[-20:]}"
