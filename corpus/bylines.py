"""Facts that an article states about itself above and below its body: who wrote it, when, and who published it.

Bylines stand in short lines near the top ("By X|May 08,2020", "Text: X / Photos: Y"), datelines open the first
paragraph ("DA NANG, Vietnam, 8 August 2024 — "), imprints stand near the end ("Hosted by: Z").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.dates import find_dates
from corpus.names import are_names, is_organisation, is_publication
from corpus.types import Span

__all__ = ["find_facts", "is_byline", "is_imprint"]

_HEAD_LINES, _TAIL_LINES = 9, 4
_MOST_AUTHORS = 6
_LONGEST_HEAD_LINE = 220
_LONGEST_BYLINE = 200
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_SEGMENT_END = re.compile(r"\s*[|·•⋅]\s*|\s+/\s+|\s*;\s*|(?:(?<=[^\W\d_]{3})|(?<=\d{4}))\.\s+(?=[^\W\d_a-z])|\s{3,}")
_GENRES = r"(?:(?:special|feature|exclusive|additional|original)\s+)?"
_WORK = (
    r"(?:words|text|story|report|reporting|reported|written|interview|interviewed|feature|article|authors?|reporters?"
    r"|interviewer|correspondent|writer|byline|produced|compiled|told)(?:\s+and\s+[a-z]+)?"
)
_AUTHOR = re.compile(
    rf"\(?\s*(?:by\b:?|{_GENRES}{_WORK}(?:\s+by\b:?|\s*:))\s*"
    r"(?:(?:our|the|special)\s+)*(?:(?:staff|chief|senior|foreign)\s+)?(?:(?:correspondent|reporter|writer|editor)s?\s+)?",
    re.IGNORECASE,
)
_WORKPLACE = re.compile(r"\s+(?:for|in|at|from)\s+")  # "By Ann Lee for the Delta Observer"
_PIECE = re.compile(r"(?:\s+(?:for|at)\s+)?(?:the\s+)?(?P<name>[^,]+)")
_PARENTHESISED = re.compile(r"\((?:reporters?|correspondents?|by|text)\b:?\s+([^()\n]{3,60})\)", re.IGNORECASE)
_ISSUER = re.compile(
    r"(?:(?:(?:press\s+)?release\s+of|by(?=\s+the\b)|(?:issued|published|released|distributed)\s+by)\b|"
    r"(?:issuer|publisher|source)\s*:)\s*:?\s*(?:the\s+)?",
    re.IGNORECASE,
)
_IMPRINT = re.compile(
    r"(?:(?:hosted|sponsored|published|organi[sz]ed|presented|issued|produced)\s+by|(?:website\s+)?(?:host|sponsor|"
    r"publisher|organi[sz]er|issuer|source)|主办单位|主办|来源)\s*[:：]\s*(?=\S)",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(
    r"\(?(?:(?:first|last)\s+)?(?:published|updated|posted|modified|date|released|issued|created)\b", re.IGNORECASE
)
_UPDATED = re.compile(r"(?:updated|modified)(?:\s+on)?\s*:?\s*$", re.IGNORECASE)
_DATELINE_END = re.compile(r"\s*(?:[—–]|-{1,2}\s|\)|\.|:|\()")
_RELEASE = re.compile(
    r"\W*(?:(?:for immediate |press |news |media )release|press statement|exclusive|interview)\W*$", re.IGNORECASE
)


def find_facts(text: str) -> dict[str, Span]:
    """Where ``text`` states its own title, author, publisher and publication date; only what is there.

    >>> {name: span.of("Ferry\\n\\nBy Ana Diaz|May 08,2020") for name, span in find_facts(
    ...     "Ferry\\n\\nBy Ana Diaz|May 08,2020").items()}
    {'title': 'Ferry', 'author': 'Ana Diaz', 'published': 'May 08,2020'}
    """
    head, body = _split_head(text)
    facts: dict[str, Span] = {}
    title = _find_title(text, head, body)
    if title is not None:
        facts["title"] = title
    for line in head:
        if line != title:
            _read_byline(text, line, facts)
    if body is not None:
        _read_dateline(text, body, facts)
    for line in _tail(text, after=body.start if body else 0):
        _read_imprint(text, line, facts)
    return facts


def is_byline(line: str) -> bool:
    """Whether a short line names an author or a date of publication."""
    if len(line) > _LONGEST_BYLINE:
        return False
    facts: dict[str, Span] = {}
    _read_byline(line, Span(0, len(line)), facts)
    return bool(facts)


def is_imprint(line: str) -> bool:
    """Whether a line names the body that publishes the page: "Hosted by: ...", "Source: ..."."""
    return len(line) <= _LONGEST_BYLINE and _IMPRINT.match(line) is not None


def _lines(text: str) -> Iterator[Span]:
    for match in _LINE.finditer(text):
        written = match[0]
        start = match.start() + len(written) - len(written.lstrip())
        yield Span(start, start + len(written.strip()))


def _split_head(text: str) -> tuple[list[Span], Span | None]:
    """The lines above the body, and the first line of the body."""
    head: list[Span] = []
    for line in _lines(text):
        written = line.of(text)
        prose = len(written) > _LONGEST_HEAD_LINE or (len(written) > 90 and written.endswith((".", '."', ".”")))
        if len(head) == _HEAD_LINES or (prose and not is_byline(written)):
            return head, line
        head.append(line)
    return head, None


def _tail(text: str, after: int) -> list[Span]:
    lines: list[Span] = []
    end = len(text.rstrip())
    while end > after and len(lines) < _TAIL_LINES:
        start = max(text.rfind("\n", 0, end) + 1, 0)
        written = text[start:end]
        if written.strip() and start > after:
            left = start + len(written) - len(written.lstrip())
            lines.append(Span(left, left + len(written.strip())))
        end = start - 1
    return lines


def _find_title(text: str, head: list[Span], body: Span | None) -> Span | None:
    """The first line of at least four words that is no byline, else the first that is no byline and no label."""
    if body is None and len(head) < 2:
        return None
    candidates = [
        line
        for line in head[:4]
        if not (_RELEASE.match(line.of(text)) or is_byline(line.of(text)) or is_imprint(line.of(text)))
        and not line.of(text).endswith((".", ":", ";", ","))
    ]
    if head and candidates and _opens_with_speech(candidates[0].of(text)):
        return None
    longer = [line for line in candidates[:2] if len(line.of(text).split()) >= 4]
    return (longer or candidates or [None])[0]  # type: ignore[list-item]


def _opens_with_speech(line: str) -> bool:
    return bool(re.match(r"(?:reporter|interviewer|correspondent|question|q|moderator|host)\s*:", line, re.IGNORECASE))


def _segments(text: str, line: Span) -> Iterator[Span]:
    start = line.start
    for match in _SEGMENT_END.finditer(text, line.start, line.end):
        if match.start() > start:
            yield Span(start, match.start())
        start = match.end()
    if start < line.end:
        yield Span(start, line.end)


def _read_byline(text: str, line: Span, facts: dict[str, Span]) -> None:
    for segment in _segments(text, line):
        author = _find_author(text, segment)
        if author is not None:
            facts.setdefault("author", author)
        publisher = _find_publisher(text, segment, author)
        if publisher is not None:
            facts.setdefault("publisher", publisher)
        _read_date(text, segment, facts)


def _read_date(text: str, segment: Span, facts: dict[str, Span]) -> None:
    """A date that fills a byline: alone, after a label, a place, a publication or a name, and nothing after it."""
    for span, _ in find_dates(text, segment.start, segment.end):
        before, after = text[segment.start : span.start], text[span.end : segment.end]
        labelled = _DATE_LABEL.match(before) is not None
        if not (labelled or _is_place(before) or _AUTHOR.match(before)):
            continue
        if not (labelled or re.match(r"\s*(?:$|[).]|,?\s*(?:at\s+)?\d{1,2}[:.]\d\d)", after)):
            continue
        updated = _UPDATED.search(before)
        if "published" not in facts or (labelled and not updated):
            facts["published"] = span
        return


def _find_author(text: str, segment: Span) -> Span | None:
    prefix = _AUTHOR.match(text, segment.start, segment.end)
    if prefix is None or prefix.end() == segment.end:
        return None
    pieces = list(re.finditer(r"[^,]+", text[prefix.end() : segment.end]))
    for count in range(min(len(pieces), _MOST_AUTHORS), 0, -1):
        names = text[prefix.end() : prefix.end() + pieces[count - 1].end()]
        names = _WORKPLACE.split(names, maxsplit=1)[0].rstrip(" )")
        # "By A B, C D" may be a name and a place: commas join names only before a last "and".
        if (count == 1 or re.search(r"\band\b|&", names)) and are_names(names) and not is_organisation(names):
            return Span(prefix.end(), prefix.end() + len(names))
    return None


def _find_publisher(text: str, segment: Span, author: Span | None) -> Span | None:
    prefix = _ISSUER.match(text, segment.start, segment.end)
    if author is None and prefix:
        piece = re.compile(r"[^,(]+").match(text, prefix.end(), segment.end)
        if piece and is_organisation(piece[0].strip()):
            return Span(piece.start(), piece.start() + len(piece[0].rstrip()))
        return None
    start = author.end if author else segment.start
    for piece in _PIECE.finditer(text, start, segment.end):
        name = piece["name"].strip()
        if is_publication(name):
            left = text.index(name, piece.start("name"))
            return Span(left, left + len(name))
    return None


def _is_place(before: str) -> bool:
    """Whether the words before a date can be a place or a publication: capitalised, no verb, no full stop."""
    words = re.findall(r"[^\s,()]+", before)
    small = {
        "de",
        "da",
        "do",
        "of",
        "the",
        "and",
        "&",
        "el",
        "al",
        "la",
        "du",
        "issue",
        "release",
        "interview",
        "report",
    }
    return len(before) <= 90 and all(word[0].isupper() or word.casefold() in small for word in words)


def _read_dateline(text: str, body: Span, facts: dict[str, Span]) -> None:
    opening = Span(body.start, min(body.end, body.start + 120))
    named = _PARENTHESISED.match(text, opening.start, opening.end)
    if named and are_names(named[1]):
        facts.setdefault("author", Span(named.start(1), named.end(1)))
    for span, _ in find_dates(text, opening.start, opening.end):
        place = text[opening.start : span.start]
        if _is_place(place) and not place.casefold().startswith(("on ", "in ")) and _DATELINE_END.match(text, span.end):
            facts.setdefault("published", span)
        return


def _read_imprint(text: str, line: Span, facts: dict[str, Span]) -> None:
    if len(line) > _LONGEST_BYLINE:
        return
    prefix = _IMPRINT.match(text, line.start, line.end)
    if prefix is not None:
        facts.setdefault("publisher", Span(prefix.end(), line.end))
        return
    for segment in _segments(text, line):
        author = _find_author(text, segment)
        if author is not None:
            facts.setdefault("author", author)
