"""Names of speakers as they are compared: in any case and spacing, without forms of address, whole or in part."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

__all__ = ["Person", "folded", "parts_of", "people_of", "person_of"]

Person: TypeAlias = tuple[str, ...]
"""The words of a person's name as they are compared."""

# Only forms of address that are nobody's given or family name: "Dean Smith" and "Judge Mbatha" stay as they are.
_ADDRESSES = frozenset("mr mrs ms miss mx dr prof professor sir dame madam".split())


def folded(name: str) -> str:
    """A name without regard to case, spacing and the ways Unicode has of writing the same letters.

    >>> folded("  The MIRANI  Post ")
    'the mirani post'
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def person_of(name: str) -> Person:
    """The words of a name, without full stops and without a form of address before them.

    >>> person_of("Dr. Ana  SILVA"), person_of("Professor")
    (('ana', 'silva'), ('professor',))
    """
    words = [word.rstrip(".,") or word for word in folded(name).split()]
    while len(words) > 1 and words[0] in _ADDRESSES:
        del words[0]
    return tuple(words)


def parts_of(person: Person) -> set[Person]:
    """What a person may be called: the whole name, its first and its last words; family names stand at either end.

    >>> sorted(parts_of(("bo", "lund")))
    [('bo',), ('bo', 'lund'), ('lund',)]
    """
    return {part for cut in range(1, len(person) + 1) for part in (person[:cut], person[-cut:])}


def people_of(names: Iterable[str]) -> dict[str, Person]:
    """Who each of the names that one article writes is: a part of exactly one fuller name is that person.

    >>> people_of(["Bo Lund", "Mr Lund", "Ana"])
    {'Bo Lund': ('bo', 'lund'), 'Mr Lund': ('bo', 'lund'), 'Ana': ('ana',)}
    """
    written = {name: person_of(name) for name in names}
    fuller: dict[Person, set[Person]] = defaultdict(set)
    for person in written.values():
        for part in parts_of(person) - {person}:
            fuller[part].add(person)
    return {name: _fullest(person, fuller) for name, person in written.items()}


def _fullest(person: Person, fuller: Mapping[Person, set[Person]]) -> Person:
    """The one whole name that ``person`` is a part of; itself where there is none or two."""
    whole = [name for name in fuller.get(person, ()) if name not in fuller]
    return whole[0] if len(whole) == 1 else person
