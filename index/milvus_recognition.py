"""What a store on Milvus knows again: the files it has read, and articles of nearly the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.recognition import ALIKE, COMMON, Held, is_gone
from index.milvus_layout import Kind, key_of
from index.milvus_records import Head, Records, SourceRow
from index.milvus_rows import passage_from
from index.milvus_writes import Writer

__all__ = ["MilvusRecognition"]


class MilvusRecognition:
    """The part of ``MilvusStore`` that knows files and articles again."""

    passages: str
    records: Records
    writer: Writer

    def stamps(self, sources: Sequence[str]) -> dict[str, str]:
        """The stamp that each of these files had when it was added; those that are unknown are left out."""
        return {path: found.stamp for path, (found, _) in self._known(sources).items() if found.stamp is not None}

    def held(self, sources: Sequence[str]) -> dict[str, Held]:
        """The article that each of these files held when it was added; those that are unknown are left out."""
        known = self._known(sources)
        return {path: Held(found.article_id, head.facts["title"]) for path, (found, head) in known.items()}

    def vectors_of(self, article_id: str, model_id: str) -> dict[str, NDArray[np.float32]]:
        """The stored vectors (d,) of one article by one model, by the id of the passage."""
        heads = self.records.heads([key_of(article_id)])
        stored = self.records.fact("model")
        if not heads or stored is None or stored[0] != model_id:
            return {}
        (head,) = heads.values()
        where = f'revision == "{head.revision}"'
        rows = self.records.connection.scan(self.passages, where, ["id", "record", "dense"])
        return {passage_from(row["record"]).id: np.asarray(row["dense"], dtype=np.float32) for row in rows}

    def sharing_bands(self, bands: Sequence[int]) -> list[tuple[str, str]]:
        """Id and text of the articles that share most of these bands, most first; at most eight."""
        if not bands:
            return []
        wanted = set(bands)
        where = f'kind == "{Kind.HEAD}" and array_contains_any(bands, [{", ".join(map(str, sorted(wanted)))}])'
        rows = self.records.connection.query(
            self.records.collection, where, ["article", "bands"], limit=COMMON * len(wanted)
        )
        shared = Counter({row["article"]: len(wanted & set(row["bands"])) for row in rows})
        best = [key for key, _ in shared.most_common(ALIKE)]
        articles = self.records.articles(self.records.heads(best).values())
        return [(articles[key].id, articles[key].text) for key in best if key in articles]

    def fill_bands(self, most: int) -> int:
        """Nothing: no store on Milvus is older than the bands."""
        del most
        return 0

    def prune(self, folder: Path) -> list[Held]:
        """Forget the files below ``folder`` that are gone; the articles that went with them.

        An article that another file holds too stays. A file that cannot be looked at is not gone.
        """
        root = str(folder.resolve()).rstrip("/\\")
        below = {
            key: [path for path in paths if path.startswith((f"{root}/", f"{root}\\"))]
            for key, paths in self.records.all_sources().items()
        }
        gone = {path for paths in below.values() for path in paths if is_gone(Path(path))}
        touched = {key for key, paths in below.items() if gone & set(paths)}
        heads = self.records.heads(touched)
        removed = self.writer.release(gone, touched)
        return [Held(heads[key].facts["id"], heads[key].facts["title"]) for key in removed if key in heads]

    def _known(self, paths: Sequence[str]) -> dict[str, tuple[SourceRow, Head]]:
        """The files whose article is there, with it."""
        known = self.records.sources(paths)
        heads = self.records.heads(source.article for source in known.values())
        return {path: (found, heads[found.article]) for path, found in known.items() if found.article in heads}
