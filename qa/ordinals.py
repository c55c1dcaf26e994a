"""``The third?`` and ``the last one`` after a question on a list to a question on that item."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.clauses import Clause, parse
from qa.exchanges import Exchange
from qa.overlap import stem
from qa.phrases import phrases_of
from qa.verbs import is_base, past_form, third_person

__all__ = ["pick_item", "spelled_out"]

_ORDINAL = r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final|next|previous|other"
_NAMES = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_CARDINALS = "one two three four five six seven eight nine ten".split()
_DIGITS = re.compile(r"\b(10|[1-9])(?:st|nd|rd|th)\b", re.IGNORECASE)
_NUMBERED = re.compile(rf"^(.*\b|)(?:number|no\.?|point)\s+(10|[1-9]|{'|'.join(_CARDINALS)})(?=\W*$)", re.IGNORECASE)
_HOW_MANY_LISTED = re.compile(
    rf"\b(?:the|what|which) ({'|'.join(_CARDINALS[1:])}|[2-9]|10) (?:main )?([a-z]+)", re.IGNORECASE
)
_OWNED = re.compile(rf"^[A-Z].*['’]s?\s+({_ORDINAL})(?:\s+one)?\W*$")
_WORD = re.compile(rf"\b(?:{_ORDINAL})\b", re.IGNORECASE)
_ITEM = re.compile(
    rf"\b(?P<the>the\s+)?(?P<ordinal>{_ORDINAL})(?P<one>\s+ones?)?(?P<of>\s+of\s+(?:them|these|those|the\s+\w+))?"
    r"(?=\s*[?.!]*$|\s+(?:is|was|are|were|about|do|does|did|will|would|has|have|had|cost|concern|mean|start|begin|end|"
    r"happen|open|say|involve|cover|on|in|for)\b|,)",
    re.IGNORECASE,
)
_BARE = re.compile(rf"^(?:the\s+)?(?:{_ORDINAL})(?:\s+ones?)?(?:\s+of\s+(?:them|these|those))?\W*$", re.IGNORECASE)
_COUNT = r"(?:(?:two|three|four|five|six|seven|eight|nine|ten|several|main|\d+|other|all)\s+)*"
_IRREGULAR = {"people": "person", "men": "man", "women": "woman", "children": "child", "criteria": "criterion"}


def spelled_out(question: str) -> str:
    """``the 2nd`` and ``number two`` as ``the second``; a number inside a longer question stays.

    >>> spelled_out("And number three?"), spelled_out("What is the 2nd?")
    ('And the third?', 'What is the second?')
    """
    text = _DIGITS.sub(lambda found: _NAMES[int(found[1]) - 1], question)
    return _NUMBERED.sub(lambda found: f"{found[1]}the {_NAMES[_value(found[2])]}", text)


def _value(number: str) -> int:
    return int(number) - 1 if number.isdigit() else _CARDINALS.index(number.lower())


def pick_item(question: str, past: Sequence[Exchange]) -> str:
    """The question with ``the third`` made a full phrase, or the question before asked of it; "" if neither fits."""
    if past and (owned := _OWNED.match(question)) and (swapped := _swapped(past[-1].question, owned[1].lower())):
        return swapped  # "And its second?" after "Who was its first director?"
    if past and (item := _named_item(question, past)):
        return item
    found = _ITEM.search(question)
    bare = bool(_BARE.match(question))
    if not found or not past or not (bare or found["the"] or found["one"]):
        return ""
    if not found["one"] and _has_own_noun(question, found):
        return ""
    for exchange in reversed(past[-3:]):
        clause = parse(exchange.question)
        ordinal = _counted_out(found["ordinal"].lower(), exchange.question, past)
        if bare and (swapped := _swapped(exchange.question, ordinal)):
            return swapped
        if item := _item(clause, ordinal):
            if bare:
                return f"{_opening(clause)} {item}?"
            return question[: found.start()] + item + question[found.end() :]
    return ""


def _counted_out(ordinal: str, question: str, past: Sequence[Exchange]) -> str:
    """``third`` for ``last`` where an earlier question said that there are three of what ``question`` asks about."""
    if ordinal not in {"last", "final"}:
        return ordinal
    asked = {stem(word) for word in re.findall(r"[a-z]+", question.lower())}
    for exchange in reversed(past):
        found = _HOW_MANY_LISTED.search(exchange.question)
        if found and stem(found[2].lower()) in asked:
            return _NAMES[_value(found[1])]
    return ordinal


def _named_item(question: str, past: Sequence[Exchange]) -> str:
    """The question with ``the second condition`` as a question on the conditions of something calls it."""
    for phrase in phrases_of(question):
        found = re.match(rf"the ({_ORDINAL})\s+\w+$", phrase.text, re.IGNORECASE)
        if not found or phrase.reach > phrase.end or found[1].lower() in {"other", "next", "previous"}:
            continue
        alone = not re.sub(r"\W+$", "", question[: phrase.start] + question[phrase.end :])
        for exchange in reversed(past):
            clause = parse(exchange.question)
            if alone and _WORD.search(exchange.question):
                break  # "And the third phase?" is the question before, asked of another phase.
            item = _item(clause, found[1].lower())
            if item.lower().startswith(f"{phrase.text.lower()} "):
                opening = f"{_opening(clause)} " if alone else ""
                return opening + question[: phrase.start] + item + question[phrase.end :]
    return ""


def _has_own_noun(question: str, found: re.Match[str]) -> bool:
    return not question[: found.end()].lower().strip().endswith(found["ordinal"].lower()) and not found["of"]


def _opening(clause: Clause) -> str:
    who = "Who" if clause.wh == "who" else "What"
    past = clause.aux >= 0 and clause.words[clause.aux].low in {"was", "were"} and clause.verb < 0
    return f"{who} {'was' if past else 'is'}"


def _swapped(previous: str, ordinal: str) -> str:
    """The question before with its ordinal changed: ``the first phase`` to ``the third phase``."""
    found = _WORD.search(previous)
    if not found or found[0].lower() in {"other", "next"}:
        return ""
    word = ordinal.capitalize() if found[0][0].isupper() else ordinal
    return previous[: found.start()] + word + previous[found.end() :]


def _item(clause: Clause, ordinal: str) -> str:
    """``the third aspect of the plan`` out of a question on the aspects of the plan."""
    text = clause.text
    for phrase in phrases_of(text, clause):
        if found := _WORD.search(text[phrase.start : phrase.end]):
            at = phrase.start + found.start()
            return text[phrase.start : at] + ordinal + text[at + len(found[0]) : phrase.reach]
    if clause.noun[0] < clause.noun[1]:
        return _picked(clause, ordinal)
    for phrase in phrases_of(text, clause):
        if (phrase.plural and not phrase.human) or (phrase.plural and clause.wh == "who"):
            return _singular(phrase.text, ordinal) + text[phrase.end : phrase.reach]
    return ""


def _singular(noun: str, ordinal: str) -> str:
    bare = re.sub(rf"^(?:the|these|those|all|some|any|its|their)?\s*{_COUNT}", "", noun, flags=re.IGNORECASE)
    *before, head = bare.split() or [noun]
    if head.lower() in _IRREGULAR:
        head = _IRREGULAR[head.lower()]
    elif head.endswith("ies"):
        head = head[:-3] + "y"
    elif re.search(r"(?:sses|xes|ches|shes)$", head):
        head = head[:-2]
    elif head.endswith("s") and not head.endswith(("ss", "us", "is")):
        head = head[:-1]
    return " ".join(["the", ordinal, *before, head])


def _picked(clause: Clause, ordinal: str) -> str:
    """``the third challenge that Ana Silva named`` out of ``Which challenges did Ana Silva name?``."""
    noun = clause.part(*clause.noun)
    head, joint, owner = noun.partition(" of ")
    if noun.lower().startswith("of "):
        return _singular(noun[3:], ordinal)
    item = _singular(head, ordinal) + joint + owner
    if clause.aux < 0:
        return f"{item} that {clause.part(clause.lead)}"
    aux = clause.words[clause.aux].low
    if clause.subject[0] == clause.subject[1]:
        aux = {"were": "was", "are": "is", "have": "has"}.get(aux, aux)
        return f"{item} that {aux} {clause.part(clause.aux + 1)}"
    subject, rest = clause.part(*clause.subject), clause.part(clause.verb + 1) if clause.verb >= 0 else ""
    if subject.lower() == "there":
        return f"{item} {clause.part(clause.subject[1])}".strip()
    verb = clause.words[clause.verb].low if clause.verb >= 0 else ""
    if verb in {"have", "has", "include", "contain", "comprise"}:
        return f"{item} of {subject}"
    if aux == "did" and is_base(verb):
        verb = past_form(verb)
    elif aux == "does":
        verb = third_person(verb)
    elif aux != "do":
        verb = f"{aux} {verb}"
    return " ".join(f"{item} that {subject} {verb} {rest}".split())
