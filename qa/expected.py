"""Whether a span looks like what a question asks for: a number for "how many", a time for "when", a name for "who"."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["fits"]

_NUMBER_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve \\w+teen twenty thirty forty fifty sixty
seventy eighty ninety hundreds? thousands? millions? billions? trillions? dozens? half third quarter twice once
several few all none no both single double a an
""".split()
_TIME_WORDS = """
year month week day night morning evening afternoon noon midnight hour minute century decade spring summer
autumn winter season today yesterday tomorrow now since before after during until when once while next last end
beginning early late ago soon first annually daily weekly monthly christmas easter jan feb mar apr may jun jul
aug sep oct nov dec monday tuesday wednesday thursday friday saturday sunday
""".split()
_QUANTITIES = "number percentage share proportion sum amount price fee budget cost".split()
_TIMES = "year date day month time century decade".split()
_PLACES = "city country town place province region district".split()

_EXPECTED: Final = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(wanted))
    for asked, wanted in (
        (
            r"\bhow (?:many|much|old|tall|far|fast|high|large|big|deep|wide|often|long)\b"
            rf"|\bwhat (?:\w+ )?(?:{'|'.join(_QUANTITIES)})\b",
            rf"(?i:\d|\b(?:{'|'.join(_NUMBER_WORDS)})\b)",
        ),
        (
            rf"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:{'|'.join(_TIMES)})\b",
            rf"(?i:\d|\b(?:{'|'.join(_TIME_WORDS)})\w*\b)",
        ),
        (r"^\W*(?:and )?(?:(?:by|from|to|with) )?(?:who|whom|whose)\b", r"[A-Z]"),
        (
            rf"^\W*(?:and )?(?:(?:from|in|to|at) )?(?:where|(?:which|what) (?:{'|'.join(_PLACES)}))\b",
            r"[A-Z]|\b(?:in|at|on|near|the)\b",
        ),
    )
)


def fits(question: str, answer: str) -> float:
    """1.0 where the answer has the form asked for, -1.0 where it lacks it, 0.0 where any form would do.

    >>> fits("How many bridges?", "forty"), fits("When was it?", "the bridge"), fits("Why?", "rain")
    (1.0, -1.0, 0.0)
    """
    for asked, wanted in _EXPECTED:
        if asked.search(question):
            return 1.0 if wanted.search(answer) else -1.0
    return 0.0
