"""``And Porto?`` and ``in 2022?`` to the question before with the matching phrase replaced."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.clauses import parse
from qa.exchanges import Exchange
from qa.phrase_kinds import DETERMINERS, PREPOSITIONS
from qa.phrases import Phrase, phrases_of
from qa.verbs import is_base

__all__ = ["substitute"]

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_END = re.compile(r"[\s?.!,;]+$")
_SAYS = frozenset("say think tell warn believe explain announce report suggest mention write hope argue".split())
_WHEREABOUTS = frozenset("abroad today now yesterday tomorrow elsewhere nationwide worldwide online".split())
_NUMBERS = {"does": "do", "is": "are", "was": "were", "has": "have"}
# How well a phrase of the kind on the left stands where one of the kind on the right stood.
_FIT: dict[str, dict[str, int]] = {
    "person": {"person": 4, "role": 3, "single": 2, "place": 1, "name": 1},
    "role": {"role": 4, "person": 3, "single": 1, "thing": 1},
    "place": {"place": 4, "single": 3, "name": 1},
    "single": {"single": 4, "place": 4, "name": 2, "person": 1, "role": 1, "thing": 1},
    "name": {"name": 4, "single": 2, "thing": 2, "place": 1},
    "thing": {"thing": 3, "name": 2, "role": 1, "place": 1, "single": 1},
    "number": {"number": 4},
}


def substitute(fragment: str, past: Sequence[Exchange]) -> str:
    """The question before, asked of ``fragment`` instead; "" where the fragment is no phrase or fits nowhere."""
    filler = re.sub(r"^according to\s+", "", _END.sub("", fragment), flags=re.IGNORECASE)
    filler = re.sub(r"^(?:The|A|An)(?= )", lambda found: found[0].lower(), filler)
    phrases = phrases_of(filler)
    if past and filler.lower() in _WHEREABOUTS:
        return f"{_END.sub('', past[-1].question)} {filler}?"
    if not past or not phrases:
        return ""
    if verb_swapped := _with_verb(filler, past[-1].question):
        return verb_swapped
    last, new = past[-1], phrases[0]
    if new.kind == "time":
        return _at_time(last.question, filler)
    first = filler.split(" ", 1)[0].lower()
    prep = first if first in PREPOSITIONS else ""
    bare = filler[len(prep) :].strip()
    slot = _slot(new, prep, last.question)
    if slot is not None:
        possessor = re.match(r"(.+?)['’]s? ", new.text)  # "And its imports?": the exports of whom is not asked again.
        repeated = possessor is not None and possessor[1] in last.question[slot.end : slot.reach]
        named = new.kind in {"person", "name", "place", "single"} and slot.kind in {"thing", "person", "role"}
        whole = new.reach > new.end or named or slot.kind == "person" or repeated
        owner = re.match(r"['’]s?\b", last.question[slot.end :]) is not None
        before = last.question[: slot.start]
        if new.plural != slot.plural:
            before = _agreeing(before, new.plural)
        return before + bare + last.question[slot.reach if whole and not owner else slot.end :]
    return _appended(last, new, prep, bare)


def _with_verb(filler: str, previous: str) -> str:
    """``When did the bakery close?`` for ``And close?`` after ``When did the bakery open?``."""
    clause = parse(previous)
    if not is_base(filler) or clause.verb < 0 or clause.aux < 0 or not is_base(clause.words[clause.verb].low):
        return ""
    verb = clause.words[clause.verb]
    return previous[: verb.start] + filler + previous[verb.end :]


def _agreeing(before: str, plural: bool) -> str:
    """The auxiliary right before a subject in the number of the subject: ``does`` to ``do``."""
    found = re.search(r"\b(\w+)\s+$", before)
    pairs = _NUMBERS if plural else {many: one for one, many in _NUMBERS.items()}
    return before[: found.start()] + pairs[found[1]] + " " if found and found[1] in pairs else before


def _at_time(previous: str, filler: str) -> str:
    """The question before about another year, month or day."""
    year = _YEAR.search(filler)
    old = _YEAR.search(previous)
    if year and old and re.fullmatch(r"(?:in |for |during )?\d{4}", filler, re.IGNORECASE):
        return previous[: old.start()] + year[0] + previous[old.end() :]
    named = filler.split(" ", 1)[0].lower() in PREPOSITIONS | {"last", "next", "this", "yesterday", "today"}
    for phrase in phrases_of(previous):
        if phrase.kind == "time":
            start = phrase.start - len(phrase.prep) - 1 if phrase.prep and named else phrase.start
            return previous[:start] + (filler if named or phrase.prep else f"in {filler}") + previous[phrase.end :]
    return f"{_END.sub('', previous)} {filler if named else f'in {filler}'}?"


def _slot(new: Phrase, prep: str, previous: str) -> Phrase | None:
    best, slot = 0.5, None
    phrases = phrases_of(previous, parse(previous))
    for index, old in enumerate(phrases):
        fit = float(_FIT.get(new.kind, {}).get(old.kind, 0))
        fit += 4 * (old.head == new.head and old.kind == new.kind)
        if prep and old.prep != prep:
            fit = 0
        elif prep:
            fit += 2
        if fit and any(p.human and p.start == old.start and p.end > old.end for p in phrases):
            fit -= 3  # Of "Ana's deputy" it is the deputy who is compared with somebody else.
        if fit and old.kind == "thing" and any(p.start < old.start < p.reach for p in phrases):
            fit -= 1  # What hangs on another phrase is not what is compared.
        if fit:
            fit += (old.plural == new.plural) + 0.5 * (_determined(old) == _determined(new)) + 0.1 * index
        if fit > best:
            best, slot = fit, old
    return slot


def _determined(phrase: Phrase) -> bool:
    return phrase.text.split(" ", 1)[0].lower() in DETERMINERS


def _appended(last: Exchange, new: Phrase, prep: str, bare: str) -> str:
    """The question before with the phrase added at its end, or a question on the phrase alone."""
    clause = parse(last.question)
    stem = _END.sub("", last.question)
    if prep:
        return f"{stem} {prep} {bare}?"
    if new.kind in {"person", "role"}:
        return f"Who is {bare}?"
    verb = clause.words[clause.verb].low if clause.verb >= 0 else ""
    if verb in _SAYS and " about " not in stem:
        return f"{stem} about {bare}?"
    return f"{stem} in {bare}?" if new.kind in {"place", "single"} else ""
