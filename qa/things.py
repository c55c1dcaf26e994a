"""The things, bodies and places that ``it`` may stand for in a conversation, best first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from corpus.person_names import IMPERSONAL, is_honorific, is_role
from qa.antecedents import (
    BODIES,
    PERSONS,
    PLACE_CLASSES,
    SAYING,
    answer_phrase,
    definite,
    first_name,
    is_event,
    spread,
    subject_first,
)
from qa.clauses import Clause, parse
from qa.exchanges import Exchange
from qa.phrase_kinds import BE
from qa.phrases import Phrase, phrases_of
from qa.verbs import base_form

__all__ = ["things"]

# What is asked of a thing, not the thing: of "the cost of the tunnel" the talk is about the tunnel.
_ATTRIBUTES = frozenset(
    """cost costs price name length size date purpose aim aims goal goals number title reason reasons cause causes
    result results effect effects impact importance part population height width depth weight age colour
    color value amount total share percentage rate location site theme topic subject point meaning origin
    status outcome benefit benefits target deadline main capacity budget capital view opinion""".split()
)
# Something done to a thing: of "the building of the bridge" the talk is about the bridge, save for how long it took.
_DOINGS = frozenset(
    """construction building opening closure closing creation restoration renovation demolition development expansion
    extension foundation founding introduction installation repair reconstruction completion production design
    discovery publication sinking loss destruction purchase sale""".split()
)
_GOES_ON = re.compile(r"\bit\s+(?:take|last|begin|start|end|finish|stop|continue|go on)\b|\bit (?:begun|finished)\b")
# "take effect", "come into force": no thing that is spoken of.
_IDIOM_NOUNS = frozenset("effect place part force shape care advantage account note use charge office action".split())
_PAPERS = frozenset("treaty act law charter convention plan report agreement declaration bill code pact".split())
_TAKES_PLACE = re.compile(
    r"\b(?:held|take place|took place|happen\w*|last|organi[sz]ed|attend\w*|"
    r"postponed|cancelled|canceled|opened|closed|launched|published)\b"
)
_ACTS = re.compile(
    r"\b(?:it|they)\s+(?:say|plan|decide|spend|announce|propose|promise|hope|want|expect|pay|employ|intend|respond|"
    r"own|meet|produce|sell|hire|respond|react|vote|ask|agree|make|publish|argue|claim|give|offer)\b|"
    r"\b(?:has|have) (?:it|they)\b|\b(?:is|was) it (?:based|founded|headquartered|led|run)\b|"
    r"\b(?:leads?|led|runs?|ran|heads?|headed|chairs?|chaired|founded|owns?|owned) it\b"
)
_HUMAN_VERBS = SAYING | frozenset(
    """die marry join resign retire study teach write play win lose promise propose meet speak work live grow get earn
    wear love hate apologise apologize accuse agree decide""".split()
)
_DONE_TO_PEOPLE = frozenset("born elected appointed arrested hired married buried dismissed sentenced".split())
_SITES = frozenset("in at on near inside outside around".split())
_DEGREE = re.compile(r"the (?:(?:most|least) [\w-]+|\w{2,}est|best|worst)", re.IGNORECASE)


def things(past: Sequence[Exchange], question: str) -> Iterator[str]:
    """The things, bodies and places that ``it`` in ``question`` may mean, the likeliest first."""
    people = {name for exchange in past if (name := _who_answered(exchange))}
    for exchange in reversed(past):
        yield from (definite(name) for name in _things_of(exchange, question.lower(), people))


def _things_of(exchange: Exchange, question: str, people: Collection[str]) -> Iterator[str]:
    """The things that one exchange speaks of, the likeliest first."""
    clause, answer = parse(exchange.question), answer_phrase(exchange)
    held = bool(_TAKES_PLACE.search(question))
    answered = _thing_answered(clause, answer)
    if answered and not (held and answered.kind in {"place", "single"}):  # A place is not held.
        yield answered.text
    phrases = [p for p in subject_first(clause) if not p.plural and p.text not in people]
    proper = [p for p in phrases if _is_thing(p) and not (held and p.kind in {"place", "single"})]
    acting = bool(_ACTS.search(question))
    if not held and (actor := _actor(clause, answer, acting or not proper)):
        yield actor.text
    if all(p.prep in _SITES for p in proper):
        yield from _mass(clause)
    done = not _GOES_ON.search(question)
    ranked = sorted(proper, key=lambda p: (_rank(p, clause, acting, done), held and not is_event(p)))
    yield from (spread(p, clause.text) for p in ranked)
    if exchange.answer and not answer:
        yield from (p.text for p in phrases_of(exchange.answer) if _is_new_thing(p))
    yield from (spread(p, clause.text) for p in phrases if _may_be_thing(clause, p))


def _mass(clause: Clause) -> Iterator[str]:
    """What ``how much`` measures: ``plastic``."""
    noun = clause.part(*clause.noun)
    if clause.wh == "how much" and noun.isalpha() and noun not in {"money", "time"}:
        yield noun


def _who_answered(exchange: Exchange) -> str:
    """The name that answers a question on who it was: certainly nobody's but a person's."""
    answer = answer_phrase(exchange)
    asked = answer is not None and parse(exchange.question).wh in {"who", "whom", "whose"}
    return first_name(answer) if asked and answer is not None else ""


def _actor(clause: Clause, answer: Phrase | None, wanted: bool) -> Phrase | None:
    """The body or thing that answers ``Who decides?``."""
    if not wanted or answer is None or clause.wh not in {"who", "whom"} or answer.plural:
        return None
    return answer if answer.kind in {"thing", "name"} else None


def _is_new_thing(phrase: Phrase) -> bool:
    return phrase.kind == "thing" and phrase.text.split(" ", 1)[0].lower() in {"a", "an"}


def _rank(phrase: Phrase, clause: Clause, acting: bool, done: bool) -> float:
    owned = phrase.reach > phrase.end
    of_another = owned and clause.text[phrase.end :].startswith(" of ")
    described = clause.wh == "what" and clause.aux >= 0 and clause.verb < 0  # "What is the task of the board?"
    if (phrase.head in _ATTRIBUTES and owned) or (phrase.kind == "thing" and of_another and described):
        return 2
    if done and phrase.head in _DOINGS and of_another:
        return 2
    named_body = phrase.kind == "name" and phrase.head in IMPERSONAL - _PAPERS and not is_event(phrase)
    body = phrase.head in BODIES or named_body
    inside = sum(other.start < phrase.start < other.reach for other in phrases_of(clause.text, clause))
    return int(body != acting) + (phrase.kind in {"place", "single"}) + 0.5 * inside


def _is_thing(phrase: Phrase) -> bool:
    if phrase.text in _IDIOM_NOUNS or phrase.head in PERSONS or _DEGREE.fullmatch(phrase.text):
        return False
    return phrase.kind in {"thing", "name", "place", "single"}


def _may_be_thing(clause: Clause, phrase: Phrase) -> bool:
    """Whether what looks like a person's name may be a lighthouse's: nothing is asked of it that is asked of people."""
    first = phrase.text.split(" ", 1)[0]
    if phrase.kind != "person" or phrase.plural or is_honorific(first) or is_role(first):
        return False
    aux = clause.words[clause.aux].low if clause.aux >= 0 else ""
    verb = clause.words[clause.verb].low if clause.verb >= 0 else ""
    if clause.wh in {"whose", "whom"} or (clause.wh == "who" and aux and not verb):
        return False
    return verb not in _DONE_TO_PEOPLE if aux in BE else base_form(verb) not in _HUMAN_VERBS


def _thing_answered(clause: Clause, answer: Phrase | None) -> Phrase | None:
    """The answer, where the question asked which thing it is, not what a thing is like."""
    if answer is None or answer.plural or answer.prep or not _is_thing(answer) or clause.wh not in {"what", "which"}:
        return None
    if clause.words[0].low != clause.wh:  # "In which city ...?" is about what happened there.
        return None
    nouns = {word.low for word in clause.words[clause.noun[0] : clause.noun[1]]}
    others = [p for p in phrases_of(clause.text, clause) if _is_thing(p) and p.kind == "thing" and p.head not in BODIES]
    if nouns & _ATTRIBUTES or (nouns & PLACE_CLASSES and others):
        return None
    copula = clause.aux >= 0 and clause.verb < 0
    if nouns:
        return answer
    named = answer.kind in {"name", "single"}
    definite = named or answer.text.split()[0].lower() in {"the", "a", "an"}
    described = bool(others) and (answer.kind == "name" or others[0].head in _ATTRIBUTES)
    happened = clause.verb >= 0 and base_form(clause.words[clause.verb].low) in {"happen", "occur"}
    if _is_new_thing(answer) and not copula and (clause.subject[0] < clause.subject[1] or happened):
        return answer  # "What will the town build?": a market hall, of which the talk goes on.
    return answer if (named and described and copula) or (definite and not copula and not others) else None
