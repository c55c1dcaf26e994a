"""Whether a span is cut where its phrase goes on: inside a name, before its noun, after the first item of a list.

A span reader of this size clips: "Yangtze" for "Yangtze River", "Mongolia" for "Mongolia, Kazakhstan and Argentina".
The characters beside the span show it, whatever the article.
"""

from __future__ import annotations

import re

from corpus.types import Span

__all__ = ["SHAPES", "shape_of"]

SHAPES = (
    "splits_name",  # a capitalised word stands against a capitalised end of the span: 1 a side
    "open_right",  # a content word follows at once
    "open_left",  # a content word in lower case stands before
    "list_cut",  # the question asks for several things, and the text goes on with a comma or "and" beside the span
    "list_whole",  # it asks for several, and the span holds several
    "cause",  # a question for a reason: 1 where the span opens with its conjunction, -1 where that stands before it
)

_FUNCTION_WORDS = frozenset(
    """of in on at to for from by with as into onto over under after before between among and or but nor if than
    that which who whom whose where when while because since so is are was were be been has have had will would
    can could may might must shall should do does did not he she it they we i you said says also the a an this
    these those its his her their our my your per via up down out off all both each every about during until
    through against within without more most only just now then there here yet still even""".split()
)
_BEFORE = re.compile(r"([\w'’-]+)[ \t]$")
_AFTER = re.compile(r"^[ \t]([\w'’-]+)")
_GOES_ON = re.compile(r"^(?:,? (?:and|or|as well as)\b|,[ \t]+[\w\"“])")
_WENT_ON = re.compile(r"(?:\b(?:and|or)|,)[ \t]+(?:(?:the|a|an)[ \t]+)?$")
_SEVERAL = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|several|list|names? of|kinds?|types?|others?)\b"
    r"|\b(?:which|what)\b(?: \w+){0,3}? (?!is\b|was\b|does\b|has\b|its\b|this\b|his\b)\w{3,}s\b(?! (?:the|a|an)\b)"
    r"|\b(?:what|who|which) (?:are|were)\b",
    re.IGNORECASE,
)
_WHY = re.compile(r"^\W*(?:why|for what reason|what (?:was|is) the reason)\b", re.IGNORECASE)
_CONJUNCTION = re.compile(r"(?:because|since|as|so that|in order to|due to|owing to)\b", re.IGNORECASE)
_CONJUNCTION_BEFORE = re.compile(
    r"\b(?:because|since|so that|in order to|due to|owing to|because of)[ \t]+$", re.IGNORECASE
)
_NEARBY = 40


def shape_of(question: str, text: str, span: Span) -> tuple[float, ...]:
    """One number for each of ``SHAPES``, of ``span`` in ``text`` as the answer to ``question``."""
    before, after = text[max(0, span.start - _NEARBY) : span.start], text[span.end : span.end + _NEARBY]
    words = span.of(text).split()
    if not words:
        return (0.0,) * len(SHAPES)
    left, right = _BEFORE.search(before), _AFTER.search(after)
    several = bool(_SEVERAL.search(question))
    return (
        float(_names(left and left[1], words[0])) + float(_names(right and right[1], words[-1])),
        float(right is not None and _is_content(right[1])),
        float(left is not None and left[1].islower() and _is_content(left[1])),
        float(several and (bool(_GOES_ON.search(after)) or bool(_WENT_ON.search(before)))),
        float(several and bool(re.search(r", | and ", span.of(text)))),
        _cause(question, before, span.of(text)),
    )


def _names(beside: str | None, end: str) -> bool:
    return beside is not None and beside[:1].isupper() and end[:1].isupper() and beside.lower() not in _FUNCTION_WORDS


def _is_content(word: str) -> bool:
    return word.lower() not in _FUNCTION_WORDS


def _cause(question: str, before: str, answer: str) -> float:
    if not _WHY.search(question):
        return 0.0
    if _CONJUNCTION.match(answer):
        return 1.0
    return -1.0 if _CONJUNCTION_BEFORE.search(before) else 0.0
