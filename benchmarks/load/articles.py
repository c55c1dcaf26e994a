"""Articles of invented places, and for each a question with its own answer: who gets another's answer is found out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Story", "stories"]

_FIRST = "Bor Cal Dun Eska Fen Gol Hest Ilm Jar Kel Lom Mir Nor Ost Pel Quin Ras Sel Tarn Ulm Vor Wex Yar Zel".split()
_LAST = ("vik", "mont", "haven", "stad", "brook")
_PEOPLE = ("Ida Brandt", "Omar Voss", "Lena Ruiz", "Petr Kolar", "Ana Sou", "Jon Hale", "Mia Tran", "Ravi Nair")
_WORKS = ("bridge", "library", "harbour", "school", "museum", "station", "theatre", "hospital")


@dataclass(frozen=True, slots=True)
class Story:
    """An article as a file, and the question that it alone answers."""

    name: str
    text: str
    question: str
    place: str
    sum: str
    """The words that answer the question."""


def stories() -> Iterator[Story]:
    """One after the other, all different; 120 of them."""
    for number, (last, first) in enumerate((last, first) for last in _LAST for first in _FIRST):
        place, work, person = first + last, _WORKS[number % len(_WORKS)], _PEOPLE[number % len(_PEOPLE)]
        cost = f"{number * 7 + 11} million crowns"
        text = (
            f"A new {work} for {place}\n\nThe town of {place} has opened its new {work}. "
            f"The {work} of {place} cost {cost}, said {person}, who led the work for {number % 5 + 2} years.\n\n"
            f"The old {work} will be taken down next spring. "
            f"Some {number * 13 + 400} people came to the opening in {place} on Saturday, in spite of the rain."
        )
        question = f"How much did the {work} of {place} cost?"
        yield Story(f"{place.lower()}.txt", text, question, place, cost)
