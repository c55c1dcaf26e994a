"""A question in a conversation to one that stands alone.

Rules over word classes, no model: open pronouns and ``that meeting`` take what they stand for from earlier turns; a
fragment (``And Porto?``, ``Why?``, ``The third?``) becomes the question before with one part changed. A question
with a subject of its own is left as it is, to the character.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from qa.clauses import parse
from qa.ellipsis import ask_again, ask_for_more, is_bare_question, same_verb, to_do_what
from qa.exchanges import Exchange, exchanges_of
from qa.omitted import count_others, fill_noun
from qa.ordinals import pick_item, spelled_out
from qa.phrase_kinds import AUXILIARIES
from qa.references import Genders, resolve
from qa.substitution import substitute

__all__ = ["MAX_STANDALONE_CHARACTERS", "Message", "standalone"]

Message = Mapping[str, str]

MAX_STANDALONE_CHARACTERS = 400
"""A rewritten question is never longer; where it would be, the question stays as typed."""

_SPACE = re.compile(r"\s+")
_LEAD_IN = re.compile(
    r"^(?:(?:and|but|so|or|also|then|ok(?:ay)?|well|right|thanks|thank you|now)\b[\s,.!]*)+(?=\S)", re.IGNORECASE
)
_ABOUT = re.compile(r"^(?:what|how) about\s+|^(?:the )?same (?:question )?(?:for|about)\s+", re.IGNORECASE)
_CONTRACTED = re.compile(r"\b(what|who|where|when|how|why|it|he|she|that)['’]s\b", re.IGNORECASE)
_OWNED = re.compile(r"^(?:his|her|its|their)\b", re.IGNORECASE)
_SMALL_TALK = re.compile(
    r"^(?:thanks?(?: you)?|hi|hello|hey|ok(?:ay)?|great|good|fine|yes|no|please|bye)\b[\w\s]{0,20}[.!]*$", re.IGNORECASE
)
_MAX_FRAGMENT_WORDS = 12
_MAX_BARE_WORDS = 5


def standalone(question: str, history: Sequence[Message]) -> str:
    """The question with what it takes from the turns before it filled in; unchanged where it stands alone.

    ``history`` is oldest first; its last six questions are read, each in its own standalone form. Never raises for
    odd entries.

    >>> turns = [{"role": "user", "content": "Where was the salt fair held?"}]
    >>> standalone("When was it held?", turns)
    'When was the salt fair held?'
    """
    genders: Genders = {}
    past: list[Exchange] = []
    for exchange in exchanges_of(history):
        if not _SMALL_TALK.match(exchange.question):
            asked = _rewritten(exchange.question, past, genders)
            past.append(Exchange(_CONTRACTED.sub(r"\1 is", _LEAD_IN.sub("", asked)), exchange.answer))
    return _rewritten(question, past, genders)


def _rewritten(question: str, past: Sequence[Exchange], genders: Genders) -> str:
    line = _SPACE.sub(" ", question).strip()
    if not past or not line or len(line) > MAX_STANDALONE_CHARACTERS:
        return question
    plain = _CONTRACTED.sub(r"\1 is", line)
    bare = _LEAD_IN.sub("", plain)
    fragment = _ABOUT.sub("", bare)
    found = _continued(bare, fragment, fragment != plain, past, genders)
    full = re.sub(r"\s+(?=[?,])", "", _SPACE.sub(" ", found)).strip()
    if not full or full in {plain, bare} or len(full) > MAX_STANDALONE_CHARACTERS:
        return question
    return full[0].upper() + full[1:]


def _continued(bare: str, fragment: str, led_in: bool, past: Sequence[Exchange], genders: Genders) -> str:
    """The question made whole by the first rule that applies."""
    if more := ask_for_more(bare, past):
        return more
    owned = _OWNED.match(fragment) is not None
    if item := pick_item(spelled_out(resolve(fragment, past, genders) if owned else fragment), past):
        return resolve(item, past, genders)
    if counted := count_others(bare, past):
        return counted
    if is_bare_question(bare):
        return ask_again(bare, past)
    if (wh := same_verb(bare)) and (again := ask_again(wh, past)):
        return again
    if _is_fragment(fragment, led_in):
        return substitute(resolve(fragment, past, genders), past)
    return fill_noun(resolve(to_do_what(bare, past) or bare, past, genders), past)


def _is_fragment(text: str, led_in: bool) -> bool:
    """Whether a text is a phrase and no sentence; without ``and`` before it, a short one with a question mark."""
    clause = parse(text)
    count = len(text.split())
    if clause.wh or any(word.low in AUXILIARIES for word in clause.words) or count > _MAX_FRAGMENT_WORDS:
        return False
    return led_in or (text.endswith("?") and count <= _MAX_BARE_WORDS)
