"""What a library knows again: the files it has read, and articles of nearly the same words.

The statements stand here, apart from the library's own; ``Library`` hands them its connections.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.connections import Connections
from corpus.near_duplicates import band_hashes, shingles_of
from corpus.vectors import is_vector
from corpus.writes import release_source, store_bands

__all__ = ["ALIKE", "COMMON", "Held", "Recognition", "is_gone"]

COMMON = 50
"""Articles looked at for one band: what more of them share is a template, which tells no copy from another."""
ALIKE = 5
"""Articles compared word by word, at a millisecond each: a copy shares several bands, a stranger by chance one."""


@dataclass(frozen=True, slots=True)
class Held:
    """The article that a file holds."""

    article_id: str
    title: str | None


class Recognition:
    """The part of ``Library`` that knows files and articles again."""

    _connections: Connections
    _looked_through: str | None = ""
    """The last article that was looked at for its bands; ``None`` after all of them."""

    def stamps(self, sources: Sequence[str]) -> dict[str, str]:
        """The stamp that each of these files had when it was added; those that are unknown are left out."""
        query = """SELECT path, stamp FROM sources
            WHERE stamp IS NOT NULL AND path IN (SELECT value FROM json_each(?))"""
        with self._connections.reading() as connection:
            return dict(connection.execute(query, (json.dumps(list(sources)),)).fetchall())

    def held(self, sources: Sequence[str]) -> dict[str, Held]:
        """The article that each of these files held when it was added; those that are unknown are left out."""
        query = """SELECT path, articles.id, title FROM sources JOIN articles ON articles.id = article_id
            WHERE path IN (SELECT value FROM json_each(?))"""
        with self._connections.reading() as connection:
            rows = connection.execute(query, (json.dumps(list(sources)),)).fetchall()
        return {path: Held(article_id, title) for path, article_id, title in rows}

    def vectors_of(self, article_id: str, model_id: str) -> dict[str, NDArray[np.float32]]:
        """The stored vectors (d,) of one article by one model, by the id of the passage; damaged ones are left out."""
        query = """SELECT passages.id, passages.rowid, vector, embeddings.crc, dimension FROM passages
            JOIN embeddings ON passage = passages.rowid JOIN models ON model = number
            WHERE article_id = ? AND models.id = ?"""
        with self._connections.reading() as connection:
            rows = connection.execute(query, (article_id, model_id)).fetchall()
        return {
            passage: np.frombuffer(blob, dtype="<f4")
            for passage, rowid, blob, crc, dimension in rows
            if is_vector(blob, rowid, dimension, crc)
        }

    def sharing_bands(self, bands: Sequence[int]) -> list[tuple[str, str]]:
        """Id and text of the articles that share most of these bands, most first; at most five."""
        with self._connections.reading() as connection:
            found: Counter[int] = Counter()
            for band in bands:
                query = "SELECT article FROM bands WHERE hash = ? LIMIT ?"
                found.update(number for (number,) in connection.execute(query, (band, COMMON)))
            # As bytes: a text that a flaw of the disk has changed is unlike the others, and no reason to stop.
            query = "SELECT id, CAST(text AS BLOB) FROM articles WHERE number = ?"
            best = [number for number, _ in found.most_common(ALIKE)]
            rows = [row for number in best for row in connection.execute(query, (number,))]
        return [(article_id, text.decode("utf-8", "replace")) for article_id, text in rows]

    def fill_bands(self, most: int) -> int:
        """Give up to ``most`` articles the bands that they lack, as after a change of format; how many got them.

        Each opening looks through the articles once, in the order of their ids, however often this is called.
        """
        query = """SELECT id, (SELECT CAST(text AS BLOB) FROM articles AS whole WHERE whole.number = articles.number)
            FROM articles WHERE id > ? AND NOT EXISTS (SELECT 1 FROM bands WHERE article = number)
            ORDER BY id LIMIT ?"""
        if self._looked_through is None:
            return 0
        with self._connections.reading() as connection:
            rows = connection.execute(query, (self._looked_through, most)).fetchall()
        self._looked_through = rows[-1][0] if len(rows) == most else None
        made = [(article_id, band_hashes(shingles_of(text.decode("utf-8", "replace")))) for article_id, text in rows]
        if made:
            with self._connections.writing() as connection:
                for article_id, bands in made:
                    store_bands(connection, article_id, bands)
        return len(made)

    def prune(self, folder: Path) -> list[Held]:
        """Forget the files below ``folder`` that are gone, in one transaction; the articles that went with them.

        An article that another file holds too stays. A file that cannot be looked at is not gone.
        """
        root = str(folder.resolve()).rstrip("/\\")
        query = """SELECT path, articles.id, title FROM sources JOIN articles ON articles.id = article_id
            WHERE substr(path, 1, ?) IN (?, ?) ORDER BY number"""
        with self._connections.reading() as connection:
            rows = connection.execute(query, (len(root) + 1, f"{root}/", f"{root}\\")).fetchall()
        gone = [(path, Held(article_id, title)) for path, article_id, title in rows if is_gone(Path(path))]
        if not gone:
            return []
        with self._connections.writing() as connection:
            return [held for path, held in gone if release_source(connection, path)]


def is_gone(file: Path) -> bool:
    """Whether there is no such file; one that cannot be looked at is not gone."""
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False
