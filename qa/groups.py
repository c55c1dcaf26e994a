"""Whom and what ``they`` may stand for in a conversation, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.antecedents import BODIES, PEOPLE_WORDS, answer_phrase, definite, people, spread, subject_first
from qa.clauses import Clause, parse
from qa.exchanges import Exchange
from qa.phrases import phrases_of
from qa.things import things
from qa.verbs import is_base, past_form, third_person

__all__ = ["groups"]


_PEOPLE_DO = re.compile(
    r"\bthey\s+(?:apply|say|want|think|decide|learn|need|live|work|go|speak|meet|hope|fear|demand|protest|ask|agree|"
    r"believe|get|earn|eat|complain|plan|vote|join|leave|travel|study|see|visit|choose|buy)\b",
    re.IGNORECASE,
)
_DOERS = re.compile(r"(?:ers|ors|ists|ians|ants|men|women|people)$")


def groups(past: Sequence[Exchange], question: str = "") -> Iterator[str]:
    """The people, bodies and things whom ``they`` in ``question`` may mean, the likeliest first."""
    if past and _PEOPLE_DO.search(question):
        clause = parse(past[-1].question)
        phrases = subject_first(clause)
        several = [p for p in phrases if p.plural and (p.human or p.head in PEOPLE_WORDS or _DOERS.search(p.head))]
        yield from (definite(spread(p, clause.text)) for p in [*several, *(p for p in phrases if p.head in BODIES)])
    for exchange in reversed(past):
        clause = parse(exchange.question)
        answer = answer_phrase(exchange)
        phrases = subject_first(clause)
        if answer and answer.plural and answer.kind != "number" and not clause.wh.startswith("how"):
            yield definite(answer.text)
        if noun := _counted(clause):
            yield noun
        yield from (definite(spread(p, clause.text)) for p in phrases if p.plural and p.kind != "time")
        yield from (definite(spread(p, clause.text)) for p in phrases if p.head in BODIES | {"ministry"})
        if answer and answer.kind == "name":
            yield answer.text
        yield from (spread(p, clause.text) for p in phrases if p.kind == "name")
    yield from people(past)
    yield from things(past, "")


def _counted(clause: Clause) -> str:
    """The plural noun that a question counts or picks from, with its verb: ``the boats that the council bought``."""
    start, end = clause.noun
    noun = clause.part(start, end)
    found = phrases_of(noun)
    if not found or not (found[0].plural or noun.split()[-1].lower() in PEOPLE_WORDS):
        return ""
    if noun.lower().startswith("of "):
        return definite(noun[3:])
    owner = clause.part(*clause.subject)
    if clause.verb >= 0 and clause.words[clause.verb].low == "have" and owner:
        return f"the {noun} of {owner}"
    if clause.aux < 0 or clause.subject[0] == clause.subject[1]:
        rest = clause.part(end)
    else:
        rest = f"{owner} {_inflected(clause)} {clause.part(clause.verb + 1)}".strip()
        rest = rest if clause.verb >= 0 else ""
    full = f"the {noun} that {rest}"
    return full if rest and len(full.split()) <= 14 else f"the {noun}"


def _inflected(clause: Clause) -> str:
    aux, verb = clause.words[clause.aux].low, clause.words[clause.verb].low
    if aux == "did" and is_base(verb):
        return past_form(verb)
    if aux == "does":
        return third_person(verb)
    return verb if aux == "do" else f"{aux} {verb}"
