"""Who the people of one article are: their full names, surnames and offices, gathered before it is read for turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from corpus.person_names import IMPERSONAL, OPENERS, PARTICLES, Word, is_honorific, is_role, name_end
from corpus.speech import is_reporting_verb
from corpus.types import Span

__all__ = ["People", "Person", "gather_people", "people_in", "person_in"]

# Words of bodies and times that are first names or family names when they come first: Park Min-ho, Bill Ames.
_FIRST_NAMES = frozenset(
    {"park", "hall", "lake", "bay", "may", "april", "june", "august", "day", "bill", "law", "price", "power", "march"}
)
_AGE = range(6, 110)


@dataclass(frozen=True, slots=True)
class Person:
    """One mention of a person: the name's place, its words in lower case, and whether a title comes with it."""

    label: Span
    words: tuple[str, ...]
    titled: bool


@dataclass(slots=True)
class People:
    """The people of one article; ``full`` maps each word of a name to the first full name that holds it."""

    full: dict[str, Person] = field(default_factory=dict)
    offices: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)

    def key(self, person: Person) -> tuple[str, ...]:
        """What two mentions of the same person share: the words of the full name."""
        known = [self.full[word].words for word in person.words if word in self.full]
        return known[-1] if known and set(person.words) <= set(known[-1]) else person.words

    def knows(self, person: Person) -> bool:
        """Whether a word of the name belongs to somebody whom the article introduces."""
        return any(word in self.full for word in person.words)

    def holder(self, office: str) -> Person | None:
        """The one person of the article who holds the office, or ``None`` where nobody or several do."""
        keys = self.offices.get(office, set())
        return self.full.get(next(iter(keys))[-1]) if len(keys) == 1 else None

    def add(self, person: Person, offices: Iterable[str] = ()) -> None:
        """Remember a person; of two names that share a word the longer one is kept, else the first."""
        for word in person.words:
            known = self.full.get(word)
            if len(word) > 1 and word not in PARTICLES and (known is None or len(known.words) < len(person.words)):
                self.full[word] = person
        for office in offices:
            self.offices.setdefault(office, set()).add(self.key(person))


def person_in(words: Sequence[Word], start: int, end: int) -> Person | None:
    """The person named by the run ``words[start:end]``, without offices and honorifics; ``None`` for a body or place.

    An honorific before a single name stays (``Ms Keane``), for nothing longer stands there.
    """
    first = max((index + 1 for index in range(start, end) if is_role(words[index].text)), default=start)
    name = first
    while name < end and (is_honorific(words[name].text) or (words[name].text == "." and name > first)):
        name += 1
    if name == end and name > first:  # Judge, King and Dean are family names too.
        name = max(first, end - 1)
    rest = [word for word in words[name:end] if word.text != "."]
    if not rest or words[end - 1].low.endswith(("'s", "’s")):
        return None
    titled = name > start
    if not titled and ((len(rest) == 1 and rest[0].low in OPENERS) or _is_impersonal(rest)):
        return None
    label = words[first if len(rest) == 1 else name].start
    return Person(Span(label, words[end - 1].end), tuple(word.low for word in rest), titled)


def people_in(words: Sequence[Word]) -> Iterator[tuple[int, int, Person]]:
    """Every run of name words that may name a person: where it begins, where it ends, and whom it names."""
    index = 0
    while index < len(words):
        end = name_end(words, index) if words[index].text[0].isalpha() else index
        if end > index and (person := person_in(words, index, end)):
            yield index, end, person
        index = max(end, index + 1)


def _is_impersonal(rest: Sequence[Word]) -> bool:
    return any(
        word.low in IMPERSONAL and not (index == 0 and len(rest) > 1 and word.low in _FIRST_NAMES)
        for index, word in enumerate(rest)
    )


def gather_people(paragraphs: Iterable[Sequence[Word]]) -> People:
    """The people whom the paragraphs introduce: with a title, an office, an age, ``who``, or a verb of saying."""
    people = People()
    for words in paragraphs:
        for index, end, person in people_in(words):
            offices = _offices_before(words, index, person) + _offices_after(words, end)
            if offices or person.titled or _is_introduced(words, index, end, person):
                people.add(person, offices)
    return people


def _offices_before(words: Sequence[Word], index: int, person: Person) -> list[str]:
    """The office written right before the name, inside the run or outside it, or set off by a comma."""
    before = [word.low for word in words[index : index + 6] if word.start < person.label.start and is_role(word.text)]
    last = index - 1 - (index > 1 and words[index - 1].text == ",")
    if not before and last >= 0 and is_role(words[last].text):
        before = [words[last].low]
    return before


def _offices_after(words: Sequence[Word], end: int) -> list[str]:
    """The offices in the apposition after the name: ``Ana Ruiz, the deputy mayor of Lugo, ...``."""
    if end >= len(words) or words[end].text not in {",", "("}:
        return []
    found: list[str] = []
    for offset, word in enumerate(words[end + 1 : end + 12]):
        if word.text in {",", ".", ")", ";"} or (offset > 1 and word.low in {"who", "said", "says"}):
            break
        if is_role(word.text):
            found.append(word.low)
    return found


def _is_introduced(words: Sequence[Word], index: int, end: int, person: Person) -> bool:
    after = words[end : end + 2]
    set_off = len(after) == 2 and after[0].text in {",", "("}
    if set_off and after[1].text.isdecimal() and int(after[1].text) in _AGE:
        return True
    if len(person.words) < 2:
        return False
    if set_off and after[1].low in {"who", "whose"}:
        return True
    says = bool(after) and is_reporting_verb(after[0].text)
    return says or (index > 0 and is_reporting_verb(words[index - 1].text))
