"""What earlier turns name, and whom ``he`` and ``she`` may stand for, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.clauses import Clause, parse
from qa.exchanges import Exchange
from qa.phrase_kinds import Kind
from qa.phrases import Phrase, phrases_of

__all__ = [
    "BODIES",
    "PEOPLE_WORDS",
    "PERSONS",
    "PLACE_CLASSES",
    "SAYING",
    "acts",
    "answer_phrase",
    "class_of_place",
    "definite",
    "first_name",
    "is_event",
    "people",
    "spread",
    "subject_first",
]

_MAX_ANSWER_WORDS = 12
BODIES = frozenset(
    """council government company firm ministry committee board commission parliament party union court team club
    bank agency authority university school hospital group association organisation organization department
    office delegation crew jury panel police state city town country province cabinet""".split()
)
_EVENTS = frozenset(
    """meeting conference summit forum session ceremony festival fair match game final race tournament cup concert
    exhibition congress workshop seminar rally protest parade hearing trial election debate wedding funeral
    talks event regatta championship championships olympics games marathon symposium gathering assembly
    dinner launch""".split()
)
PLACE_CLASSES = frozenset(
    """city town country province region village place state district county island capital port venue location
    area continent site neighbourhood neighborhood municipality building hall stadium""".split()
)
PEOPLE_WORDS = frozenset(
    "people men women children residents villagers families pupils passengers police staff".split()
)
PERSONS = frozenset(
    """winner loser owner user driver worker farmer teacher pupil student child visitor passenger sailor member man
    woman person patient reader writer player buyer seller tenant parent victim witness neighbour neighbor founder
    inventor designer builder author keeper runner boy girl mother father husband wife artist actor captain
    thief murderer suspect hero customer client guest resident citizen voter""".split()
)
SAYING = frozenset("say think tell warn believe argue explain hope know want feel describe".split())
_PREPOSITION = re.compile(r"^(in|at|on|near|from|to|outside|inside|off|around|across)\s+(?=\S)", re.IGNORECASE)


def spread(phrase: Phrase, text: str) -> str:
    """The phrase with what hangs on it: ``the cost of the tunnel``."""
    return text[phrase.start : phrase.reach]


def is_event(phrase: Phrase) -> bool:
    """Whether something takes place: a meeting, a fair."""
    return phrase.head in _EVENTS


def class_of_place(noun: str) -> bool:
    """Whether a noun names a kind of place: ``city``."""
    return noun in PLACE_CLASSES


def answer_phrase(exchange: Exchange) -> Phrase | None:
    """An answer that is one noun phrase, whole; ``None`` for a clause, a quotation or no answer."""
    answer = (exchange.answer or "").rstrip(" .;,!")
    if not answer or len(answer.split()) > _MAX_ANSWER_WORDS:
        return None
    found = _PREPOSITION.match(answer)
    prep, bare = (found[1].lower(), answer[found.end() :]) if found else ("", answer)
    phrases = phrases_of(bare)
    if not phrases or phrases[0].start:
        return None
    first = phrases[0]
    rest = bare[first.reach :].lstrip()
    if rest and not re.match(r"[,(]|(?:and|who|which|that|or)\b|(?:in|of|for|at|on|from|by|with|to)\b", rest):
        return None
    many = first.plural or (rest.startswith(("and ", ", ")) and " and " in rest)
    kind = _kind_asked_for(parse(exchange.question), first)
    return Phrase(bare, 0, len(bare), len(bare), first.head, kind, many, prep)


def _kind_asked_for(clause: Clause, answer: Phrase) -> Kind:
    """What an answer names: ``Which company ...?`` makes two capitalised words no person."""
    start, end = clause.noun
    if answer.kind not in {"person", "single"} or start == end or clause.wh not in {"which", "what"}:
        return answer.kind
    nouns = phrases_of(clause.part(start, end))
    if any(p.kind == "role" or p.head in {"person", "man", "woman"} for p in nouns):
        return "person"
    return "place" if any(p.head in PLACE_CLASSES for p in nouns) else "name"


def subject_first(clause: Clause) -> list[Phrase]:
    """The phrases of a question, its subject before the others."""
    phrases = phrases_of(clause.text, clause)
    if clause.subject[0] == clause.subject[1]:
        return phrases
    at = clause.words[clause.subject[0]].start
    return sorted(phrases, key=lambda phrase: (phrase.start != at, phrase.start))


def people(past: Sequence[Exchange]) -> Iterator[str]:
    """The persons whom ``he`` or ``she`` may mean, the likeliest first; never a body."""
    for certain in (True, False):
        for exchange in reversed(past):
            clause = parse(exchange.question)
            answer = answer_phrase(exchange)
            asked = clause.wh in {"who", "whom", "whose"} or _asks_for_role(clause)
            named = any(p.kind == "person" for p in subject_first(clause))  # "Who is Ana Silva?": not "the mayor"
            if answer and _names_someone(answer, asked, certain) and not (named and answer.kind == "role"):
                yield first_name(answer)
            for phrase in subject_first(clause):
                if phrase.human and certain and not phrase.plural:
                    yield phrase.text if phrase.kind == "person" else spread(phrase, clause.text)
                elif phrase.kind == "single" and not phrase.plural and (not certain) != acts(clause, phrase):
                    yield phrase.text
            if not answer and exchange.answer and certain:
                yield from (p.text for p in phrases_of(exchange.answer) if p.kind == "person" and not p.plural)


def _names_someone(answer: Phrase, asked: bool, certain: bool) -> bool:
    """Whether an answer names one person; ``an engineer`` does only where it was asked who."""
    if answer.plural or answer.prep:
        return False
    if certain:
        return answer.kind == "person" or (asked and answer.kind in {"role", "single"})
    return answer.kind == "single"


def first_name(answer: Phrase) -> str:
    """The name alone where a post follows: ``Ana Silva, mayor of Porto``."""
    return re.split(r"\s*[,(]| who | of the ", answer.text)[0] if answer.kind == "person" else answer.text


def acts(clause: Clause, phrase: Phrase) -> bool:
    """Whether a single name is the subject of a verb that people do."""
    verb = clause.words[clause.verb].low if clause.verb >= 0 else ""
    subject = clause.words[clause.subject[0]].start if clause.subject[0] < len(clause.words) else -1
    return verb in SAYING and phrase.start == subject


def _asks_for_role(clause: Clause) -> bool:
    start, end = clause.noun
    return start < end and any(p.kind == "role" for p in phrases_of(clause.part(start, end)))


def definite(text: str) -> str:
    """A thing spoken of before: ``a new line`` is now ``the new line``."""
    found = re.match(r"(?:an?|some|any|this|that|these|those)\s+", text, re.IGNORECASE)
    if found:
        return "the " + text[found.end() :]
    if re.match(r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\s+[a-z]", text, re.IGNORECASE):
        return f"the {text}"
    return re.sub(r"^The\b", "the", text)
