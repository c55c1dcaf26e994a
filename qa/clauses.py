"""A question taken apart: its question words, its auxiliary, its subject and its verb.

No tagger stands behind it: word classes and the order of words in English questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.person_names import Word, is_capitalised, words_of
from qa.phrase_kinds import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    FUNCTION,
    HAVE,
    JOINING,
    PREPOSITIONS,
    WH,
    is_adverb,
    is_plural,
)
from qa.verbs import is_base, is_finite, is_participle

__all__ = ["EARLY", "GRADES", "Clause", "after_determiner", "parse"]

_MEASURES = frozenset("many much long old often far big large high tall deep wide fast soon well".split())
_SITES = frozenset("in at on near from of for with about".split())
_PLAIN_VERBS = frozenset({"have", "do", "be"})
EARLY = frozenset("first last also ever originally actually really still now then".split())
# Before a participle that is part of the noun phrase: "best known book", "newly built road".
GRADES = frozenset("best better most least well".split())


@dataclass(frozen=True, slots=True)
class Clause:
    """A question taken apart; numbers are indexes of ``words``, -1 or an empty range for what it lacks."""

    text: str
    words: tuple[Word, ...]
    wh: str
    noun: tuple[int, int]
    lead: int
    aux: int
    subject: tuple[int, int]
    verb: int

    def part(self, start: int, end: int | None = None) -> str:
        """The characters from the word ``start`` to before the word ``end``, without the final mark."""
        last = len(self.words) if end is None else end
        while end is None and last > start and self.words[last - 1].text in "?.!":
            last -= 1
        return self.text[self.words[start].start : self.words[last - 1].end] if start < last else ""


def parse(text: str) -> Clause:
    """Take a question apart; a text that is no question has neither question word nor auxiliary."""
    words = tuple(words_of(text, 0, len(text)))
    low = [word.low for word in words] + [""] * 3
    at = 1 if low[0] in PREPOSITIONS and low[1] in WH else 0
    wh, noun, lead = "", (0, 0), 0
    if low[at] in WH:
        wh, lead = low[at], at + 1
        if wh == "how" and low[lead] and low[lead] not in AUXILIARIES and low[lead] not in {"come", "else", "exactly"}:
            measured = low[lead] in _MEASURES or low[lead + 1] in AUXILIARIES
            wh, lead = (f"how {low[lead]}", lead + 1) if measured else (wh, lead)
        lead += low[lead] in {"else", "exactly"}
        if wh in {"what", "which", "whose", "how many", "how much"}:
            noun = (lead, _noun_end(words, lead, wh))
            lead = noun[1]
    at = _after_site(words, lead) if noun[0] < noun[1] else lead
    aux = at if low[at] in AUXILIARIES else -1
    subject = _before_verb(words, aux, _subject(words, aux)) if aux >= 0 else (at, at)
    then = low[subject[1] + 1]
    after = subject[1] + (low[subject[1]] in EARLY and then.isalpha() and then not in FUNCTION | DETERMINERS)
    verb = after if after < len(words) and _verb_at(words, after, wh, aux) else -1
    if verb < 0 and wh in {"", "why"} and (split := _after_name(words, aux, subject)):
        subject, verb = (subject[0], split), split
    elif verb < 0 and after > subject[1] and _says_of(words, aux, after):
        verb = after
    elif verb < 0 and wh in {"", "why"} and _ends_in_predicate(words, aux, subject):
        subject, verb = (subject[0], subject[1] - 1), subject[1] - 1
    return Clause(text, words, wh, noun, lead, aux, subject, verb)


def _after_site(words: Sequence[Word], lead: int) -> int:
    """Where ``will`` stands in ``which schools in Varn will close``: past what hangs on the noun that is asked for."""
    if lead >= len(words) or words[lead].low not in _SITES:
        return lead
    return next((i for i in range(lead + 1, min(lead + 7, len(words))) if words[i].low in AUXILIARIES), lead)


def _after_name(words: Sequence[Word], aux: int, subject: tuple[int, int]) -> int:
    """Where what is said of a name begins: ``important`` in ``is the river Arda important for us``; 0 if nowhere."""
    if aux < 0 or words[aux].low not in BE:
        return 0
    within = range(subject[0] + 1, subject[1])
    plain = (i for i in within if words[i].text[0].islower() and is_capitalised(words[i - 1].text))
    return next((i for i in plain if words[i].low not in FUNCTION), 0)


def _says_of(words: Sequence[Word], aux: int, index: int) -> bool:
    """Whether a word after ``is she still`` is what is said of her: ``alive``."""
    return aux >= 0 and words[aux].low in BE and index < len(words) and words[index].low not in FUNCTION | DETERMINERS


def _ends_in_predicate(words: Sequence[Word], aux: int, subject: tuple[int, int]) -> bool:
    """Whether what was taken for a subject ends in what is said of it: ``the old dam safe`` after ``is``."""
    start, end = subject
    if aux < 0 or words[aux].low not in BE or end - start < 2 or words[start].low == "there":
        return False
    last, before = words[end - 1], words[end - 2].low
    return last.text[0].islower() and before not in PREPOSITIONS and not after_determiner(words, start, end - 1)


def _verb_at(words: Sequence[Word], index: int, wh: str, aux: int) -> bool:
    word = words[index]
    if not word.text[0].islower():
        return False
    if aux < 0:
        many = index > 0 and is_base(word.low) and is_plural(words[index - 1].low)
        return bool(wh) and (many or is_finite(word.low))
    if words[aux].low in BE | HAVE:
        return is_base(word.low) or is_participle(word.low)
    return word.low not in FUNCTION or word.low in _PLAIN_VERBS


def _noun_end(words: Sequence[Word], start: int, wh: str) -> int:
    """Where the noun of ``which noun`` ends: before an auxiliary, a verb or a preposition other than ``of``."""
    end = start
    while end < len(words) and words[end].text[0].isalnum():
        low = words[end].low
        first = end == start
        if low in AUXILIARIES or (low in FUNCTION and low != "of") or low in WH:
            break
        helped = end + 1 < len(words) and words[end + 1].low in AUXILIARIES  # "other works did": no verb before "did"
        after_many = is_base(low) and not first and is_plural(words[end - 1].low)  # "how many people work"
        follows = words[end + 1].low if end + 1 < len(words) else "?"
        ends = not follows[0].isalnum() or follows in FUNCTION | DETERMINERS  # "how many survived": counted is who did
        finite = is_finite(low) and (wh == "what" or not first or (ends and not low.endswith("s")))
        if (finite or after_many) and words[end].text[0].islower() and not helped:
            break
        end += 1
    return end


def _subject(words: Sequence[Word], aux: int) -> tuple[int, int]:
    """The words between the auxiliary and the verb: ``the council`` in ``did the council meet last year``."""
    start = aux + 1
    be = words[aux].low in BE | HAVE
    end = start
    while end < len(words) and (words[end].text[0] not in "?.!,;" or _lists_names(words, start, end)):
        word, bare = words[end], end == start
        after_joint = not bare and words[end - 1].low in PREPOSITIONS
        if word.text[0].islower() and not after_determiner(words, start, end):
            if not bare and word.low in EARLY:
                return start, end
            if not be and not bare and word.low in _PLAIN_VERBS:
                return start, end
            graded = not bare and words[end - 1].low in GRADES
            if (is_participle(word.low) and not graded if be else is_base(word.low)) and not after_joint:
                idiom = word.low in {"take", "have", "make"}  # "take place": the second is no verb.
                while not be and not idiom and end + 1 < len(words) and is_base(words[end + 1].low):
                    end += 1
                return start, end
            if word.low in DETERMINERS and not bare and not after_joint and words[end - 1].low != "and":
                return start, end
            pronoun = word.low in {"he", "she", "it", "they", "there", "we", "you", "i", "that", "this"}
            if word.low in FUNCTION and not pronoun and (bare or word.low not in JOINING | {"of", "and"}):
                return start, end
            if not bare and is_adverb(word.low):
                return start, end
        end += 1
    return start, end


def _lists_names(words: Sequence[Word], start: int, index: int) -> bool:
    """Whether a comma stands between two names: ``Asen, Bro and Dal``."""
    beside = words[max(start, index - 1)], words[min(index + 1, len(words) - 1)]
    return words[index].text == "," and all(is_capitalised(word.text) for word in beside)


def _before_verb(words: Sequence[Word], aux: int, subject: tuple[int, int]) -> tuple[int, int]:
    """The subject without its last word where that must be the verb: after ``did`` one follows, known or not."""
    start, end = subject
    named = end < len(words) and (is_base(words[end].low) or words[end].low in _PLAIN_VERBS | EARLY)
    if words[aux].low in BE | HAVE or named or end - start < 2:
        return subject
    last = words[end - 1]
    plain = last.text[0].islower() and last.low not in FUNCTION and not after_determiner(words, start, end - 1)
    return (start, end - 1) if plain else subject


def after_determiner(words: Sequence[Word], start: int, index: int) -> bool:
    """Whether the word at ``index`` comes right after an article, an owner or a number, not before ``start``."""
    before = words[index - 1] if index > start else None
    return before is not None and (
        before.low in DETERMINERS or before.low.endswith(("'s", "’s")) or before.text.isdigit()
    )
