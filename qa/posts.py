"""Names and the posts beside them: "Ana Silva, Director of the Port and Chair of the Board, Bo Lund, Mayor of Ystad".

In a row of officials a comma stands both before and behind every post, and a span reader takes the neighbour's. Read
as grammar the row is plain: it goes name, post, name, post. This module finds such pairs with their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.sentences import sentence_spans
from corpus.types import Span
from qa.role_words import PERSON_TITLES, ROLE_NOUNS

__all__ = ["Post", "find_posts"]

_PARTICLE = r"(?:de|da|do|dos|das|del|della|di|du|la|le|van|von|der|den|ter|bin|ibn|bint|al|el|y|e|af|zu)"
_CAP = r"(?:[A-Z]\.|(?:[a-zA-Z]{1,2}[-'’])?[^\W\d_a-z][\w'’-]*)"
_NAME = rf"{_CAP}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_CAP}){{0,4}}"
_HONORIFIC = (
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lord|Lady|Father|Sister|Madam|Chief|Colonel|Captain|General)\.?\s+)"
)
_WHOLE_NAME = re.compile(rf"(?:and\s+|as well as\s+|or\s+|with\s+|by\s+)?{_HONORIFIC}?(?P<name>{_NAME})\s*$")
_NAME_AT_END = re.compile(rf"(?P<name>{_NAME})\s*$")
_NAME_AT_START = re.compile(rf"\s*(?:and\s+)?{_HONORIFIC}?(?P<name>{_NAME})")
_OPENERS = frozenset(
    "who the a an in at on for by as we he she it they i you but and our my his her their its this that from to".split()
)
_POST_ENDERS = frozenset("of for in at on to by with who which said was is has".split())
_NO_POST = frozenset("our my or but where when while after before he she it they".split())
_CHUNK = re.compile(r"[^,;():]+")
_WORD = re.compile(r"[\w'’-]+")
_BREAK = re.compile(
    r"\s(?:who|which|that|where|when|as|is|are|was|were|has|had|have|will|would|can|could|said|says|made|told|gave|took|met|"
    r"spoke|led|held|and (?=(?:the\s+)?[a-z]+ed\b)|[a-z]{2,}ed|[a-z]{3,}(?<!s)s(?=\s+that\b))\b"
)
_JOINED = re.compile(r"\s+and\s+(?=(?:[A-Z]|Dr|Mr|Ms))")
_IS = re.compile(
    rf"(?P<name>{_NAME})\s+(?:is|was|has been|became|serves as|served as|works as|acts as)\s+(?P<post>[^,;.()\n]+)"
)


_LEAD = re.compile(
    r"\s*(?:and\s+)?(?:(?:the|a|an|as|then|currently|at present|now|also|its|their|our|his|her|my)\s+)*", re.IGNORECASE
)
_POSSESSED = re.compile(r"\b(?:the|its|their|our|his|her|by|a|an)\s+(?=[A-Za-z])|['’]s\s+")
_OWNER = re.compile(r"(?:[\w-]+\s+){0,5}?[\w-]+(?:['’]s|s['’])\s+(?=[a-z])")  # "the institute's director"


@dataclass(frozen=True, slots=True)
class Post:
    """One person's name and post, with the places of both in the text they were found in."""

    name: Span
    post: Span


def find_posts(text: str, start: int = 0, end: int | None = None) -> list[Post]:
    """All pairs of name and post in ``text[start:end]``, in reading order.

    >>> text = "Ana Silva, Director of the Port, and Bo Lund, Mayor of Ystad, spoke."
    >>> [(p.name.of(text), p.post.of(text)) for p in find_posts(text)]
    [('Ana Silva', 'Director of the Port'), ('Bo Lund', 'Mayor of Ystad')]
    """
    found: dict[tuple[int, int], Post] = {}
    for sentence in sentence_spans(text, start, end):
        for post in _in_sentence(text, sentence.start, sentence.end):
            found.setdefault((post.name.start, post.post.start), post)
    return sorted(found.values(), key=lambda post: post.name.start)


def _in_sentence(text: str, start: int, end: int) -> Iterator[Post]:
    chunks = [(m.start(), m.end()) for m in _CHUNK.finditer(text, start, end)]
    number = 0
    while number < len(chunks):
        name = _name_before(text, chunks, number)
        if name and number + 1 < len(chunks) and _is_post(text, *chunks[number + 1]):
            last = _last_chunk(text, chunks, number + 1)
            yield Post(name, _trim(text, chunks[number + 1][0], chunks[last][1]))
            number = last  # the last chunk may itself end in the next name: "... of Q and Bo Lund"
            if not _joined_name(text, chunks[last]):
                number += 1
            continue
        yield from _post_first(text, chunks, number)
        number += 1
    for found in _IS.finditer(text, start, end):
        if _is_post(text, found.start("post"), found.end("post")) and _looks_named(found["name"]):
            yield Post(Span(*found.span("name")), _trim(text, *found.span("post")))


def _name_before(text: str, chunks: list[tuple[int, int]], number: int) -> Span | None:
    """The name that closes a chunk: the chunk itself in a row of officials, or the end of "... said Ana Silva"."""
    start, end = chunks[number]
    found = _WHOLE_NAME.fullmatch(text[start:end].strip()) and _NAME_AT_END.search(text, start, end)
    found = found or _NAME_AT_END.search(text, max(start, end - 80), end)
    return _name_alone(text, *found.span("name")) if found else None


def _name_alone(text: str, start: int, end: int) -> Span | None:
    """The name without titles in front ("Professor", "Judge", "Honourable"); ``None`` if no name is left."""
    words = list(re.compile(r"\S+").finditer(text, start, end))
    while len(words) > 2 and words[0][0].lower().strip(".") in ROLE_NOUNS | PERSON_TITLES:
        words.pop(0)
    if not words or not _looks_named(text[words[0].start() : end]):
        return None
    return Span(words[0].start(), end)


def _looks_named(name: str) -> bool:
    words = name.lower().replace(".", "").split()
    return not any(word in ROLE_NOUNS for word in words) and words[0] not in _OPENERS


def _is_post(text: str, start: int, end: int) -> bool:
    """Whether a chunk opens like a post: a role noun among its first words, before any "of", "for", "in" or "at"."""
    words = _WORD.findall(text[start:end])[:7]
    for number, word in enumerate(words):
        plain = word.lower().removesuffix("'s").removesuffix("’s")
        if plain in ROLE_NOUNS and not word.lower().endswith(("'s", "’s")):
            return True
        if plain in _POST_ENDERS or (number == 0 and plain in _NO_POST):
            return False
    return False


def _last_chunk(text: str, chunks: list[tuple[int, int]], first: int) -> int:
    """The last chunk of a post that begins in chunk ``first``: "Director of Trade, Industry and Crafts"."""
    last = first
    while last + 1 < len(chunks):
        start, end = chunks[last + 1]
        if text[chunks[last][1]] != "," or _BREAK.search(text, chunks[last][0], chunks[last][1]):
            break
        words = text[start:end].strip()
        if _is_post(text, start, end) and not _WHOLE_NAME.fullmatch(words):
            last += 1
            continue
        follows_post = last + 2 < len(chunks) and _is_post(text, *chunks[last + 2])
        listed = re.fullmatch(r"(?:[A-Z][\w-]+(?: [A-Z][\w-]+)?) and [A-Z][\w -]+", words)
        if listed and not follows_post and " of " in text[chunks[first][0] : chunks[last][1]]:
            last += 1
            continue
        break
    return last


def _joined_name(text: str, chunk: tuple[int, int]) -> bool:
    """Whether a post's chunk runs into the next person: "Director of Q and Bo Lund" before another post."""
    joins = list(_JOINED.finditer(text, *chunk))
    return (
        bool(joins)
        and bool(re.fullmatch(rf"{_HONORIFIC}?{_NAME}\s*", text[joins[-1].end() : chunk[1]]))
        and text[chunk[1] : chunk[1] + 1] == ","
    )


def _trim(text: str, start: int, end: int) -> Span:
    """The post alone: without white space, articles in front, or the sentence that goes on behind it."""
    if found := _BREAK.search(text, start, end):
        end = found.start()
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    if owner := _OWNER.match(text, start, end):
        start = owner.end()
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".\"”'’—–-:"):
        end -= 1
    return Span(start, max(start, end))


def _post_first(text: str, chunks: list[tuple[int, int]], number: int) -> Iterator[Post]:
    """ "Deputy Mayor Li Hua" and "the institute's director, Li Hua"."""
    start, end = chunks[number]
    if not _is_post(text, start, end):
        tail = list(_POSSESSED.finditer(text, start, end))
        if not tail or not _is_post(text, tail[-1].end(), end):
            return
        start = tail[-1].end()
    if number + 1 < len(chunks) and text[end] == ",":
        name = _NAME_AT_START.match(text, *chunks[number + 1])
        rest = text[name.end() : chunks[number + 1][1]].strip() if name else ""
        alone = not rest or rest[0].islower()
        named = name and alone and len(name["name"].split()) > 1 and _name_alone(text, *name.span("name"))
        if named:
            yield Post(named, _trim(text, start, end))
            return
    yield from _title_before_name(text, start, end)


def _title_before_name(text: str, start: int, end: int) -> Iterator[Post]:
    for word in _WORD.finditer(text, start, end):
        if word[0].lower() in ROLE_NOUNS:
            name = re.compile(rf"\s+(?P<name>{_NAME})").match(text, word.end(), end)
            if name and _looks_named(name["name"]) and len(name["name"].split()) > 1:
                yield Post(Span(*name.span("name")), _trim(text, start, word.end()))
                return
