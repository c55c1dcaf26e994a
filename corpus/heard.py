"""Who is heard in which passage of one article: those who say it, and those whose words it quotes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from corpus.speaker_names import Person, people_of

__all__ = ["Place", "Said", "heard"]

Said: TypeAlias = tuple[str, int, int, int, str]
"""Of a turn: the name, where the name begins, the turn's start and end, its kind."""

Place: TypeAlias = tuple[int, int, int, int | None]
"""Of a passage: its position among all, its span's start and end, where its speaker's name begins."""


def heard(said: Sequence[Said], places: Sequence[Place]) -> Iterator[tuple[Person, str, int]]:
    """Each person, as named, with the position of a passage that is theirs or holds words quoted of them.

    ``said`` are the turns of one article, ``places`` its passages in the order of the text.

    >>> list(heard([("Bo Lund", 0, 9, 20, "label")], [(7, 9, 20, 0)]))
    [(('bo', 'lund'), 'Bo Lund', 7)]
    """
    people = people_of(turn[0] for turn in said)
    labelled = {label: name for name, label, _, _, kind in said if kind != "quoted"}
    quoted = [(name, start, end) for name, _, start, end, kind in said if kind == "quoted"]
    for name, position in _positions(labelled, quoted, places):
        yield people[name], name, position


def _positions(
    labelled: dict[int, str], quoted: list[tuple[str, int, int]], places: Sequence[Place]
) -> Iterator[tuple[str, int]]:
    """Each name of a speaker with the positions of the passages that are theirs or hold words quoted of them."""
    for position, _, _, label in places:
        if label is not None and label in labelled:
            yield labelled[label], position
    starts = [place[1] for place in places]
    for name, start, end in quoted:
        at = bisect_left(starts, end) - 1
        while at >= 0 and places[at][2] > start:  # passages in order end in order
            yield name, places[at][0]
            at -= 1
