"""The person who is the subject at one place of a sentence: a name, a pronoun or an office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.people import People, Person, person_in
from corpus.person_names import Word, is_role, name_end
from corpus.speech import is_reporting_verb, verb_at, verb_form
from corpus.types import Span

__all__ = ["Subject", "subject_at"]

_DETERMINERS = frozenset({"the", "our", "a", "an", "its", "his", "her", "their", "one", "another", "this"})
_JOINERS = frozenset({"and", "of", "for", "in", "at", "the", "-", "&"})
_NOT_NOUNS = frozenset({"who", "that", "which", "is", "was", "has", "had", "will", "would", "can", "could", "may"}) | (
    frozenset(
        {"might", "must", "should", "shall", "did", "does", "are", "were", "have", "also", "then", "he", "she", "we"}
    )
)
_PREPOSITIONS = frozenset({"of", "for", "in", "at", "from", "with", "by", "to", "on", "near", "under"})
_AFTER_OFFICE = frozenset({"of", "for", "in", "at", "from", "with", "and", "to"})
_MAX_OFFICE = 10


@dataclass(frozen=True, slots=True)
class Subject:
    """Who acts: ``end`` is the index of the word after the phrase; a pronoun has no ``person``."""

    end: int
    person: Person | None = None
    pronoun: str = ""
    known: bool = True


def subject_at(words: Sequence[Word], index: int, people: People) -> Subject | None:
    """The person whose naming begins at ``words[index]``, or ``None``.

    ``known`` is false for a single bare word that nothing else in the article shows to be a person.
    """
    if index >= len(words):
        return None
    if words[index].low in {"he", "she"} and name_end(words, index) == index:
        return Subject(index + 1, pronoun=words[index].low)
    after = index + (words[index].low in _DETERMINERS)
    if not words[index].text[0].isalpha() or after >= len(words):
        return None
    named = _named(words, after, people, bare=after == index)
    if named and (named.known or not _leads_in(words, index, after)):
        return named
    return _in_office(words, index, after, people) or _set_off(words, index, people) or named


def _leads_in(words: Sequence[Word], index: int, after: int) -> bool:
    """Whether a capital stands there for an office or a sentence's beginning: ``Finance director Paul Trimble``."""
    for word in words[after + 1 : after + 5]:
        if word.text in "'’":
            continue
        if not word.text.islower() or word.low in _NOT_NOUNS or verb_form(word.text) or word.low in _DETERMINERS:
            return False
        if is_role(word.text):
            return after == index
    return False


def _set_off(words: Sequence[Word], index: int, people: People) -> Subject | None:
    """Somebody described first and then named: "The oldest of them, Ana Ruiz, ...", "the wine critic Bo Lind"."""
    if words[index].low not in _DETERMINERS:
        return None
    end = index + 1
    while end < min(len(words), index + _MAX_OFFICE) and _in_noun_phrase(words[end]):
        described = end > index + 1 and words[end - 1].low not in _PREPOSITIONS
        if described and words[end - 1].text.islower() and (named := _name_after(words, end)):
            return _introduced(named) if named.person and len(named.person.words) > 1 else None
        end += 1
    return _between_commas(words, end, people)


def _introduced(named: Subject) -> Subject:
    """The subject as somebody whom the words around the name show to be a person."""
    return replace(named, person=replace(named.person, titled=True)) if named.person else named


def _between_commas(words: Sequence[Word], comma: int, people: People) -> Subject | None:
    """The name set off by commas at ``comma``, perhaps after a calling: ", Ana Ruiz," or ", the poet Ana Ruiz,"."""
    if comma >= len(words) or words[comma].text != ",":
        return None
    for start in range(comma + 1, min(len(words), comma + 6)):
        person = named.person if (named := _name_after(words, start)) else None
        if named and person and (len(person.words) > 1 or person.titled or people.knows(person)):
            closed = named.end < len(words) and words[named.end].text == ","
            return _introduced(Subject(named.end + 1, person)) if closed else None
        if not words[start].text.islower() or words[start].low in _NOT_NOUNS | _PREPOSITIONS:
            return None
    return None


def _named(words: Sequence[Word], index: int, people: People, *, bare: bool) -> Subject | None:
    end = name_end(words, index)
    if end == index or is_role(words[end - 1].text):
        return None
    # A calling has a capital at the beginning of a sentence only: "Lawyer Ana Ruiz thinks so."
    calling = index == 0 and end - index > 2 and is_role(words[index].low)
    person = person_in(words, index + calling, end)
    if person is None or not (bare or person.titled):
        return None
    person = replace(person, titled=person.titled or calling)
    known = person.titled or people.knows(person)
    joint = _joint(words, end) if known or len(person.words) > 1 else None
    if joint:
        end, person = joint, Person(Span(person.label.start, words[joint - 1].end), (*person.words, "and"), titled=True)
    return Subject(end, person, known=known or len(person.words) > 1)


def _joint(words: Sequence[Word], end: int) -> int | None:
    """Where "Ana Ruiz and Bo Lind" ends, for two who say the same."""
    if end + 1 >= len(words) or words[end].low != "and":
        return None
    last = name_end(words, end + 1)
    return last if last > end + 1 and person_in(words, end + 1, last) else None


def _in_office(words: Sequence[Word], index: int, after: int, people: People) -> Subject | None:
    """Somebody named by an office: "the deputy mayor, Ana Ruiz,", "district mayor Ana Ruiz" or just "the mayor"."""
    role, stop = -1, after
    while stop < min(len(words), after + _MAX_OFFICE) and _in_noun_phrase(words[stop]):
        if is_role(words[stop].text) and words[stop - 1].low not in {"of", "for"}:
            role = stop
            named = _name_after(words, stop + 1) or _name_after_place(words, stop + 1)
            if named:
                return named
        stop += 1
    if role < 0:
        return None
    if named := _between_commas(words, stop, people):
        return named
    if stop < len(words) and words[stop].text == "," and (named := _name_after(words, stop + 1)):
        closing = named.end < len(words) and words[named.end].text == ","
        return Subject(named.end + closing, named.person)
    # "the general contractor" is no general, but "an old man listens" has its verb there.
    compound = role + 1 < stop and words[role + 1].low not in _AFTER_OFFICE and words[role + 1].text.islower()
    compound = compound and not words[role + 1].low.endswith(("s", "ed"))
    if after == index or (compound and verb_at(words, role + 1) is None):
        return None
    stop = role + 1 if stop > role + 1 and words[role + 1].low not in _AFTER_OFFICE else stop
    return Subject(stop, _by_office(words, index, role, people))


def _in_noun_phrase(word: Word) -> bool:
    plain = word.text[0].isalpha() or word.text in {"-", "&", "'", "’"}
    return plain and not is_reporting_verb(word.text) and word.low not in _NOT_NOUNS


def _name_after(words: Sequence[Word], index: int) -> Subject | None:
    end = name_end(words, index) if index < len(words) else index
    if end <= index or is_role(words[end - 1].text):
        return None
    person = person_in(words, index, end)
    return Subject(end, person) if person else None


def _name_after_place(words: Sequence[Word], index: int) -> Subject | None:
    """The name in "Prime Minister of Sakha Aisen Protov": the last two words of a run that begins with the place."""
    if index >= len(words) or words[index].low != "of":
        return None
    end = name_end(words, index + 1)
    person = person_in(words, end - 2, end) if end - index > 3 else None
    return Subject(end, person) if person else None


def _by_office(words: Sequence[Word], index: int, role: int, people: People) -> Person:
    """The article's one holder of the office where a definite "the mayor" means them, else the phrase itself."""
    definite = words[index].low in {"the", "our"}
    holder = people.holder(words[role].low) if definite else None
    if holder:
        return holder
    label = Span(words[index].start, words[role].end)
    return Person(label, tuple(word.low for word in words[index : role + 1]), titled=False)
