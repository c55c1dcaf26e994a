"""Dates as newspapers write them -> ISO 8601, strictly: a date that can be read in two ways is no date."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import date

from corpus.types import Span

__all__ = ["find_dates", "parse_date"]

_MONTHS_TEXT = "january february march april may june july august september october november december"
_MONTHS = tuple(_MONTHS_TEXT.split())
_MONTH = "(?P<{0}>" + "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in _MONTHS) + "|sept)"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_ORDINAL = r"(?:st|nd|rd|th)?"
_DAY_FIRST = (
    rf"(?P<d1>\d{{1,2}}){_ORDINAL}(?:\s+of)?[ \t-]+" + _MONTH.format("m1") + r"\b\.?,?[ \t-]+(?P<y1>\d{4})(?!\d)"
)
_MONTH_FIRST = _MONTH.format("m2") + rf"\b\.?[ \t]+(?P<d2>\d{{1,2}}){_ORDINAL}[ \t]*,?[ \t]*(?P<y2>\d{{4}})(?!\d)"
_YEAR_FIRST = r"(?P<y3>\d{4})(?P<sep>[-./])(?P<m3>\d{1,2})(?P=sep)(?P<d3>\d{1,2})(?!\d|[./-]\d)"
_YEAR_FIRST_CJK = r"(?P<y4>\d{4})[ \t]*年[ \t]*(?P<m4>\d{1,2})[ \t]*月[ \t]*(?P<d4>\d{1,2})[ \t]*日"
_NUMERIC = r"(?P<a>\d{1,2})(?P<sep2>[-./])(?P<b>\d{1,2})(?P=sep2)(?P<y5>\d{4})(?!\d|[./-]\d)"
_DATE = re.compile(
    rf"(?<![\w./-]){_WEEKDAY}(?:{_DAY_FIRST}|{_MONTH_FIRST}|{_YEAR_FIRST}|{_YEAR_FIRST_CJK}|{_NUMERIC})",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:[T ,]+(?:at )?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?)?\s*(?:[AP]M)?\s*(?:Z|[A-Z]{2,4}|[+-]\d{2}:?\d{2})?$"
)
_LONGEST_DATE = 60


def find_dates(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[Span, str]]:
    """The full dates in ``text[start:end]``: where each stands, weekday included, and its ISO 8601 form.

    >>> [(span.of("By A|May 08,2020"), iso) for span, iso in find_dates("By A|May 08,2020")]
    [('May 08,2020', '2020-05-08')]
    """
    for match in _DATE.finditer(text, start, len(text) if end is None else end):
        iso = _iso_of(match)
        if iso is not None:
            yield Span(match.start(), match.end()), iso


def parse_date(written: str) -> str | None:
    """The ISO 8601 date that ``written`` states and nothing else, or ``None`` where it is partial or ambiguous.

    >>> parse_date("2021.05.31"), parse_date("31/05/2021"), parse_date("05/06/2021"), parse_date("8 mai 2024")
    ('2021-05-31', '2021-05-31', None, '2024-05-08')
    """
    written = written.strip()
    if not written or len(written) > _LONGEST_DATE:
        return None
    match = _DATE.match(written)
    if match and _CLOCK.match(written, match.end()):
        return _iso_of(match)
    return _parse_foreign(written)


def _iso_of(match: re.Match[str]) -> str | None:
    found = match.groupdict()
    if found["a"]:
        order = _order_numeric(int(found["a"]), int(found["b"]))
        return _iso(found["y5"], *order) if order else None
    for number in "1234":
        if found[f"y{number}"]:
            return _iso(found[f"y{number}"], _month(found[f"m{number}"]), int(found[f"d{number}"]))
    return None


def _order_numeric(first: int, second: int) -> tuple[int, int] | None:
    """(month, day) of ``first/second``, where only one reading is possible."""
    if first == second or first > 12 >= second:
        return second, first
    return (first, second) if second > 12 >= first else None


def _month(written: str) -> int:
    if written.isdecimal():
        return int(written)
    return next(number for number, name in enumerate(_MONTHS, 1) if name[:3] == written[:3].casefold())


def _iso(year: str, month: int, day: int) -> str | None:
    try:
        return date(int(year), month, day).isoformat()
    except ValueError:
        return None


def _parse_foreign(written: str) -> str | None:
    """A date with its month in words of another language; figures alone stay with the patterns above."""
    year, day = re.search(r"(?<!\d)\d{4}(?!\d)", written), re.search(r"(?<!\d)\d{1,2}(?!\d)", written)
    letters = sum(character.isalpha() for character in written)
    if not (year and day) or letters < 3 or re.search(r"\d\s*[/:]\s*\d", written):
        return None
    import dateparser  # imported here: it takes half a second and most dates never need it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            parsed = dateparser.parse(
                written, settings={"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"]}
            )
        except (ValueError, OverflowError, RecursionError, TypeError):
            return None
    if parsed is None or (parsed.year, parsed.day) != (int(year[0]), int(day[0])):
        return None
    return parsed.date().isoformat()
