"""``Why?``, ``By whom?`` and ``Anything else?`` to the question before with other question words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.clauses import Clause, parse
from qa.exchanges import Exchange
from qa.phrase_kinds import AUXILIARIES, DETERMINERS, FUNCTION, PREPOSITIONS
from qa.verbs import base_form

__all__ = ["ask_again", "ask_for_more", "is_bare_question", "same_verb", "to_do_what"]

_MORE = re.compile(
    r"^(?:(?:is|was) there )?(?:anything|something|anyone|anybody|someone) (?:else|more)\W*$"
    r"|^(?:what|who|where|when|how) else\W*$|^(?:any|what|which) others?\W*$|^(?:please )?(?:tell me|say) more\W*$"
    r"|^(?:and )?what more\W*$|^go on\W*$|^more(?: details)?\W*$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"^(?:in|at|on|near|from|to|before|after|by|during|since|inside|outside)\b", re.IGNORECASE)
# "Why did they?", "When did he do that?": the verb of the question before is meant.
_SAME_VERB = re.compile(
    r"^(?P<wh>when|where|why|how|since when|how long|how often|for how long|"
    r"(?:on|in|by|with|for|to|from) (?:what|which) \w+) "
    r"(?:do|does|did|has|have|had|will|would|can|could|should|(?<=why )(?:is|are|was|were)) "
    r"(?:(?:he|she|it|they)(?: (?:do|done))?(?: (?:that|this|it|so))?|[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)* (?:do|done) "
    r"(?:that|this|it|so))\W*$",
    re.IGNORECASE,
)
_TOOK_SOMEONE = re.compile(r"^how long (?:did|does|will) it take (?:him|her|them)(?=\W*$)", re.IGNORECASE)
_POINTED_AT = re.compile(
    r"^(when|where|why|how)\s+(?:(?:is|was)\s+(?:that|this)|did\s+(?:that|this)\s+(?:happen|take place|occur))\W*$",
    re.IGNORECASE,
)
_OF_THE_PLACE = ("why", "how come", "since when", "how long", "for how long", "until when")
_MAX_ANSWER_WORDS = 8


def is_bare_question(text: str) -> bool:
    """Whether a text is question words alone: ``Why?``, ``Since when?``, ``On which day?``."""
    clause = parse(_POINTED_AT.sub(r"\1", text))
    rest = [word for word in clause.words[clause.lead :] if word.text not in "?.!"]
    return bool(clause.wh) and not {word.low for word in rest} - {"not", "exactly", "come", "ones", "one", "so"}


def same_verb(text: str) -> str:
    """The question words of ``Why did they?``, whose verb is that of the question before; "" for other questions."""
    found = _SAME_VERB.match(text)
    return found["wh"] if found else ""


def to_do_what(text: str, past: Sequence[Exchange]) -> str:
    """``How long did it take him to climb the peak`` for ``How long did it take him?``; "" for other questions."""
    found, clause = _TOOK_SOMEONE.match(text), parse(past[-1].question) if past else None
    if not found or clause is None or clause.verb < 0:
        return ""
    return f"{found[0]} to {base_form(clause.words[clause.verb].low)} {clause.part(clause.verb + 1)}".rstrip() + "?"


def ask_for_more(text: str, past: Sequence[Exchange]) -> str:
    """``Anything else?`` to the question before with ``else`` or ``other``; "" where ``text`` is no such question."""
    if not past:
        return ""
    clause, again = parse(past[-1].question), parse(text)
    if not _MORE.match(text) and not _same_verb(again, clause):
        return ""
    previous = clause.text
    if not clause.wh or re.search(r"\b(?:else|other)\b", previous):
        return previous
    start, end = clause.noun
    if start < end:
        opening = previous[: clause.words[start].start].rstrip()
        return f"{opening} other {previous[clause.words[start].start :]}"
    return _else(clause) if clause.wh in {"what", "who", "whom", "where", "how"} else previous


def _same_verb(again: Clause, clause: Clause) -> bool:
    """Whether ``Who else attended?`` follows ``Who attended the fair?``."""
    if not re.match(r"^(?:who|what) else \w+\W*$", again.text, re.IGNORECASE) or min(again.verb, clause.verb) < 0:
        return False
    return again.wh == clause.wh and again.words[again.verb].low == clause.words[clause.verb].low


def _else(clause: Clause) -> str:
    end = clause.words[clause.lead - 1].end if clause.lead else 0
    return f"{clause.text[:end]} else{clause.text[end:]}"


def ask_again(text: str, past: Sequence[Exchange]) -> str:
    """The question before with the question words of ``text``: ``Why?`` to ``Why was the fair held in Porto?``."""
    if not past or not is_bare_question(text):
        return ""
    opening = re.sub(r"[\s?.!]+$", "", _POINTED_AT.sub(r"\1", text))
    clause, answer = parse(past[-1].question), _short(past[-1].answer)
    if re.search(r"\bnot$", opening, re.IGNORECASE):
        opening, negated = opening[:-4], True
    else:
        refused = answer.lower() == "no" or answer.lower().startswith(("no,", "no "))
        negated = not parse(past[-1].question).wh and refused and opening.lower() == "why"
    if not clause.wh and clause.aux < 0:
        return ""
    content = _content(clause, answer, opening.lower(), negated)
    opening = re.sub(r"^which ones?$", "Which", opening, flags=re.IGNORECASE)
    return f"{opening} {content}?" if content else ""


def _short(answer: str | None) -> str:
    plain = (answer or "").strip(" .;,!?")
    return plain if len(plain.split()) <= _MAX_ANSWER_WORDS else ""


def _content(clause: Clause, answer: str, opening: str, negated: bool) -> str:
    if opening in {"which", "which ones", "which one", "who", "what"} and clause.wh == "how many":
        return _members(clause, opening)
    if clause.wh in {"who", "which", "how many"} and opening == "how many" and clause.aux < 0:
        return clause.part(clause.lead)
    if clause.aux < 0 and clause.verb >= 0 and clause.words[clause.verb].low in {"happened", "happens"} and answer:
        return f"{answer} {clause.part(clause.verb + 1)}"
    if clause.aux < 0:
        return _with_auxiliary(clause, _subject(clause, answer))
    if clause.subject[0] == clause.subject[1]:
        return f"{clause.part(clause.aux, clause.aux + 1)} {_subject(clause, answer)} {clause.part(clause.aux + 1)}"
    return _with_answer(clause, answer, opening, negated)


def _members(clause: Clause, opening: str) -> str:
    """``villages were flooded`` for ``Which ones?`` after ``How many villages were flooded?``."""
    rest = clause.part(clause.noun[1])
    return (
        rest if opening == "who" and clause.subject[0] == clause.subject[1] else f"{clause.part(*clause.noun)} {rest}"
    )


def _subject(clause: Clause, answer: str) -> str:
    """Who or what did it: the answer, with the noun that was counted."""
    noun = clause.part(*clause.noun)
    if answer and noun and clause.wh.startswith("how") and re.fullmatch(r"[\w\s,.%-]*\d[\d.,%]*|\w+", answer):
        return f"{answer} {noun}"
    return answer or noun or ("someone" if clause.wh.startswith("who") else "this")


def _with_auxiliary(clause: Clause, subject: str) -> str:
    """``did Ana Silva open the library`` out of ``Who opened the library?``."""
    if clause.verb < 0:
        return ""
    verb = clause.words[clause.verb].low
    base = base_form(verb)
    present = verb.endswith("s") and verb[:-1] != base[:-1] + "s" and verb != base
    early = clause.part(clause.lead, clause.verb)
    return f"{'does' if present else 'did'} {subject} {early} {base} {clause.part(clause.verb + 1)}"


def _opens_lower(answer: str) -> bool:
    return parse(answer).words[0].low in DETERMINERS | FUNCTION and not answer.startswith("I ")


def _with_answer(clause: Clause, answer: str, opening: str, negated: bool) -> str:
    subject = clause.part(*clause.subject)
    aux, rest = clause.words[clause.aux].low, clause.part(clause.subject[1])
    if negated:
        return f"{aux} {subject} not {rest}"
    same = opening.split()[0] == clause.wh.split(" ")[0] if clause.wh else True
    noun = clause.part(*clause.noun)
    if not answer and not same and clause.verb >= 0 and clause.wh in {"what", "which", "how many"}:
        answer = noun or "this"
    if not answer or same:
        return f"{aux} {subject} {rest}"
    if opening in {"how much", "how many"} and clause.wh in {"what", "which"} and clause.verb >= 0:
        return f"{answer} {aux} {subject} {rest}"
    if clause.wh == "where":
        where = answer if _PREPOSITION.match(answer) else f"in {answer}"
        return f"{aux} {subject} {rest} {where if opening.startswith(_OF_THE_PLACE) else ''}"
    if clause.words[0].low in PREPOSITIONS:  # "For how much did they buy it?"
        return f"{aux} {subject} {rest}"
    if clause.wh not in {"what", "which", "who", "whom", "how much", "how many"}:
        return f"{aux} {subject} {rest}"
    if clause.verb < 0:
        return f"{aux} {subject} {answer}" if clause.wh.startswith("how") else f"{aux} {answer} {subject}"
    if noun and clause.wh == "how many":
        answer = _subject(clause, answer) if answer != noun else answer
    elif parse(answer).aux > 0 or any(word.low in AUXILIARIES for word in parse(answer).words[1:]):
        answer = f"that {answer[0].lower() + answer[1:] if _opens_lower(answer) else answer}"
    elif noun and answer != noun and answer[0].islower():
        answer = f"the {noun} of {answer}"
    end = clause.verb + 1
    return f"{aux} {subject} {clause.part(clause.verb, end)} {answer} {clause.part(end)}"
