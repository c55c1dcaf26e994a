"""Interview labels at the start of a paragraph ("Reporter: ...", "Ana Ruiz (mayor): ...") and the turns they open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.paragraphs import is_title_line
from corpus.person_names import IMPERSONAL, is_honorific, is_role, name_end, words_of
from corpus.types import Span, Turn

__all__ = ["ASKERS", "find_label_turns"]

MAX_LABEL = 160
"""Characters in which the colon must come, role in brackets included."""
MAX_NAME = 60
MAX_NAME_WORDS = 7

_MARKUP = ' \t\xa0*_#>|~`\u200b\u200e\u200f\ufeff-–—•"“'
_ASKING = """reporter interviewer host moderator question q journalist correspondent editor anchor presenter magazine
we us 记者 问 主持人 記者 問 主持人 기자 질문 聞き手 السؤال سؤال المذيع الصحفي вопрос корреспондент ведущий pregunta
periodista frage journaliste domanda pergunta"""
_ANSWERING = "a answer 答 답 답변 ответ جواب الجواب respuesta antwort réponse risposta resposta"
_FACTS = """note notes updated update source sources photo photos image images picture caption video audio contact
contacts tel telephone phone mobile email e-mail fax address where when what why how who price prices cost costs ticket
tickets admission date time times location venue place duration tip tips warning example examples summary
abstract keywords tags tag title subtitle headline author authors by published publisher section category related
more also copyright website web url link links hosted company industry background facts figures result results
conclusion introduction ingredients method remarks correction disclaimer credit credits language languages
translation format length rating genre cast isbn doi issue volume edition capacity opening hours agenda ps nb
information details deadline registration organiser organizer dates subject re from to cc sent attachment
sport sports weather traffic education health politics business culture"""
ASKERS = frozenset(_ASKING.split())
"""Labels, in lower case, that say by themselves that their bearer asks."""
_ANSWERERS = frozenset(_ANSWERING.split())
_NOT_SPEAKERS = frozenset(_FACTS.split())
_CLOSING = re.compile(
    r"""\W{0,4}(?:
    (?:the|this|our|these|an?)\s+(?:\w+\s+){0,2}(?:interview|conversation|discussion|transcript|exchange|answers|text)\s
        (?:was|were|has|have|is|took|originally|first|appeared|appears|ended|ends)
    |about\s(?:the|us|this|[A-Z])|editor[’']s\snote|must\sread|read\smore|related\b|copyright\b|©|all\srights
    |(?:interview(?:ed)?|edited|translated|photos?|photography|text|reporting|reported|transcribed|compiled)
        \s(?:(?:and|&)\s\w+\s)?by\b
    |for\s(?:further|more|any)\s(?:information|details|enquir|inquir)|the\s(?:writer|author|interviewer)\b
    |\*\s?\*\s?\*|-{3,}|_{3,}|\#{3,}$)""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END = tuple('.?!…。？！"”’»)]؟।')
_LETTERS = re.compile(r"[^\W\d_]+")
_FIRST_PERSON = re.compile(r"\b(?:I|we|my|our|me|us)\b|\bI['’]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Label:
    """A possible label: the paragraph's number, the name's place, and where the speech after the colon begins."""

    paragraph: int
    name: Span
    key: str
    body: int


def find_label_turns(text: str, paragraphs: Sequence[Span]) -> list[Turn]:
    """The turns of an interview, one a label; none where the labels do not look like people who talk in turn."""
    found = [label for index, span in enumerate(paragraphs) if (label := _label_at(text, index, span))]
    labels = _speakers(text, paragraphs, found) if len(found) > 1 else []
    ends = [label.paragraph for label in labels[1:]] + [len(paragraphs)] * bool(labels)
    return [_turn(text, paragraphs, label, end) for label, end in zip(labels, ends, strict=True)]


def _label_at(text: str, index: int, span: Span) -> _Label | None:
    head = text[span.start : min(span.end, span.start + MAX_LABEL)]
    colon = min((at for at in (head.find(":"), head.find("：")) if at > 0), default=-1)
    if colon < 1 or not _opens_speech(head, colon):
        return None
    start = len(head) - len(head.lstrip(_MARKUP))
    name = re.split(r"\s*[(\[（]|,\s|，", head[start:colon], maxsplit=1)[0].rstrip(_MARKUP)
    if not _is_short_name(name):
        return None
    at = span.start + start
    return _Label(index, Span(at, at + len(name)), name.casefold(), span.start + colon + 1)


def _opens_speech(head: str, colon: int) -> bool:
    """Whether the colon stands after a label: not in a time, an address, nor glued to the next word."""
    after = head[colon + 1 : colon + 2]
    return head[colon] == "：" or not after or after.isspace() or after in "*_\"“'‘«„[("


def _is_short_name(name: str) -> bool:
    words = name.split()
    if not words or len(name) > MAX_NAME or len(words) > MAX_NAME_WORDS or not name[0].isalpha() or name[0].islower():
        return False
    return not any(mark in name for mark in '?!;/=<>{}@“”"') and not re.search(r"[^\W\d_]{4,}\.\s", name)


def _speakers(text: str, paragraphs: Sequence[Span], found: list[_Label]) -> list[_Label]:
    """The labels that are speakers, or none when the evidence for an interview is missing."""
    groups: dict[str, list[_Label]] = {}
    for label in found:
        groups.setdefault(label.key, []).append(label)
    talks = {key: group for key, group in groups.items() if _talks(text, paragraphs, group)}
    mentions = Counter(_LETTERS.findall(text))
    askers = {key for key, group in talks.items() if _asks(text, paragraphs, key, group)}
    people = {key for key, group in talks.items() if key in askers or _is_person(text, group[0].name)}
    sure = {
        key for key in people if key in askers or len(groups[key]) > 1 or _is_sure(text, talks[key][0].name, mentions)
    }
    beside = {
        label.key
        for before, label in pairwise(found)
        if label.key in people and before.key in askers and label.paragraph - before.paragraph <= 2
    }
    kept = sure | beside
    turns = sum(len(groups[key]) for key in kept)
    if len(kept) < 2 or not (askers & kept or (turns >= 3 and any(len(groups[key]) > 1 for key in kept))):
        return []
    return [label for label in found if label.key in kept]


def _body(text: str, paragraphs: Sequence[Span], label: _Label) -> str:
    """What follows the label: the rest of its paragraph, or the next one where the label stands alone."""
    body = text[label.body : paragraphs[label.paragraph].end].strip(" \t*_")
    if not body and label.paragraph + 1 < len(paragraphs):
        body = paragraphs[label.paragraph + 1].of(text)
    return body


def _talks(text: str, paragraphs: Sequence[Span], group: list[_Label]) -> bool:
    first = re.split(r"[\s:]", group[0].key, maxsplit=1)[0]
    if first in _NOT_SPEAKERS or group[0].key.split()[-1] in _NOT_SPEAKERS:
        return False
    ends = [_body(text, paragraphs, label).endswith(_SENTENCE_END) for label in group]
    return sum(ends) * 2 >= len(ends)


def _asks(text: str, paragraphs: Sequence[Span], key: str, group: list[_Label]) -> bool:
    if key in ASKERS or key.rstrip("0123456789 ") in ASKERS:
        return True
    asked = [_body(text, paragraphs, label).rstrip('"”*_ ').endswith(("?", "？", "؟")) for label in group]
    return len(asked) > 1 and sum(asked) * 2 > len(asked)


def _is_person(text: str, name: Span) -> bool:
    """Whether a label has the shape of a name, of an office (``Member of the audience``) or of a known word."""
    written = name.of(text)
    key = written.casefold().rstrip("0123456789 ")
    if key in _ANSWERERS or not any(char.isupper() or char.islower() for char in written):
        return True
    words = [word for word in words_of(text, name.start, name.end) if not word.text[0].isdigit()]
    if is_role(words[0].text) or is_role(words[-1].text) or is_honorific(words[0].text):
        return True
    return name_end(words, 0) == len(words) and not any(word.low in IMPERSONAL for word in words[1:])


def _is_sure(text: str, name: Span, mentions: Counter[str]) -> bool:
    """Whether a label used once is a person all the same: titled, or named elsewhere in the article."""
    written = name.of(text)
    last = written.split()[-1]
    if is_honorific(written.split()[0].rstrip(".")) or written.casefold() in _ANSWERERS:
        return True
    return len(last) > 2 and " " in written and mentions[re.split(r"[\W_]+", last.rstrip("."))[-1]] > 1


def _turn(text: str, paragraphs: Sequence[Span], label: _Label, limit: int) -> Turn:
    """The label's paragraph and those after it up to the next label, a heading, or the end of the interview."""
    last = label.paragraph
    alone = not text[label.body : paragraphs[last].end].strip(" \t*_")
    for index in range(label.paragraph + 1, limit):
        paragraph = paragraphs[index].of(text)
        if not (alone and index == label.paragraph + 1) and _ends_turn(paragraph, label.name.of(text)):
            break
        last = index
    span = Span(paragraphs[label.paragraph].start, paragraphs[last].end)
    return Turn(span, label.name.of(text), label.name, "label")


def _ends_turn(paragraph: str, speaker: str) -> bool:
    head = paragraph[:400]
    if is_title_line(paragraph) or _CLOSING.match(head) or (head[0] in "([" and paragraph[-1] in ")]"):
        return True
    opening = re.match(r"([^\W\d_][^:：\n]{0,40})[:：]\s", head)
    if opening and opening[1].split()[0].casefold() in _NOT_SPEAKERS:
        return True
    named = len(speaker) > 2 and speaker.split()[-1] in head and speaker.casefold() not in ASKERS
    return named and not _FIRST_PERSON.search(paragraph)
