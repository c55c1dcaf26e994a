"""Who says one sentence: read from the sentence with its quotations blanked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.people import People
from corpus.person_names import OPENERS, QUOTE, Word, name_end
from corpus.speech import Strength, is_reporting_verb, verb_at
from corpus.subjects import Subject, subject_at

__all__ = ["Attribution", "attribute", "is_body_reporting"]

HEAD = 60
"""Words in which the verb of saying must come when the subject opens the sentence."""
MAX_COMMAS = 8

_LEADS = frozenset(
    {"but", "and", "yet", "so", "then", "later", "today", "yesterday", "still", "also", "finally", "while", "meanwhile"}
    | {
        "however",
        "earlier",
        "first",
        "afterwards",
        "here",
        "there",
        "even",
        "as",
        "when",
        "where",
        "though",
        "although",
    }
)
# Participles far more often than verbs before their subject: "the plan, called Blue Water, ..."
_NEVER_FIRST = frozenset({"called", "described", "told", "informed", "briefed", "assured", "reminded", "urged"})
_PREPOSITIONS = frozenset({"of", "from", "for", "at", "in", "with"})
_VIEWS = frozenset({"view", "opinion", "words", "judgment", "judgement", "account", "estimate", "eyes", "experience"})


@dataclass(frozen=True, slots=True)
class Attribution:
    """The subject of a sentence and how it speaks: ``verb`` is ``None`` where it says nothing.

    ``direct`` tells that the words said are a quotation, ``head`` that the subject opens the sentence.
    """

    subject: Subject
    verb: Strength | None
    direct: bool
    head: bool


def attribute(words: Sequence[Word], people: People) -> Attribution | None:
    """The attribution of one sentence, given as words in which a run of ``QUOTE`` is a quotation."""
    if not words:
        return None
    if words[0].text[0] == QUOTE:
        return _around_quote(words, 0, people)
    head = _at_head(words, people)
    if head and head.verb:
        return head
    return _inside(words, people) or head


def is_body_reporting(words: Sequence[Word]) -> bool:
    """Whether a sentence opens with some other subject that reports: "The session decided that ..."."""
    for index, word in enumerate(words[:14]):
        if word.text in {",", ":", ";"} or word.text[0] == QUOTE:
            return False
        if index and (is_reporting_verb(word.text) or word.text in {"say", "warn", "argue", "complain", "report"}):
            after = words[index + 1] if index + 1 < len(words) else None
            return after is not None and (after.low in {"that", "out"} or after.text[0] == QUOTE)
    return False


def _at_head(words: Sequence[Word], people: People) -> Attribution | None:
    silent: Attribution | None = None
    if words[0].low == "according" and len(words) > 2 and words[1].low == "to":
        subject = subject_at(words, 2, people)
        return Attribution(subject, "strong", direct=False, head=True) if subject else None
    if view := _in_view_of(words, people) or _for_somebody(words, people):
        return view
    for start in _clause_starts(words):
        subject = subject_at(words, start, people)
        if subject is None:
            continue
        verb_end, strength = _verb_after(words, subject.end)
        if strength:
            return Attribution(subject, strength, direct=_quotes_next(words, verb_end), head=True)
        if silent is None and start <= 2 and subject.known:
            silent = Attribution(subject, None, direct=False, head=True)
    return silent or _late_name(words, people)


def _clause_starts(words: Sequence[Word]) -> Iterator[int]:
    """Where the main clause may begin: at the head, after an opening word, after the commas of what leads in."""
    yield 0
    opener = words[0].low
    if opener in _LEADS:
        yield 1
    if opener in OPENERS or opener in _LEADS or opener.endswith(("ing", "ly", "ed")):
        commas = [index for index, word in enumerate(words[:45]) if word.text == ","]
        yield from (comma + 1 for comma in commas[:4])


def _verb_after(words: Sequence[Word], end: int) -> tuple[int, Strength | None]:
    """The verb right after the subject, or after an apposition set off by commas, brackets or dashes."""
    found = verb_at(words, end)
    if found:
        return found
    if end < len(words) and words[end].low in _PREPOSITIONS:
        for index in range(end + 2, min(len(words), end + 11)):
            if words[index].text == ",":
                end = index
                break
            if not words[index].text[0].isalpha() or (found := verb_at(words, index)):
                return found or (end, None)
    if end < len(words) and words[end].text in {",", "(", "–", "—", "-"}:
        closers = [i for i in range(end + 1, min(len(words), end + HEAD)) if words[i].text in {",", ")", "–", "—", "-"}]
        for closer in closers[:MAX_COMMAS]:
            after = (
                closer + 1 + (closer + 1 < len(words) and words[closer].text == ")" and words[closer + 1].text == ",")
            )
            found = verb_at(words, after)
            if found:
                return found
    return end, None


def _quotes_next(words: Sequence[Word], verb_end: int) -> bool:
    """Whether the verb's object is a quotation: ``said: "..."``, ``told the crowd, "..."``, not ``said that "..."``."""
    for index in range(verb_end, min(len(words), verb_end + 10)):
        if words[index].text[0] == QUOTE:
            return index == verb_end or words[index - 1].text in {":", ","}
        if words[index].low in {"that", "how", "why", "as"}:
            return False
    return False


def _late_name(words: Sequence[Word], people: People) -> Attribution | None:
    """A known name with its verb after a lead-in without comma: "At the opening Ana Ruiz said ...".

    Somebody new ("On the stairs an old man listens.") is found too, for the pronouns that follow.
    """
    if words[0].low not in OPENERS:
        return None
    for index in range(1, min(len(words), 16)):
        if words[index].low in {"that", "who", "which", "whom", "and", "said"}:
            return None
        if words[index].low not in {"a", "an"} and name_end(words, index) == index:
            continue
        subject = subject_at(words, index, people)
        if subject and subject.person and subject.known:
            found = verb_at(words, subject.end)
            if found:
                return Attribution(subject, found[1], direct=_quotes_next(words, found[0]), head=True)
            if words[index].low in {"a", "an"} and words[index - 1].text != ",":  # no apposition
                return Attribution(subject, None, direct=False, head=True)
    return None


def _in_view_of(words: Sequence[Word], people: People) -> Attribution | None:
    """ "In Ruiz's view, ..." and "In her opinion ..."; the second goes back to the speaker before."""
    if words[0].low != "in" or len(words) < 4:
        return None
    if words[1].low in {"his", "her"} and words[2].low in _VIEWS:
        pronoun = "he" if words[1].low == "his" else "she"
        return Attribution(Subject(3, pronoun=pronoun), "weak", direct=False, head=True)
    return None


def _for_somebody(words: Sequence[Word], people: People) -> Attribution | None:
    """ "For Ana Ruiz, the aim is modest": what is so for a known person is that person's view."""
    if words[0].low != "for":
        return None
    subject = subject_at(words, 1, people)
    said = subject and subject.person and subject.known and subject.end < len(words) and words[subject.end].text == ","
    return (
        Attribution(subject, "weak", direct=_quotes_next(words, subject.end), head=True) if subject and said else None
    )


def _around_quote(words: Sequence[Word], quote: int, people: People) -> Attribution | None:
    """The attribution after a quotation: ``said Ana Ruiz``, ``Ana Ruiz, the mayor, says``, ``she adds``."""
    index = quote + 1
    while index < len(words) and words[index].text in {",", "-", "–", "—", ".", "?", "!"}:
        index += 1
    found = verb_at(words, index) if index < len(words) and words[index].text not in _NEVER_FIRST else None
    if found and (subject := subject_at(words, found[0], people)):
        return Attribution(subject, found[1], direct=True, head=False)
    subject = subject_at(words, index, people)
    if subject and (strength := _verb_after(words, subject.end)[1]):
        return Attribution(subject, strength, direct=True, head=False)
    return None


def _inside(words: Sequence[Word], people: People) -> Attribution | None:
    """An attribution in the middle: ``The bridge, she argued, was late``, ``"..." and "...", said Ana Ruiz``."""
    quoted = any(word.text[0] == QUOTE for word in words)
    for index, word in enumerate(words):
        if index and word.text[0] == QUOTE and (found := _around_quote(words, index, people)):
            return found
        if word.text in {",", "–", "—"} and (subject := _parenthesis(words, index + 1, people)):
            return Attribution(subject, "weak", direct=quoted, head=False)
    return None


def _parenthesis(words: Sequence[Word], index: int, people: People) -> Subject | None:
    """The subject of ``, she said,`` / ``, said Ana Ruiz.`` / ``, according to the mayor`` at ``words[index]``."""
    if index + 1 >= len(words):
        return None
    if words[index].low == "according" and words[index + 1].low == "to":
        return subject_at(words, index + 2, people)
    if is_reporting_verb(words[index].text) and words[index].text not in _NEVER_FIRST:
        subject = subject_at(words, index + 1, people)
        return subject if subject and _closes(words, subject.end) else None
    subject = subject_at(words, index, people)
    found = verb_at(words, subject.end) if subject else None
    return subject if found and _closes(words, _after_hearer(words, found[0])) else None


def _after_hearer(words: Sequence[Word], index: int) -> int:
    """Where the one who is told ends: after ``the Assembly`` in ``the contract, she told the Assembly, allows it``."""
    if words[index - 1].text not in _NEVER_FIRST:
        return index
    end = index
    while end < len(words) and end - index < 5 and words[end].text[0].isalpha() and words[end].low != "that":
        end += 1
    return end


def _closes(words: Sequence[Word], index: int) -> bool:
    return index >= len(words) or words[index].text in {",", ".", ";", ":", "–", "—", "?", "!"}
