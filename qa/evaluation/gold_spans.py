"""What in a passage one would ask about: its dates, numbers, names, posts, speakers, quotations, lists and reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.dates import find_dates
from corpus.locate import locate
from corpus.quotations import blank_quotations
from corpus.types import Article, Passage, Span
from qa.posts import find_posts

__all__ = ["KINDS", "Candidate", "find_candidates"]

KINDS = ("number", "date", "role", "speaker", "list", "reason", "fact", "meta")
"""The kinds of questions that a passage can be drafted for."""

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
# What stands in the group is the date; the word before it only tells that it is one ("in May", "since 1998").
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b)(?:,? \d{{4}})?"
    rf"|\b{_MONTH} \d{{4}}\b|\b(?:in|since|until|by|of|last|next|from) ((?:early |mid-|late )?{_MONTH}(?: \d{{4}})?)\b"
    r"|\b(?:in|since|by|until|from|of|during|before|after) ((?:1[5-9]|20)\d\d)\b(?![.,]\d)|\b(?:1[5-9]|20)\d0s\b"
    r"|\b(?:last|next|this|every) (?:week|month|year|spring|summer|autumn|winter)\b"
    r"|\b[Oo]n ((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b|\b\d{1,2}[:.]\d\d (?:a\.?m|p\.?m|in the \w+)\b"
)
_FIGURE = r"(?:\d[\d,.]*\d|\d)"
_WORDED = r"""(?:(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twenty|thirty|forty|fifty
    |sixty|seventy|eighty|ninety)(?:-[a-z]+)?|dozens?|hundreds?|thousands?|half)\b)"""
_NO_UNIT = (
    r"(?!(?:and|or|but|of|in|on|at|to|as|the|per|was|were|is|are|has|had|have|for|by|from|with|than|that|who|when|after"
    r"|before|because|since|until|against|into|past|also)\b)"
)
# The unit: up to three words that end in a plural ("40 major projects"), or one word ("20 korun").
_NUMBER = re.compile(
    rf"""(?<![\w.,/:-])(?:(?:more|less|fewer)\sthan\s|(?:over|about|nearly|almost|around|up\sto)\s)?
    (?:[$€£¥₹]\s?{_FIGURE}|{_FIGURE}|{_WORDED})(?:\s?%|\sper\scent|\spercent|(?:\s(?:hundred|thousand|million|billion|trillion))*
    (?:(?:[-\s]{_NO_UNIT}[a-z]+){{0,2}}?[-\s]{_NO_UNIT}(?:people|men|women|children|[a-z]{{2,}}(?<![su])s)\b
    |[-\s]{_NO_UNIT}[a-z]{{3,}}\b)?)""",
    re.VERBOSE,
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d\b(?![.,]\d)")
_CAPITAL = r"[^\W\d_a-z][\w’'-]+"
_NAME = re.compile(rf"\b{_CAPITAL}(?: (?:(?:of|for|and|de|der|van|al) (?:the )?)?{_CAPITAL})+")
_OPENER = re.compile(
    r"(?:The|A|An|In|On|At|For|But|And|This|That|Our|We|When|While|After|Before|By|From|To|Its|His|Her|Their) "
)
_WORD = r"[\w’'-]+"
_NEXT = rf"(?!and\b|or\b|who\b|which\b|where\b|but\b|so\b){_WORD}(?: {_WORD}){{0,4}}"
_LAST = rf"(?:the |an? )?{_WORD}(?: {_WORD}){{0,3}}?"
_AFTER_LIST = r"(?=[.,;:)]|$| (?:in|on|at|by|for|to|from|with|that|which|who|is|are|was|were|so|as|when|while)\b)"
_LIST = re.compile(rf"{_WORD}(?: {_WORD}){{0,5}}(?:, {_NEXT})+,? (?:and|or) {_LAST}{_AFTER_LIST}")
_NO_ITEM = frozenset(
    """of in at to by for with from on as our their its his her my your that which and or will would is are was were has
    have had be been visited include includes including such between among""".split()
)
LONGEST_ITEM = 4
_REASON = re.compile(
    r"\b(?:because|so that|in order to|so as to|due to|owing to|thanks to|with the (?:aim|purpose) of|aimed at"
    r"|as a result of|designed to|intended to) [^.;!?\n]{8,160}"
)
_CLOSING = "\"'”’“»」"
LONGEST = 220
LONGEST_QUOTATION = 120


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of an article that could answer a question of its kind."""

    kind: str
    span: Span


def find_candidates(article: Article, passage: Passage, facts: Sequence[Span] | None = None) -> list[Candidate]:
    """The stretches of a passage worth a question, the best of each kind first; a speaker's name may stand before it.

    ``facts``, where the article states its title, author and so on, spares looking for them again in each passage.

    >>> article = Article("1", "The bridge of Tarn opened on 5 May 1931. It cost 40 million crowns.")
    >>> [(c.kind, c.span.of(article.text)) for c in find_candidates(article, Passage("p", "1", Span(0, 67)))]
    [('date', '5 May 1931'), ('number', '40 million crowns')]
    """
    found: list[Candidate] = []
    said: set[str] = set()
    for candidate in _all(article, passage, tuple(locate(article).values()) if facts is None else facts):
        # A row of officials is no list, and the names inside a list or a reason are worth asking about as well.
        apart = {"list": {"role"}, "reason": set[str]()}.get(candidate.kind, set(KINDS))
        is_taken = any(kept.kind in apart and kept.span.overlaps(candidate.span) for kept in found)
        words = candidate.span.of(article.text)
        if not is_taken and 0 < len(words) <= LONGEST and words not in said:
            found.append(candidate)
            said.add(words)
    return found


def _all(article: Article, passage: Passage, facts: Sequence[Span]) -> Iterator[Candidate]:
    """Every candidate, the surer finders first: what they have found is not offered again by the others."""
    text, span = article.text, passage.span
    yield from (Candidate("meta", fact) for fact in facts if span.contains(fact))
    yield from (Candidate("speaker", label) for label in _labels(article, passage))
    for post in find_posts(text, span.start, span.end):
        yield Candidate("role", post.post)
        yield Candidate("role", post.name)
    yield from (Candidate("date", Span(*ends)) for ends in _dates(text, span))
    yield from (Candidate("fact", quoted) for quoted in _quoted(text, span))
    yield from _by_figures_first(text, _matches(_NUMBER, text, span))
    yield from (Candidate("fact", name) for name in _names(text, span))
    yield from (Candidate("list", _list(text, listed)) for listed in _matches(_LIST, text, span))
    yield from (Candidate("reason", reason) for reason in _matches(_REASON, text, span))


def _labels(article: Article, passage: Passage) -> Iterator[Span]:
    if passage.speaker is not None:
        yield passage.speaker
    yield from (turn.label for turn in article.turns if turn.kind != "label" and turn.span.overlaps(passage.span))


def _dates(text: str, span: Span) -> Iterator[tuple[int, int]]:
    yield from ((full.start, full.end) for full, _ in find_dates(text, span.start, span.end))
    yield from (match.span(match.lastindex or 0) for match in _DATE.finditer(text, span.start, span.end))


def _quoted(text: str, span: Span) -> Iterator[Span]:
    for place in blank_quotations(span.of(text)).places:
        start, end = span.start + place.start + 1, span.start + place.end
        inner = _stripped(text, start, end - 1 if text[end - 1] in _CLOSING else end)
        if len(inner) <= LONGEST_QUOTATION and " " in inner.of(text):
            yield inner


def _by_figures_first(text: str, spans: Sequence[Span]) -> Iterator[Candidate]:
    numbers = [span for span in spans if not _YEAR.match(span.of(text))]
    numbers.sort(key=lambda span: (not any(map(str.isdigit, span.of(text))), span.start))
    yield from (Candidate("number", span) for span in numbers)


def _names(text: str, span: Span) -> Iterator[Span]:
    for match in _NAME.finditer(text, span.start, span.end):
        opener = _OPENER.match(match[0])
        start = match.start() + (opener.end() if opener else 0)
        end = match.end() - (2 if match[0].endswith(("'s", "’s")) else 0)
        if " " in text[start:end]:
            yield Span(start, end)


def _list(text: str, span: Span) -> Span:
    """A list without the words of the sentence that stand before its first item: "buses call at the mint, ..."."""
    first = text[span.start : text.index(",", span.start)]
    words = list(re.finditer(r"\S+", first))
    begin = max((number + 1 for number, word in enumerate(words) if word[0].lower() in _NO_ITEM), default=0)
    begin = max(begin, len(words) - LONGEST_ITEM)
    return Span(span.start + words[min(begin, len(words) - 1)].start(), span.end)


def _matches(pattern: re.Pattern[str], text: str, span: Span) -> list[Span]:
    return [_stripped(text, *match.span()) for match in pattern.finditer(text, span.start, span.end)]


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",:"):
        end -= 1
    return Span(start, max(start, end))
