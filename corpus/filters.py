"""Which articles and passages a search may look at: chosen articles, publishers, dates and speakers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from corpus.errors import InputError

__all__ = ["Filter"]

_EMPTY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Filter:
    """What a passage must fulfil to be looked at; empty fields ask for nothing, and all that are given must hold.

    An article is named by its id, a publisher by its name and a speaker by the whole name or by its first or last
    words ("Lund" for Bo Lund), names in any case and spacing. ``since`` and ``until`` are both within the range, and
    an article without a date is outside any range. Raises InputError for a field that cannot be used.

    >>> Filter(publishers=frozenset({"Mirani Post"}), since=date(2023, 5, 1)).is_empty
    False
    """

    articles: frozenset[str] = _EMPTY
    publishers: frozenset[str] = _EMPTY
    speakers: frozenset[str] = _EMPTY
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        for field in ("articles", "publishers", "speakers"):
            object.__setattr__(self, field, _names(field, getattr(self, field)))
        for field in ("since", "until"):
            object.__setattr__(self, field, _day(field, getattr(self, field)))
        if self.since is not None and self.until is not None and self.since > self.until:
            raise InputError(f"the range of dates ends before it begins: {self.since} to {self.until}; swap the two")

    @property
    def is_empty(self) -> bool:
        """Whether everything is let through."""
        return self == _EVERYTHING


def _names(field: str, values: Iterable[str]) -> frozenset[str]:
    """The names given, from any collection of them; one bare string would be taken for its letters."""
    names = _EMPTY if isinstance(values, str) else frozenset(values)
    if isinstance(values, str) or not all(isinstance(name, str) for name in names):
        raise InputError(f"the {field} of a filter are not a set of names; give them as in {{'...'}}")
    if any(not name.strip() for name in names):
        raise InputError(f"one of the {field} of a filter is empty; name it or leave it out")
    return names


def _day(field: str, value: object) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    if isinstance(value, datetime):
        return value.date()
    raise InputError(f"{field}={value!r} of a filter is not a date; give one as in datetime.date(2021, 5, 31)")


_EVERYTHING = Filter()
