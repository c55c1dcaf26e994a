"""Nouns that a follow-up leaves out: ``And how many were hurt?``, ``Which is the longest?``, ``Who is the director?``.

Only questions that name nothing of their own are filled in: whoever names a thing or a place has changed the subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.antecedents import answer_phrase, definite
from qa.clauses import Clause, parse
from qa.exchanges import Exchange
from qa.groups import groups
from qa.phrases import Phrase, phrases_of
from qa.places import places
from qa.substitution import substitute
from qa.things import things

__all__ = ["MAX_FILLED", "count_others", "fill_noun"]

MAX_FILLED = 100
"""Characters; a longer noun would say more than the question itself."""

_HOW_MANY = re.compile(r"^how (?:many|much)\s+(?=\S)", re.IGNORECASE)
_WHICH = re.compile(
    r"^which(?: ones?)?(?: of (?:these|those))?"
    r"(?= (?:is|are|was|were) (?:the )?(?:(?:most|least) \w+|\w{2,}est|best|worst)\W*$)",
    re.IGNORECASE,
)
_ARE_THERE = re.compile(r"^how (?:many|much) [\w'’ -]+ (?:is|are|was|were) there\W*$", re.IGNORECASE)
_END = re.compile(r"[\s?.!]+$")
_SITE_PREPOSITIONS = frozenset("in at on during near".split())


def fill_noun(question: str, past: Sequence[Exchange]) -> str:
    """The question with the noun that it leaves out taken from the turns before; the same text where none is missing.

    >>> fill_noun("How many were injured?", [Exchange("How many pupils were on the bus?", "30")])
    'How many pupils were injured on the bus?'
    """
    if not past:
        return question
    clause = parse(question)
    if clause.wh in {"how many", "how much"} and clause.noun[0] == clause.noun[1]:
        return _counted(question, clause, past) or question
    if found := _WHICH.match(question):
        noun = next((name for name in _plurals(past) if len(name) <= MAX_FILLED), "")
        return f"Which of {noun}{question[found.end() :]}" if noun else question
    if _ARE_THERE.match(question) and not _names_something(question, clause):
        place = next(places(past), "")
        return f"{_END.sub('', question)} {place}?" if place and len(place) <= MAX_FILLED else question
    return _of_whom(question, clause, past) or question


def _plurals(past: Sequence[Exchange]) -> Iterator[str]:
    return (name for name in groups(past) if any(p.plural for p in phrases_of(name)))


def _names_something(question: str, clause: Clause) -> bool:
    return any(phrase.text.lower() != "there" for phrase in phrases_of(question, clause))


def _counted(question: str, clause: Clause, past: Sequence[Exchange]) -> str:
    """``How many people were injured in the fire?`` for ``How many were injured?``."""
    opening = _HOW_MANY.match(question)
    last = parse(past[-1].question)
    if opening is None:
        return ""
    if clause.aux < 0 and clause.verb < 0:  # "And how many in 2018?"
        rest = question[opening.end() :]
        return substitute(rest, past) if last.wh == clause.wh else ""
    noun = next((noun for exchange in reversed(past) if (noun := _noun_of(exchange))), "")
    if clause.wh == "how much" or not noun:
        return ""
    filled = f"{opening[0].rstrip()} {noun} {question[opening.end() :]}"
    site = _site(last)
    if site and not phrases_of(filled):
        return f"{_END.sub('', filled)} {site}?"
    return filled


def count_others(question: str, past: Sequence[Exchange]) -> str:
    """``How many volunteers work here?`` for ``How many volunteers?`` after ``How many people work here?``; else ""."""
    if not past:
        return ""
    clause, last = parse(question), parse(past[-1].question)
    start, end = last.noun
    alike = clause.wh == last.wh == "how many" and clause.noun[0] < clause.noun[1]
    if not alike or start == end or clause.part(clause.noun[1]):
        return ""
    return f"How many {clause.part(*clause.noun)}{last.text[last.words[end - 1].end :]}"


def _noun_of(exchange: Exchange) -> str:
    """What an exchange speaks of in the plural: ``turbines``, which somebody makes."""
    clause, answer = parse(exchange.question), answer_phrase(exchange)
    if answer and answer.plural and answer.kind == "thing" and clause.wh == "what" and len(answer.text.split()) < 4:
        return re.sub(r"^(?:the|these|those|all|some)\s+", "", answer.text, flags=re.IGNORECASE)
    return _noun(clause)


def _noun(clause: Clause) -> str:
    """The noun that a question counts or picks from, else the first plural thing that it names."""
    start, end = clause.noun
    if start < end and clause.wh in {"how many", "which", "what"}:
        noun = clause.part(start, end)
        return re.sub(r"^(?:of (?:the|these|those) |other )", "", noun) if len(noun) <= MAX_FILLED else ""
    plurals = [p for p in phrases_of(clause.text, clause) if p.plural and p.kind == "thing"]
    return re.sub(r"^(?:the|these|those|all)\s+", "", plurals[0].text, flags=re.IGNORECASE) if plurals else ""


def _site(clause: Clause) -> str:
    """Where or on what occasion the question before asks about, with its preposition."""
    found = [p for p in phrases_of(clause.text, clause) if p.prep in _SITE_PREPOSITIONS and p.kind != "time"]
    return f"{found[0].prep} {definite(clause.text[found[0].start : found[0].reach])}" if found else ""


def _of_whom(question: str, clause: Clause, past: Sequence[Exchange]) -> str:
    """``Who is the director of the museum?`` for ``Who is the director?``."""
    if clause.wh != "who" or clause.aux < 0 or clause.verb >= 0:
        return ""
    named = phrases_of(question, clause)
    if len(named) != 1 or not _bare_role(named[0], question):
        return ""
    whole = next((name for name in things(past, question) if _has_people(name)), "")
    return f"{question[: named[0].end]} of {whole}?" if whole and len(whole) <= MAX_FILLED else ""


def _bare_role(phrase: Phrase, question: str) -> bool:
    plain = phrase.kind == "role" and not phrase.plural and phrase.text.lower().startswith("the ")
    return plain and phrase.text.islower() and not _END.sub("", question)[phrase.end :].strip()


def _has_people(name: str) -> bool:
    """Whether somebody may be its director: no attribute, no number."""
    return any(phrase.kind in {"name", "single", "place", "thing"} and not phrase.plural for phrase in phrases_of(name))
