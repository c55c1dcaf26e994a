"""What a library does about files that are no library, full disks, flipped bits and cut files."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from corpus import rows, schema
from corpus.errors import LibraryError
from corpus.library import Library
from corpus.rows import article_from_row, passage_from_row, row_from_article, row_from_passage
from corpus.types import Article, Passage, Span

MODEL = "toy"
FLIPS = 300
TURNS, SENTENCES = -3, -2
"""Where a row has its lists; the pages of an article, which may be missing, and the seal come last."""


def make_article(text: str, **facts: object) -> Article:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(id=digest[:16], text=text, sha256=digest, **facts)  # type: ignore[arg-type]


def make_passages(article: Article, size: int = 40) -> list[Passage]:
    spans = [Span(start, min(start + size, len(article.text))) for start in range(0, len(article.text), size)]
    return [Passage(f"{article.id}:{n}", article.id, span, sentences=(span,)) for n, span in enumerate(spans)]


def make_vectors(count: int, dimension: int = 4, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def add(library: Library, article: Article) -> bool:
    passages = make_passages(article)
    return library.add(article, passages, make_vectors(len(passages)), model_id=MODEL)


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "lib", create=True) as opened:
        yield opened


HARBOUR = make_article("The harbour of Leixões reopened on Monday. " * 5, title="Harbour", published="2023-03-06")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: None, "there is none"),
        (lambda folder: folder.write_text("x"), "it is a file"),
        (lambda folder: (folder.mkdir(), (folder / "library.db").touch()), "empty"),
        (lambda folder: (folder.mkdir(), (folder / "library.db").write_bytes(b"no database" * 500)), "not a library"),
        (lambda folder: (folder.mkdir(), (folder / "library.db").mkdir()), "there is none"),
    ],
)
def test_what_is_no_library_is_refused_in_one_line(tmp_path, make, message):
    folder = tmp_path / "lib"
    make(folder)
    with pytest.raises(LibraryError, match=message) as caught:
        Library.open(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("create", [False, True])
def test_a_stranger_s_database_is_refused_and_left_alone(tmp_path, create):
    file = tmp_path / schema.FILE_NAME
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE notes (text)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(LibraryError, match="another program"):
        Library.open(tmp_path, create=create)
    assert file.read_bytes() == before


@pytest.mark.parametrize(("version", "message"), [(schema.VERSION + 1, "newer release"), (-3, "unknown format")])
def test_another_format_is_refused(tmp_path, version, message):
    Library.open(tmp_path, create=True).close()
    connection = sqlite3.connect(tmp_path / schema.FILE_NAME)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(LibraryError, match=message):
        Library.open(tmp_path)


def test_a_closed_library_says_so(library):
    library.close()
    with pytest.raises(LibraryError, match="closed"):
        library.articles()


def test_a_full_disk_leaves_the_old_state(library):
    add(library, HARBOUR)
    before = library.articles()
    with library._connections.reading() as connection:
        pass
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    big = make_article("A very long protocol of the council of Ávila. " * 2000)
    with pytest.raises(LibraryError, match="disk is full"):
        add(library, big)
    assert library.articles() == before
    assert library.check() == []
    connection.execute("PRAGMA max_page_count = 1000000")
    assert add(library, big)


def read_all(folder: Path) -> tuple[object, ...]:
    with Library.open(folder) as library:
        rowids, vectors = library.vectors(MODEL)
        everything = library.article(HARBOUR.id), library.passages(rowids), vectors.tobytes(), len(library.rowids())
        if problems := library.check():
            raise LibraryError(problems[0])
        return everything


def outcome(folder: Path) -> object:
    """All that the library holds, or the LibraryError; what a killed process would leave beside it is removed."""
    try:
        return read_all(folder)
    except LibraryError as error:
        return error
    finally:
        for log in folder.glob("library.db-*"):
            log.unlink()


def test_flipped_bits_in_the_database_are_never_served(tmp_path):
    with Library.open(tmp_path, create=True) as library:
        add(library, HARBOUR)
    truth = read_all(tmp_path)
    file = tmp_path / schema.FILE_NAME
    sound = file.read_bytes()
    random = np.random.default_rng(5)
    refusals = 0
    for place in random.integers(0, len(sound), FLIPS):
        damaged = bytearray(sound)
        damaged[place] ^= 1 << int(random.integers(8))
        file.write_bytes(damaged)
        result = outcome(tmp_path)
        if isinstance(result, LibraryError):
            refusals += 1
            assert "\n" not in str(result)
        else:
            assert result == truth
    assert refusals > 0.02 * FLIPS, "most bytes of a small database are unused, but not all"


def test_truncation_is_refused(tmp_path):
    with Library.open(tmp_path, create=True) as library:
        add(library, HARBOUR)
    truth = read_all(tmp_path)
    file = tmp_path / schema.FILE_NAME
    sound = file.read_bytes()
    for size in (0, 1, 50, 99, 100, 4096, len(sound) // 2):
        file.write_bytes(sound[:size])
        assert isinstance(outcome(tmp_path), LibraryError), f"{size} bytes"
    file.write_bytes(sound[:-1])  # the end of a page that holds nothing yet may be missed by nobody
    result = outcome(tmp_path)
    assert isinstance(result, LibraryError) or result == truth


def test_check_names_an_altered_text(tmp_path):
    with Library.open(tmp_path, create=True) as library:
        add(library, HARBOUR)
    connection = sqlite3.connect(tmp_path / schema.FILE_NAME)
    connection.execute("UPDATE articles SET text = replace(text, 'Monday', 'Sunday')")
    connection.execute("UPDATE passages SET span_end = 100000 WHERE rowid = 2")
    connection.execute("UPDATE embeddings SET vector = zeroblob(16) WHERE passage = 1")
    connection.commit()
    connection.close()
    with Library.open(tmp_path) as library:
        assert len(library.check()) == 3 or "damaged" in library.check()[0]
        with pytest.raises(LibraryError, match="damaged"):
            library.article(HARBOUR.id)
        with pytest.raises(LibraryError, match="damaged"):
            library.vectors(MODEL)


@pytest.mark.parametrize("stored", ["[[1]]", "7", '[["a"]]', "[" * 100_000])
def test_a_stored_list_that_makes_no_sense_is_one_line_under_a_sound_seal(stored):
    turns, sentences = list(row_from_article(HARBOUR)), list(row_from_passage(make_passages(HARBOUR)[0]))
    turns[TURNS], sentences[SENTENCES] = stored, stored
    for read, row in ((article_from_row, sealed(turns)), (passage_from_row, (*sealed(sentences), 1))):
        with pytest.raises(LibraryError, match="is damaged; remove its article and add it again") as refused:
            read(row)
        assert "\n" not in str(refused.value)


def sealed(row: list[object]) -> tuple[object, ...]:
    return rows._sealed(*row[:-1])


def test_no_pickle_in_the_file(library: Library, tmp_path: Path):
    add(library, HARBOUR)
    with library._connections.reading() as connection:
        (blob,) = connection.execute("SELECT vector FROM embeddings").fetchone()
    assert len(blob) == 16
