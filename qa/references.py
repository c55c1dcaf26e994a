"""Pronouns and ``that meeting`` in a question to what they stand for in the turns before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.antecedents import acts, answer_phrase, class_of_place, people, spread
from qa.clauses import parse
from qa.exchanges import Exchange
from qa.groups import groups
from qa.overlap import stem
from qa.phrase_kinds import AUXILIARIES
from qa.phrases import Phrase, phrases_of
from qa.places import places
from qa.things import things
from qa.verbs import base_form, is_finite

__all__ = ["Genders", "resolve"]

Genders = dict[str, str]
"""Which of ``he`` and ``she`` a person has been called in this conversation, by name."""

MAX_FILLING = 150
"""Characters; more than that is a sentence, not the name of something."""

_PERSONAL = re.compile(r"\b(he|she|him|her|hers|his|himself|herself)\b", re.IGNORECASE)
_NEUTER = re.compile(r"\b(its|it)\b", re.IGNORECASE)
_MANY = re.compile(r"\b(they|them|their|theirs)\b", re.IGNORECASE)
_THERE = re.compile(
    r"(?:\b(from|to|over|in|near|around|go|goes|travel|come|get|live|lives|up)\s+)?\bthere\b", re.IGNORECASE
)
_EXISTS = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|has|have|will|would|can|could|may|might)\s+)there\b|\bthere\s+(?:is|are|was|were|be|will|has|have)\b",
    re.IGNORECASE,
)
_EMPTY_IT = re.compile(
    r"\bit\s+(?:[\w'’-]+\s+){0,14}?(?:that|who|whose)\b|"
    r"\bas [\w'’ -]{1,40} puts? it\b|"
    r"\b(?:consider\w*|finds?|found|makes?|made|thinks?|thought|deem\w*)\s+it\s+(?:\w+\s+){1,3}(?:to|that)\b|"
    r"\bit\s+(?:rain|snow)|\bwhat time is it\b|"
    r"\bit\s+(?:\w+ly\s+)?(?:true|possible|likely|important|necessary|hard|easy|difficult|safe|legal|clear)\b|"
    r"\bit\s+(?:take|takes|took|cost|costs|feel|feels|felt|mean|means)\s+(?:[\w'’-]+\s+){0,3}?to\s+\w+\s+\w|"
    r"\bit\s+(?:take|takes|took)\s+(?:him|her|them|(?-i:[A-Z]))",
    re.IGNORECASE,
)
_POINTING = re.compile(r"\b(that|this|these|those|the|such(?: an?)?)\s+((?!same\b|other\b)[a-z][\w-]*)", re.IGNORECASE)
_BARE_THAT = re.compile(
    r"(?:(?<=\bis )|(?<=\bwas )|(?<=\bdid )|(?<=\bdoes )|(?<=\bwill )|(?<=\bof )|(?<=\babout )|(?<=\bfor )|(?<=\bby ))"
    r"(this|that|these|those)(?=\s*[?.!]|\s+(?:mean|means|happen|cost|start|begin|end|work|take|important|so|held|done|"
    r"built|decided|needed|necessary|possible|in|on|at|by|for|help|matter|change|affect|expected|planned)\b)",
    re.IGNORECASE,
)
_WHO_SAID = re.compile(
    r"^(who (?:has |had )?(?:said|says|claimed|claims|stated)) (?:that|this|so|it)\W*$", re.IGNORECASE
)
_MEN = re.compile(r"\b(?:mr|sir|lord|king|prince|father|husband|spokesman|chairman|man|brother)\b", re.IGNORECASE)
_WOMEN = re.compile(
    r"\b(?:mrs|ms|miss|lady|queen|princess|mother|wife|spokeswoman|chairwoman|woman|sister|madam)\b", re.IGNORECASE
)
_MEET = re.compile(
    r"\b(?:they|them)\s+(?:first\s+)?(?:meet|met|agree|discuss|talk|sign|marry|divorce|quarrel|speak)\b", re.IGNORECASE
)
_PEOPLE_CLASSES = frozenset("man woman person official politician speaker expert scientist leader player".split())
_NOT_POINTED = frozenset(
    "same other others way rest end case first second third last next world past future most".split()
)


def resolve(question: str, past: Sequence[Exchange], genders: Genders) -> str:
    """The question with its open references filled in from ``past``; the same text where it has none.

    ``genders`` is read, and told who was called he or she here.
    """
    text = question
    for step in (_pointed, _personal, _many, _neuter, _there, _bare_that):
        text = step(text, past, genders)
    return text


def _replace(text: str, start: int, end: int, filling: str) -> str:
    if start == 0:
        filling = filling[:1].upper() + filling[1:]
    return text[:start] + filling + text[end:]


def _not_circular(name: str, text: str) -> str:
    """Without ``that died in 2020`` where the question asks about the same verb again: ``Why did they die?``."""
    thing, joint, clause = name.partition(" that ")
    asked = {base_form(word) for word in re.findall(r"[a-z]+", text.lower())} - AUXILIARIES
    return (
        thing if joint and any(base_form(word) in asked for word in clause.lower().split() if is_finite(word)) else name
    )


def _owner(name: str) -> str:
    return name + ("'" if name.endswith("s") else "'s")


def _possessive(word: str, rest: str) -> bool:
    if word in {"his", "its", "their"}:
        return True
    following = re.match(r"\s+([\w'’-]+)", rest)
    closed = "to about in on at for with by from of say said when where if that during after before as and or"
    return word == "her" and following is not None and following[1].lower() not in closed.split()


def _before(text: str, end: int) -> list[Phrase]:
    clause = parse(text)
    return [phrase for phrase in phrases_of(text, clause) if phrase.end <= end]


def _personal(text: str, past: Sequence[Exchange], genders: Genders) -> str:
    found = _PERSONAL.search(text)
    if not found:
        return text
    word = found[1].lower()
    own = [p for p in _before(text, found.start()) if p.human or (p.kind == "single" and not p.prep)]
    possessive = _possessive(word, text[found.end() :])
    if own and (possessive or word not in {"him", "her"}):
        return text
    gender = "m" if word.startswith("h") and not word.startswith("her") else "f"
    taken = {p.text for p in own}
    name = next((name for name in people(past) if name not in taken and _may_be(name, gender, genders)), None)
    if name is None:
        return text
    genders[name] = gender
    filling = _owner(name) if possessive or word == "hers" else name
    return _replace(text, *found.span(), filling)


def _may_be(name: str, gender: str, genders: Genders) -> bool:
    known = genders.get(name) or ("m" if _MEN.search(name) else "f" if _WOMEN.search(name) else gender)
    return known == gender


def _many(text: str, past: Sequence[Exchange], genders: Genders) -> str:
    pair = _pair(past) if _MEET.search(text) else ""
    for _ in range(2):  # "Where did they find them?"
        found = _MANY.search(text)
        own = [p.text.lower() for p in _before(text, found.start()) if _is_group(p)] if found else []
        if not found or (own and found[1].lower() != "them"):
            break
        name = pair or next((name for name in groups(past, text) if name.lower() not in own), "")
        if not name or len(name) > MAX_FILLING:
            break
        if found[1].lower() == "they" and _THERE.search(text, found.end()):
            name = "people"  # "What do they speak there?": whoever lives in that place
        name = _not_circular(name, text)
        text = _replace(text, *found.span(), _owner(name) if found[1].lower().startswith("their") else name)
    return text


def _is_group(phrase: Phrase) -> bool:
    return phrase.plural or phrase.kind in {"name", "person", "role"}


def _pair(past: Sequence[Exchange]) -> str:
    """The two people of the last exchange, who met or agreed."""
    last = past[-1]
    asked = [p.text for p in phrases_of(last.question) if p.human]
    answer = answer_phrase(last)
    other = [answer.text] if answer and not answer.prep and answer.kind in {"person", "single"} else []
    names = list(dict.fromkeys(asked + (other if parse(last.question).wh != "where" else [])))
    return " and ".join(names) if len(names) == 2 else ""


def _neuter(text: str, past: Sequence[Exchange], genders: Genders) -> str:
    filled = _one_neuter(text, past, genders)
    return filled if filled == text else _one_neuter(filled, past, genders)  # "Why did it sell it?"


def _one_neuter(text: str, past: Sequence[Exchange], genders: Genders) -> str:
    found = _NEUTER.search(text)
    if not found or _EMPTY_IT.search(text):
        return text
    possessive = found[1].lower() == "its"
    clause = parse(text)
    kinds = {"thing", "name", "place", "single"} if possessive else {"thing", "name"}
    before = [p for p in _before(text, found.start()) if p.kind in kinds and not p.plural]
    own = [p for p in before if p.kind != "single" or not acts(clause, p)]  # "What does Ana say about its cost?"
    if own and (possessive or _new_clause(text, own[-1].end, found.start())):
        return text
    taken = {p.text.lower() for p in _before(text, found.start())} | {name.lower() for name in genders}
    name = next((name for name in things(past, text) if name.lower() not in taken), "")
    if not name or len(name) > MAX_FILLING:
        return text
    name = _not_circular(name, text)
    return _replace(text, *found.span(), _owner(name) if possessive else name)


def _new_clause(text: str, start: int, end: int) -> bool:
    between = text[start:end].lower()
    return bool(
        re.search(
            r"\b(?:that|if|when|because|before|after|while|until|say|says|said|think|believe|and|hope)\b", between
        )
    )


def _there(text: str, past: Sequence[Exchange], genders: Genders) -> str:
    found = _THERE.search(text)
    if (
        not found or _EXISTS.search(text) or re.search(r"\w[:;,] ", text[: found.start()])
    ):  # "As to the fair: who ... there"
        return text
    place = next(iter(places(past)), "")
    if not place or len(place) > MAX_FILLING:
        return text
    before = (found[1] or "").lower()
    if " in " in place and any(place.startswith(f"at {p.text}") for p in _before(text, found.start())):
        place = place[place.rindex(" in ") + 1 :]
    bare = place.split(" ", 1)[1]
    if before in {"from", "to", "in", "near", "around"}:
        place = f"{before} {bare}"
    elif before in {"go", "goes", "travel", "come", "get"}:
        place = f"{before} to {bare}"
    elif before:
        place = f"{before} {place}"
    return _replace(text, *found.span(), place)


def _pointed(text: str, past: Sequence[Exchange], genders: Genders) -> str:
    """``that meeting`` and ``the plan`` to the fuller phrase of an earlier turn."""
    for found in _POINTING.finditer(text):
        pointer, noun = found[1].lower(), found[2].lower()
        if noun in _NOT_POINTED or not _stands_alone(text, found):
            continue
        full = next(iter(_mentions(noun, pointer, past)), "")
        if full and full.lower() != found[0].lower() and len(full) <= MAX_FILLING and full.lower() not in text.lower():
            return _replace(text, *found.span(), full)
    return text


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    """Whether nothing else qualifies the noun: no second noun, no ``of ...``, no ``that ...``."""
    return any((p.start, p.end, p.reach) == (found.start(), found.end(), found.end()) for p in phrases_of(text))


def _mentions(noun: str, pointer: str, past: Sequence[Exchange]) -> Iterator[str]:
    wanted = stem(noun)
    for exchange in reversed(past):
        clause = parse(exchange.question)
        answer = answer_phrase(exchange)
        asked = {stem(word.low) for word in clause.words[clause.noun[0] : clause.noun[1]]}
        named = answer is not None and answer.kind not in {"number", "time"} and not answer.prep
        if answer and named and (wanted in asked or (clause.wh == "where" and class_of_place(noun))):
            yield answer.text
        if answer and pointer != "the" and noun in _PEOPLE_CLASSES and answer.human:
            yield answer.text
        if answer and pointer == "that" and noun in {"year", "day", "month", "date"} and answer.kind == "time":
            yield answer.text
        for text, phrase in _phrases(exchange, answer):
            if stem(phrase.head) == wanted and (phrase.reach > phrase.end or len(phrase.text.split()) > 2):
                yield re.sub(r"^(?:an?|the|this|that|some)\s+(?=\S)", "the ", spread(phrase, text), flags=re.IGNORECASE)
            elif (pointer != "the" and phrase.kind == "place" and class_of_place(noun)) or (
                pointer == "that" and noun == "year" and phrase.kind == "time" and phrase.text[-4:].isdigit()
            ):
                yield phrase.text


def _phrases(exchange: Exchange, answer: Phrase | None) -> Iterator[tuple[str, Phrase]]:
    if answer:
        yield from ((answer.text, phrase) for phrase in phrases_of(answer.text))
    yield from ((exchange.question, phrase) for phrase in phrases_of(exchange.question))


def _bare_that(text: str, past: Sequence[Exchange], genders: Genders) -> str:
    said = _WHO_SAID.match(text)
    if said and len((past[-1].answer or "").split()) in range(3, 30):
        return f"{said[1]} that {(past[-1].answer or '').rstrip(' .!?')}?"
    found = _BARE_THAT.search(text)
    if not found:
        return text
    name = next(iter(things(past, text)), "")
    return _replace(text, *found.span(), name) if name and len(name) <= MAX_FILLING else text
