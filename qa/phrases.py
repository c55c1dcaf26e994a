"""The phrases of a question or an answer: the people, places and things that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.person_names import Word, is_capitalised
from qa.clauses import EARLY, GRADES, Clause, after_determiner, parse
from qa.phrase_kinds import (
    AUXILIARIES,
    DETERMINERS,
    FUNCTION,
    JOINING,
    PREPOSITIONS,
    TIMES,
    WH,
    Kind,
    is_adverb,
    is_plural,
    kind_of,
)
from qa.verbs import is_base, is_participle, past_form

__all__ = ["Phrase", "phrases_of"]


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
            (words[index].low in DETERMINERS and not _opens_title(words, index))
            or (opens_time and words[index - 1].low not in DETERMINERS)
        ):
            if _has_noun(words, start, index):
                yield start, index
            start = index
        index += 1
    if _has_noun(words, start, index):
        yield start, index


def _opens_title(words: Sequence[Word], index: int) -> bool:
    """Whether a determiner begins a title inside a phrase: ``the opera The Glass Sea``."""
    return (
        index > 0
        and words[index].text[0].isupper()
        and words[index - 1].text[0].islower()
        and words[index - 1].low not in FUNCTION
        and index + 1 < len(words)
        and is_capitalised(words[index + 1].text)
    )


def _breaks(clause: Clause, start: int, index: int) -> bool:
    words = clause.words
    word = words[index]
    if word.text in {"'", "’"} and index > start and words[index - 1].low.endswith("s"):
        return index + 1 == len(words) or not words[index + 1].text[0].isalnum()  # "the citizens' forum"
    if index == clause.verb or not word.text[0].isalnum():
        return True
    if not word.text[0].islower():
        return word.text == "I" or (index == 0 and word.low in FUNCTION | AUXILIARIES | WH)
    if word.low in {"very", "most", "more"} and after_determiner(words, start, index):
        return False
    if word.low in EARLY and not after_determiner(words, start, index) and index + 1 == clause.verb:
        return True
    if index > start and words[index - 1].low in GRADES and is_participle(word.low):
        return False
    if word.low in FUNCTION:
        return not _joins_names(words, start, index)
    if index and words[index - 1].low == "to" and is_base(word.low):
        return True
    if is_adverb(word.low) or _ends_a_noun(clause, start, index):
        return is_adverb(word.low)
    return is_participle(word.low) and not word.low.endswith("ing") and not after_determiner(words, start, index)


def _ends_a_noun(clause: Clause, start: int, index: int) -> bool:
    """Whether a word like ``cut``, a noun as often as a participle, ends a text or its subject: ``a tax cut``."""
    words, low = clause.words, clause.words[index].low
    last = index + 1 == clause.subject[1] or all(not word.text[0].isalnum() for word in words[index + 1 :])
    return last and index - start > 1 and words[start].low in {"a", "an", "the"} and past_form(low) == low


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
    owns = re.search(r"['’]s$", words[end - 1].low)
    reach = len(chars[1]) if owns else max(len(chars[1]), _reach(words, runs, at, kind))
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
