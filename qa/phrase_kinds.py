"""The kinds of words and phrases in English questions: closed classes, and what a run of words names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from corpus.people import person_in
from corpus.person_names import IMPERSONAL, Word, is_capitalised, is_honorific, is_role, name_end

__all__ = [
    "AUXILIARIES",
    "BE",
    "DETERMINERS",
    "FUNCTION",
    "HAVE",
    "JOINING",
    "PREPOSITIONS",
    "TIMES",
    "WH",
    "Kind",
    "is_adverb",
    "is_plural",
    "kind_of",
]

Kind = Literal["person", "role", "place", "single", "name", "thing", "time", "number"]
"""``single`` is one capitalised word that may be a person or a place; ``name`` is no person's."""

WH = frozenset("what which who whom whose when where why how".split())
BE = frozenset("is are was were be been being".split())
HAVE = frozenset("has have had".split())
AUXILIARIES = BE | HAVE | frozenset("do does did will would can could should shall may might must".split())
PREPOSITIONS = frozenset(
    """of in on at to for from by with about as into onto over under after before between among against through
    during since until near across inside outside within without behind beyond around along towards toward
    despite per than like via regarding concerning because""".split()
)
_PLACE_PREPOSITIONS = frozenset("in at near across inside outside around towards toward into".split())
# First words of names of places that look like a person's.
_GEOGRAPHIC = frozenset(
    "port cape mount lake fort new san santa upper lower great little east west north south isle".split()
)
JOINING = frozenset("in on for between at near against about".split())
DETERMINERS = frozenset(
    "the a an this that these those his her its their my our your each every some any all both no another".split()
)
_OTHER = frozenset(
    """anyone anybody anything someone somebody something nobody nothing everyone everybody everything according i
    you he she it we they me him us them there here and or but nor if whether while although though so
    because not else too also only even just yet still already now then again ever never often always soon
    today tomorrow yesterday more most much many less least very how one ones exactly who whom whose which
    what when where why please same done doing having down up off out away apart together""".split()
)
FUNCTION = PREPOSITIONS | AUXILIARIES | _OTHER
_MONTHS = frozenset("january february march april may june july august september october november december".split())
TIMES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday year years month months week weeks weekend day days
    morning afternoon evening night decade decades century spring summer autumn winter quarter time times date
    hour hours minute minutes""".split()
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:s|/\d\d|[-–]\d{2,4})?$")
_NOT_ADVERBS = frozenset("family supply assembly reply july italy fly ally butterfly anomaly jelly rally".split())
_PLURALS = frozenset("people men women children police fish sheep cattle staff media feet".split())
_NOT_PLURAL = ("ss", "us", "is", "news", "ics", "series", "’s", "'s")


def kind_of(words: Sequence[Word], start: int, end: int, before: str = "") -> Kind:
    """What a run of words names, by its last word, its capitals and the word before it."""
    head = re.sub(r"['’]s$", "", words[end - 1].low)
    if all(word.text[0].isdigit() and not _YEAR.match(word.text) for word in words[start:end]):
        return "number"
    if head in TIMES or any(
        word.low in _MONTHS and word.text[0].isupper() for word in words[start:end] if end - start < 5
    ):
        return "time"
    if _YEAR.match(words[end - 1].text):
        return "time"
    if not is_capitalised(words[end - 1].text):
        return "role" if is_role(head) or is_role(head.removesuffix("s")) else "thing"
    first = next(i for i in range(start, end) if is_capitalised(words[i].text) or i == end - 1)
    titled = any(is_role(word.text) or is_honorific(word.text) for word in words[start : end - 1])
    if words[start].low in DETERMINERS and not titled:
        return "name"
    person = person_in([*words[first : end - 1], _plain(words[end - 1])], 0, end - first)
    whole = name_end(words, first) >= end or any(word.low == "and" for word in words[first:end])
    if (
        person is None
        or not whole
        or words[end - 1].text.isupper()
        or any(w.low in IMPERSONAL for w in words[first + 1 : end])
    ):
        return "name"
    geographic = words[first].low in _GEOGRAPHIC and end - first > 1
    if geographic or (before in _PLACE_PREPOSITIONS and not titled):
        return "place"
    return "person" if titled or len(person.words) > 1 else "single"


def _plain(word: Word) -> Word:
    text = re.sub(r"['’]s?$", "", word.text) or word.text
    return Word(text, word.start, word.start + len(text), text.lower())


def is_plural(head: str) -> bool:
    """Whether a lower-case noun is a plural: ``ferries``, ``people``, not ``news``."""
    return head in _PLURALS or (head.endswith("s") and len(head) > 3 and not head.endswith(_NOT_PLURAL))


def is_adverb(low: str) -> bool:
    """Whether a word ends like an adverb: ``recently``."""
    return low.endswith("ly") and len(low) > 4 and low not in _NOT_ADVERBS
