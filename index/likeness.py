"""Which article a new one is nearly the same as: among those of a store and those just before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Protocol, runtime_checkable

from corpus.near_duplicates import NEAR, Shingles, resemblance, shingles_of
from corpus.recognition import ALIKE, COMMON
from corpus.types import Article
from index.prepared import Prepared

__all__ = ["Likeness", "RecognisesCopies"]

FILLED = 500  # older articles given their bands with each batch: at half a millisecond each, a few percent of its time


@runtime_checkable
class RecognisesCopies(Protocol):
    """A store that can tell which articles may be nearly the same."""

    def sharing_bands(self, bands: Sequence[int]) -> list[tuple[str, str]]:
        """Id and text of the articles that share most of these bands, a few of them, most first."""

    def fill_bands(self, most: int) -> int:
        """Give up to ``most`` articles the bands that they lack; how many got them."""


class Likeness:
    """Finds the articles of one batch that are near-duplicates; none of them for a store that cannot tell."""

    def __init__(self, store: object) -> None:
        self._store = store if isinstance(store, RecognisesCopies) else None
        self._before: list[Article] = []
        self._by_band: dict[int, list[int]] = {}
        if self._store is not None:
            self._store.fill_bands(FILLED)

    def original_of(self, prepared: Prepared, *, but: Collection[str] = ()) -> str | None:
        """The id of an article that this one is nearly the same as, if there is one; never itself or of ``but``."""
        if self._store is None:
            return None
        own: Shingles | None = None
        for other, text in (*self._store.sharing_bands(prepared.bands), *self._just_before(prepared.bands)):
            if other == prepared.article.id or other in but:
                continue
            own = shingles_of(prepared.article.text) if own is None else own
            if resemblance(own, shingles_of(text)) >= NEAR:
                return other
        return None

    def remember(self, prepared: Prepared) -> None:
        """Compare the articles that follow with this one too, which is not stored yet."""
        for band in prepared.bands:
            self._by_band.setdefault(band, []).append(len(self._before))
        self._before.append(prepared.article)

    def _just_before(self, bands: Sequence[int]) -> list[tuple[str, str]]:
        shared = Counter(place for band in bands for place in self._by_band.get(band, [])[:COMMON])
        found = (self._before[place] for place, _ in shared.most_common(ALIKE))
        return [(article.id, article.text) for article in found]
