"""Paragraphs, headings and the lines above the body, as spans of one article's text.

Cleaned articles separate paragraphs by a blank line; raw text given by a user may not, so single line breaks
are read too: a block of evenly long lines is one hard-wrapped paragraph, any other line stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.types import Span

__all__ = ["body_start", "heading_spans", "is_title_line", "paragraph_spans"]

LINE_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
MAX_HEADING = 120
MAX_TITLE = 240
MAX_WRAP = 120
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"

_LINE = re.compile(f"[^{LINE_BREAKS}]+")
_BREAK = re.compile(f"[{LINE_BREAKS}]")
_SENTENCE_END = tuple(".!?…。！？．;；")
_CLOSERS = "\"'”’»)]*_ "
_BULLET = re.compile(r"[-–—•·*▪◦‣]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s")


def paragraph_spans(text: str) -> tuple[Span, ...]:
    """The paragraphs of ``text`` in order, without the white space around them.

    >>> [span.of("One.\\n\\nTwo\\n") for span in paragraph_spans("One.\\n\\nTwo\\n")]
    ['One.', 'Two']
    """
    return tuple(paragraph for block in _blocks(text) for paragraph in _join_wrapped(text, block))


def is_title_line(line: str) -> bool:
    """Whether a line reads like a title, byline or section heading: short, and not the end of a sentence."""
    line = line.strip()
    if not line or len(line) > MAX_HEADING or _BULLET.match(line) or line[0].islower():
        return False
    return any(char.isalpha() for char in line) and not line.rstrip(_CLOSERS).endswith((*_SENTENCE_END, ":", "：", ","))


def body_start(text: str, paragraphs: Sequence[Span]) -> int:
    """How many of the first paragraphs stand above the body: title, byline, date, menu, a question as title.

    The body begins at the first paragraph that ends like a sentence or is long; text without one has no header.
    """
    for index, span in enumerate(paragraphs):
        line = span.of(text).strip().rstrip(_CLOSERS)
        asked = index < 3 and line.endswith(("?", "!", "？", "！"))
        if len(line) > MAX_TITLE or (line.endswith(_SENTENCE_END) and not asked):
            return index
    return 0


def heading_spans(text: str, paragraphs: Sequence[Span]) -> tuple[Span, ...]:
    """The section headings below the header: title-like lines that stand right above a paragraph of prose."""
    first = body_start(text, paragraphs)
    titles = [is_title_line(span.of(text)) for span in paragraphs]
    return tuple(
        span
        for index, span in enumerate(paragraphs)
        if index >= first and titles[index] and index + 1 < len(titles) and not titles[index + 1]
    )


def _blocks(text: str) -> Iterator[list[Span]]:
    """Runs of lines with no blank line between them, each line trimmed."""
    block: list[Span] = []
    for line in _LINE.finditer(text):
        span = _trim(text, line.start(), line.end())
        if block and (not span or _skips_a_line(text, block[-1].end, line.start())):
            yield block
            block = []
        if span:
            block.append(span)
    if block:
        yield block


def _skips_a_line(text: str, end: int, start: int) -> bool:
    gap = text[end:start].replace("\r\n", "\n")
    return len(_BREAK.findall(gap)) > 1


def _trim(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if left >= right or not piece.strip(INVISIBLE + " \t\xa0"):
        return Span(start + left, start + right) if left < right else None
    return Span(start + left, start + right)


def _join_wrapped(text: str, lines: list[Span]) -> list[Span]:
    """One span for a hard-wrapped block; else one a line, joined only where a line goes on in lower case."""
    if _is_wrapped(lines):
        return _cut_at_labels(text, lines)
    joined: list[Span] = []
    for line in lines:
        if joined and _goes_on(text, joined[-1], line):
            joined[-1] = Span(joined[-1].start, line.end)
        else:
            joined.append(line)
    return joined


def _is_wrapped(lines: list[Span]) -> bool:
    widest = max(len(line) for line in lines)
    return len(lines) > 2 and 40 <= widest <= MAX_WRAP and all(len(line) >= 0.7 * widest for line in lines[:-1])


def _goes_on(text: str, above: Span, line: Span) -> bool:
    return text[line.start].islower() and text[above.end - 1] not in ".!?:;…。！？"


_LABEL_START = re.compile(r"[^\W\d_][^:：.?!\n]{0,60}[:：]\s")


def _cut_at_labels(text: str, lines: list[Span]) -> list[Span]:
    """A wrapped block is one paragraph, but a line "Name: ..." after the end of a sentence begins another."""
    joined = [lines[0]]
    for line in lines[1:]:
        ended = text[joined[-1].end - 1] in '.!?…。！？"”'
        if ended and text[line.start].isupper() and _LABEL_START.match(text, line.start, line.end):
            joined.append(line)
        else:
            joined[-1] = Span(joined[-1].start, line.end)
    return joined
