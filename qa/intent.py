"""What a question asks for, where its form tells: an article's facts, a speaker, a person's post, a post's holder.

Everything else is for the reader. The rules are word classes, no word of any article; a question that fits none
of them loses nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qa.intent_words import AUXILIARY, DOCUMENT, LEADING, PERSON, POST_NOUN, SAYING, THE_DOCUMENT
from qa.role_words import ROLE_NOUNS

__all__ = ["Intent", "IntentKind", "MetaField", "intent_of"]

IntentKind = Literal["metadata", "speaker", "post_of", "holder_of", "open"]
MetaField = Literal["title", "author", "publisher", "published"]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_WHEN = r"(?:when|on (?:what|which) (?:date|day)|(?:what|which) (?:date|day))"
_WROTE = "(?:wrote|authored|penned|reported|filed|conducted|carried out|compiled)"
_WRITTEN = "(?:written|authored|penned|conducted|reported|compiled)"
_OUTLET = (
    "(?:outlet|newspaper|paper|publication|magazine|website|site|media|medium|publisher|agency|organi[sz]ation|office|"
    "institution|body|authority|company)"
)
_META: dict[MetaField, re.Pattern[str]] = {
    "author": _any(
        rf"\bwho(?: \w+ and)? {_WROTE}(?: up)? {THE_DOCUMENT}",
        rf"\bwho {AUXILIARY} {THE_DOCUMENT}(?: \w+){{0,8}}? {_WRITTEN} by\b",
        rf"\bby whom {AUXILIARY} {THE_DOCUMENT}(?: .*)? {_WRITTEN}\b",
        rf"\b(?:authors?|writers?|byline|interviewer) (?:of|on|for|behind) {THE_DOCUMENT}",
        r"\b(?:which|what) (?:journalist|reporter|correspondent|author|writer)s? (?:wrote|authored|penned|conducted) ",
    ),
    "published": _any(
        rf"\b{_WHEN} did {THE_DOCUMENT}(?: .*)? (?:appear|come out|go online)\b",
        rf"\b{_WHEN} {AUXILIARY} {THE_DOCUMENT}(?: .*)? "
        r"(?:published|updated|released|issued|dated|posted|written|put out|put online|printed)\b",
        r"\b(?:publication|release|posting|update) date\b",
        rf"\bdate of (?:publication|issue|release|{THE_DOCUMENT})",
    ),
    "publisher": _any(
        rf"\bwho (?:published|hosts?|put out|released|issued) {THE_DOCUMENT}",
        rf"\b(?:which|what) (?:\w+ )?{_OUTLET} (?:published|ran|hosts|carried|printed|issued|released) {THE_DOCUMENT}",
        rf"\b(?:in|on|for) (?:which|what) (?:\w+ )?(?:publication|newspaper|paper|website|magazine|outlet|site) "
        rf"(?:did|was|has)\b.*\b{DOCUMENT}",
        rf"\bpublisher of {THE_DOCUMENT}",
    ),
    "title": _any(
        rf"\b(?:what|which) (?:is|was) (?:the )?(?:title|headline) of {THE_DOCUMENT}",
        rf"\bhow is {THE_DOCUMENT}(?: .*)? (?:titled|headlined)",
        rf"\b(?:title|headline) (?:of|does) {THE_DOCUMENT}",
        rf"\bwhat is {THE_DOCUMENT}(?: .*)? (?:titled|called|headlined)",
    ),
}
_SPEAKER = _any(
    rf"^\W*(?:and )?(?:who|whom|which (?:\w+ ){{0,3}}?{PERSON}s?|whose)\b"
    rf"(?: was it (?:who|that)| is it that)?(?: \w+ly| also| once| first| now| had| has)? {SAYING}\b",
    r"^\W*(?:according to whom|who (?:is|was) (?:quoted|cited)|(?:by|from) whom (?:was|were|is|comes) )",
    r"^\W*whose (?:words|view|opinion|statement|claim) (?:is|was|are|were)",
    r"^\W*who (?:made|gave) the (?:statement|remark|claim|point)",
)

_INTERVIEW = _any(r"\b(?:interview\w*|conversation|q&a)\b")
_CAPITAL = r"(?:[^\W\d_a-z][\w.'’-]*|al-[A-Z]\w*|de|da|del|la|van|von|bin|ibn|el|dos)"
_NAME = rf"(?P<name>{_CAPITAL}(?: (?:{_CAPITAL}|e|y))*)"
_POST_OF = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^\W*(?i:(?:what|which) (?:\w+ ){{0,2}}?{POST_NOUN} (?:does|do|did|has|had)) {_NAME} (?i:\w+)",
        rf"^\W*(?i:(?:what|which) (?:\w+ ){{0,2}}?{POST_NOUN} (?:is|are|was|were|has been) "
        rf"(?:held|occupied|filled) by) {_NAME}",
        rf"^\W*(?i:what(?:'s|’s| is| are| was| were)) {_NAME}(?:'s|’s|'|’) (?i:(?:\w+ ){{0,2}}?{POST_NOUN})",
        rf"^\W*(?i:what (?:is|are|was|were) the (?:\w+ ){{0,2}}?{POST_NOUN} (?:of|held by)) {_NAME}",
        rf"^\W*(?i:in (?:what|which) (?:\w+ )?(?:capacity|role|position|post) (?:does|did|is|was)) {_NAME} ",
        rf"^\W*(?i:who (?:is|was|are|were)|who's|who’s) {_NAME}\W*$",
        rf"^\W*(?i:what does) {_NAME} (?i:do for a living|do for work)",
    )
)
_WHO = r"^\W*(?:who|which (?:person|official|man|woman|officer))"
_ROLE_NOUN = rf"(?:\w+-)?(?:{'|'.join(sorted(ROLE_NOUNS, key=len, reverse=True))})s?"
_HOLDS = (
    r"(?: (?:is|was|are|were|serves? as|served as|acts? as|acted as|works? as|became|"
    r"has been (?:appointed|named|chosen as)|(?:holds?|held) (?:the )?(?:post|position|office|title)s? of)|'s|’s)"
)
_HOLDER_OF = (
    _any(rf"{_WHO}{_HOLDS} (?:the |a |an )?(?P<role>(?:[\w'’&,-]+ )*?{_ROLE_NOUN}\b.*)"),
    _any(rf"^\W*(?:what is|name|tell me) (?:the )?name of (?:the )?(?P<role>(?:[\w'’&-]+ )*?{_ROLE_NOUN}\b.*)"),
    _any(rf"{_WHO}(?: is| was)?(?: currently| now)? (?P<role>{LEADING} .*)"),
)


@dataclass(frozen=True, slots=True)
class Intent:
    """What a question asks for. ``topic`` is what is left to look for: what was said, a name, a post, a document.

    ``field`` is the fact asked for; ``wants_interview`` tells that the document is called an interview.
    """

    kind: IntentKind
    topic: str
    field: MetaField | None = None
    wants_interview: bool = False


def intent_of(question: str) -> Intent:
    """The question's intent; ``open`` where its form tells nothing.

    >>> intent_of("What post does Ana Silva hold?")
    Intent(kind='post_of', topic='Ana Silva', field=None, wants_interview=False)
    """
    for name, pattern in _META.items():
        if found := pattern.search(question):
            rest = question[: found.start()] + question[found.end() :]
            return Intent("metadata", rest, name, bool(_INTERVIEW.search(question)))
    if found := _SPEAKER.search(question):
        return Intent("speaker", question[found.end() :].strip(" ?.") or question)
    for pattern in _POST_OF:
        if (found := pattern.search(question)) and len(found["name"]) > 1:
            return Intent("post_of", found["name"])
    for pattern in _HOLDER_OF:
        if found := pattern.search(question):
            return Intent("holder_of", found["role"].strip(" ?."))
    return Intent("open", question)
