"""The phrases of a question: its question words, its verb, and the people, places and things it names.

No tagger stands behind it: word classes and the order of words in English questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
    TIMES,
    WH,
    Kind,
    is_adverb,
    is_plural,
    kind_of,
)
from qa.verbs import is_base, is_finite, is_participle

__all__ = ["Clause", "Phrase", "parse", "phrases_of"]

_MEASURES = frozenset("many much long old often far big large high tall deep wide fast soon well".split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: characters ``[start, end)`` of the question; ``reach`` is its end with what is said of it."""

    text: str
    start: int
    end: int
    reach: int
    head: str
    kind: Kind
    plural: bool
    prep: str = ""

    @property
    def human(self) -> bool:
        """Whether the phrase is certain to name a person or an office."""
        return self.kind in {"person", "role"}


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
    aux = lead if low[lead] in AUXILIARIES else -1
    subject = _before_verb(words, aux, _subject(words, aux)) if aux >= 0 else (lead, lead)
    verb = subject[1] if subject[1] < len(words) and _verb_at(words, subject[1], wh, aux) else -1
    return Clause(text, words, wh, noun, lead, aux, subject, verb)


def _verb_at(words: Sequence[Word], index: int, wh: str, aux: int) -> bool:
    word = words[index]
    if not word.text[0].islower():
        return False
    if aux < 0:
        return bool(wh) and is_finite(word.low)
    if words[aux].low in BE | HAVE:
        return is_base(word.low) or is_participle(word.low)
    return word.low not in FUNCTION


def _noun_end(words: Sequence[Word], start: int, wh: str) -> int:
    """Where the noun of ``which noun`` ends: before an auxiliary, a verb or a preposition other than ``of``."""
    end = start
    while end < len(words) and words[end].text[0].isalnum():
        low = words[end].low
        first = end == start
        if low in AUXILIARIES or (low in FUNCTION and low != "of") or low in WH:
            break
        if is_finite(low) and (wh == "what" or not first) and words[end].text[0].islower():
            break
        end += 1
    return end


def _subject(words: Sequence[Word], aux: int) -> tuple[int, int]:
    """The words between the auxiliary and the verb: ``the council`` in ``did the council meet last year``."""
    start = aux + 1
    be = words[aux].low in BE | HAVE
    end = start
    while end < len(words) and words[end].text[0] not in "?.!,;":
        word, bare = words[end], end == start
        after_joint = not bare and words[end - 1].low in PREPOSITIONS
        if word.text[0].islower() and not _after_determiner(words, start, end):
            if (is_participle(word.low) if be else is_base(word.low)) and not after_joint:
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


def _before_verb(words: Sequence[Word], aux: int, subject: tuple[int, int]) -> tuple[int, int]:
    """The subject without its last word where that must be the verb: after ``did`` one follows, known or not."""
    start, end = subject
    if words[aux].low in BE | HAVE or (end < len(words) and is_base(words[end].low)) or end - start < 2:
        return subject
    last = words[end - 1]
    plain = last.text[0].islower() and last.low not in FUNCTION and not _after_determiner(words, start, end - 1)
    return (start, end - 1) if plain else subject


def _after_determiner(words: Sequence[Word], start: int, index: int) -> bool:
    before = words[index - 1] if index > start else None
    return before is not None and (
        before.low in DETERMINERS or before.low.endswith(("'s", "’s")) or before.text.isdigit()
    )


def phrases_of(text: str, clause: Clause | None = None) -> list[Phrase]:
    """The noun phrases of a question or an answer from left to right, without the question's own noun.

    >>> [phrase.text for phrase in phrases_of("Where did Ana Silva open the new bridge of Porto?")]
    ['Ana Silva', 'the new bridge', 'Porto']
    """
    clause = clause or parse(text)
    words = clause.words
    runs = list(_runs(clause))
    return [_phrase(text, words, runs, index) for index in range(len(runs))]


def _runs(clause: Clause) -> Iterator[tuple[int, int]]:
    for start, end in _plain_runs(clause):
        yield start, end
        owner = next((i for i in range(start, end - 1) if clause.words[i].low.endswith(("'s", "’s"))), None)
        if owner is not None:
            yield start, owner + 1


def _plain_runs(clause: Clause) -> Iterator[tuple[int, int]]:
    words, start = clause.words, clause.lead
    index = start
    while index < len(words):
        if _breaks(clause, start, index):
            if _has_noun(words, start, index):
                yield start, index
            start = index + 1
        opens_time = words[index].low in {"last", "next"} and words[min(index + 1, len(words) - 1)].low in TIMES
        if index > start and (
            words[index].low in DETERMINERS or (opens_time and words[index - 1].low not in DETERMINERS)
        ):
            if _has_noun(words, start, index):
                yield start, index
            start = index
        index += 1
    if _has_noun(words, start, index):
        yield start, index


def _breaks(clause: Clause, start: int, index: int) -> bool:
    words = clause.words
    word = words[index]
    if index == clause.verb or not word.text[0].isalnum():
        return True
    if not word.text[0].islower():
        return word.text == "I" or (index == 0 and word.low in FUNCTION | AUXILIARIES | WH)
    if word.low in {"very", "most", "more"} and _after_determiner(words, start, index):
        return False
    if word.low in FUNCTION:
        return not _joins_names(words, start, index)
    if index and words[index - 1].low == "to" and is_base(word.low):
        return True
    if is_adverb(word.low):
        return True
    return is_participle(word.low) and not word.low.endswith("ing") and not _after_determiner(words, start, index)


def _joins_names(words: Sequence[Word], start: int, index: int) -> bool:
    """Whether an ``and`` stands between two names: ``Trade and Industry``, ``Ana Silva and Bo Chen``."""
    return (
        words[index].low == "and"
        and start < index < len(words) - 1
        and is_capitalised(words[index - 1].text)
        and is_capitalised(words[index + 1].text)
    )


def _has_noun(words: Sequence[Word], start: int, end: int) -> bool:
    return any(word.low not in DETERMINERS and word.text[0].isalnum() for word in words[start:end])


def _phrase(text: str, words: Sequence[Word], runs: Sequence[tuple[int, int]], at: int) -> Phrase:
    start, end = runs[at]
    before = words[start - 1].low if start else ""
    head = re.sub(r"['’]s$", "", words[end - 1].low)
    kind = kind_of(words, start, end, before)
    if before == "of" and start > 1 and words[start - 2].text[0].isupper():  # Part of a name: "Ministry of Fisheries".
        kind = "name"
    joined = any(word.low == "and" for word in words[start:end]) and kind == "person"
    plural = joined or (kind in {"thing", "role"} and is_plural(head))
    chars = words[start].start, re.sub(r"['’]s$", "", text[: words[end - 1].end])
    prep = before if before in PREPOSITIONS else ""
    reach = max(len(chars[1]), _reach(words, runs, at, kind))
    return Phrase(chars[1][chars[0] :], chars[0], len(chars[1]), reach, head, kind, plural, prep)


def _reach(words: Sequence[Word], runs: Sequence[tuple[int, int]], at: int, kind: Kind) -> int:
    """The end of a phrase with the phrases that ``of``, ``in``, ``for`` and their like hang on to it."""
    first, end = runs[at]
    for start, stop in runs[at + 1 :]:
        joint = words[end].low if start == end + 1 else ""
        joins = (
            joint in {"of", "in"}
            if kind == "role"
            else joint == "of" or (joint in JOINING and kind in {"thing", "name"})
        )
        if not joins or stop - first > 14 or kind_of(words, start, stop, joint) == "time":
            break
        end = stop
    return words[end - 1].end
