"""The database file behind a library: its tables, its version and the checks before it is trusted.

The file names itself (``application_id``) and its format (``user_version``), so a stranger's database or a library of
a later release is refused in one line before a table is read.
"""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import LibraryError

__all__ = ["APPLICATION_ID", "FILE_NAME", "VERSION", "connect", "create", "explaining", "inspect", "upgrade"]

FILE_NAME = "library.db"
APPLICATION_ID = 0x51414C42  # "QALB" in ASCII
VERSION = 3
OLDEST = 1  # format 1 knew no pages; format 2 no stamps of files, no log of what was removed and no bands
BUSY_SECONDS = 30.0  # a writer holds the lock for one transaction; adding 1,000 articles takes about a second

# AUTOINCREMENT: a passage's rowid is its vector's id and is never given to another passage, so an index that is one
# generation behind can miss a passage but never name a wrong one.
# ``crc`` seals the other columns of its row: SQLite notices torn pages, not a flipped bit inside a value.
TABLES: tuple[str, ...] = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID",
    """CREATE TABLE articles (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, title TEXT, author TEXT,
        publisher TEXT, published TEXT, url TEXT, format TEXT NOT NULL, sha256 TEXT NOT NULL, turns TEXT NOT NULL,
        crc INTEGER NOT NULL, added_at TEXT NOT NULL, pages TEXT)""",
    """CREATE TABLE sources (
        path TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE, stamp TEXT)
        WITHOUT ROWID""",
    "CREATE INDEX sources_by_article ON sources(article_id)",
    """CREATE TABLE passages (
        rowid INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
        article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE, span_start INTEGER NOT NULL,
        span_end INTEGER NOT NULL, speaker_start INTEGER, speaker_end INTEGER, section_start INTEGER,
        section_end INTEGER, sentences TEXT NOT NULL, crc INTEGER NOT NULL)""",
    "CREATE INDEX passages_by_article ON passages(article_id)",
    "CREATE TABLE models (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, dimension INTEGER NOT NULL)",
    """CREATE TABLE embeddings (
        model INTEGER NOT NULL REFERENCES models(number) ON DELETE CASCADE,
        passage INTEGER NOT NULL REFERENCES passages(rowid) ON DELETE CASCADE,
        vector BLOB NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (model, passage))""",
    "CREATE INDEX embeddings_by_passage ON embeddings(passage)",
)

# Rows of passages that are gone, first to last, with the generation that their removal made: an index of an earlier
# generation is brought up to date by them and by the rows above its last one.
REMOVED = "CREATE TABLE {0}removed (generation INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL)"
TABLES += (
    REMOVED.format(""),
    "CREATE INDEX removed_by_generation ON removed(generation)",
    # What near-duplicates of an article share: hashes over bands of its MinHash signature.
    """CREATE TABLE bands (
        hash INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES articles(number) ON DELETE CASCADE,
        PRIMARY KEY (hash, article)) WITHOUT ROWID""",
    "CREATE INDEX bands_by_article ON bands(article)",
)

NEW_TABLES = TABLES[-4:]
NEW_COLUMNS = {"articles": "pages", "sources": "stamp"}
# An older library that may only be read is given what it lacks for this connection: temporary names come first.
SHOW_NO_PAGES = """CREATE TEMP VIEW articles AS
    SELECT number, id, text, title, author, publisher, published, url, format, sha256, turns, crc, added_at,
    NULL AS pages FROM main.articles"""

REASONS = {
    "SQLITE_FULL": "the disk is full; free some space and try again (nothing was changed)",
    "SQLITE_IOERR": "the disk cannot be read or written; check it and try again (nothing was changed)",
    "SQLITE_BUSY": "another process is writing to it; try again when it has finished",
    "SQLITE_LOCKED": "another process is writing to it; try again when it has finished",
    "SQLITE_READONLY": "it may only be read; copy the library to a folder you may write to",
    "SQLITE_CANTOPEN": "the file cannot be opened; check the permissions of the folder",
    "SQLITE_PERM": "access is denied; check the permissions of the folder",
    "SQLITE_NOTADB": "the file is not a library; name another folder, or move the file away and add the articles again",
    "SQLITE_CORRUPT": "the file is damaged; move it away and add the articles again",
}


@contextmanager
def explaining(file: Path) -> Iterator[None]:
    """Turn whatever SQLite raises over ``file`` into a LibraryError of one line that says how to mend it."""
    try:
        yield
    except sqlite3.ProgrammingError as error:
        raise LibraryError(f"library {file}: it was closed while in use; open it again ({error})") from error
    except (sqlite3.Error, UnicodeDecodeError) as error:
        # Without a code it is text that is not UTF-8, in a value or in the table definitions.
        name = getattr(error, "sqlite_errorname", None) or "SQLITE_CORRUPT"
        reason = REASONS.get("_".join(name.split("_")[:2]), f"{error}; run a check of the library")
        raise LibraryError(f"library {file}: {reason}") from error


def connect(file: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a connection in autocommit mode to the existing ``file``; raises ``sqlite3.Error``.

    ``synchronous=FULL``: an article that was reported as added outlives a power cut. It costs one fsync a
    transaction, little beside computing its embeddings.
    """
    connection = _open(file, "mode=ro" if read_only else "mode=rw")
    try:
        _configure(connection)
    except sqlite3.OperationalError:
        connection.close()
        # WAL needs a writable folder even for reading. Where nothing is pending in the log, the file alone is whole.
        if not read_only or _pending_log(file):
            raise
        connection = _open(file, "mode=ro&immutable=1")
        _configure(connection)
    except BaseException:
        connection.close()
        raise
    if read_only and _is_older(connection):
        if not _has_column(connection, "articles", "pages"):
            connection.execute(SHOW_NO_PAGES)
        connection.execute(REMOVED.format("temp."))
    return connection


def _configure(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA schema_version").fetchone()  # the first real access to the file


def _open(file: Path, options: str) -> sqlite3.Connection:
    # check_same_thread is off only so that closing a library can close the connections of all its threads.
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?{options}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )


def _pending_log(file: Path) -> bool:
    log = file.with_name(file.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def create(file: Path) -> None:
    """Make ``file`` a library unless it is one: all tables in one transaction, so two processes may race here."""
    connection = _open(file, "mode=rwc")
    try:
        if _is_blank(connection):  # asked without a lock first, so that opening never waits for a writer
            connection.execute("BEGIN IMMEDIATE")
            if _is_blank(connection):
                _make_tables(connection)
            connection.execute("COMMIT")
        if inspect(connection) is None:
            _use_write_ahead_log(connection)
    finally:
        connection.close()


def upgrade(file: Path) -> None:
    """Bring a library of an older format up to this one, in one transaction; nothing else is touched."""
    connection = _open(file, "mode=rw")
    try:
        if _is_older(connection):
            connection.execute("BEGIN IMMEDIATE")
            if _is_older(connection):  # no other process was faster
                _add_what_is_new(connection)
                connection.execute(f"PRAGMA user_version = {VERSION}")
            connection.execute("COMMIT")
    finally:
        connection.close()


def _add_what_is_new(connection: sqlite3.Connection) -> None:
    for table, column in NEW_COLUMNS.items():
        if not _has_column(connection, table, column):
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT")
    for statement in NEW_TABLES:
        connection.execute(
            statement.replace(" TABLE ", " TABLE IF NOT EXISTS ").replace(" INDEX ", " INDEX IF NOT EXISTS ")
        )


def _has_column(connection: sqlite3.Connection, table: str, column: str) -> bool:
    return any(row[1] == column for row in connection.execute(f"PRAGMA table_info({table})"))


def _is_older(connection: sqlite3.Connection) -> bool:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return bool(application == APPLICATION_ID and OLDEST <= version < VERSION)


def _make_tables(connection: sqlite3.Connection) -> None:
    for statement in TABLES:
        connection.execute(statement)
    identity = {"uuid": uuid.uuid4().hex, "generation": 0}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", identity.items())
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to WAL, so that readers never wait for a writer; the switch itself needs a moment alone."""
    for _ in range(50):
        if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
            return
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            time.sleep(0.02)
    # Still correct in the rollback mode it stays in; the next process that opens with create=True tries again.


def _is_blank(connection: sqlite3.Connection) -> bool:
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(objects == 0)


def inspect(connection: sqlite3.Connection) -> str | None:
    """Why this database cannot serve as a library, with the remedy; ``None`` where it can."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if _is_blank(connection):
        return "the file is empty; add an article to create the library"
    if application != APPLICATION_ID:
        return "the database belongs to another program; name another folder"
    if version > VERSION:
        return f"it has format {version}, this release reads up to {VERSION}; install a newer release"
    if version < OLDEST:
        return f"it has the unknown format {version}; move it away and add the articles again"
    return None
