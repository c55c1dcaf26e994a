"""Two lines of one paragraph -> what stands between them: a space, nothing, or nothing in place of a hyphen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

__all__ = ["Words", "join_lines"]

_WORD = re.compile(r"[^\W\d_]+(?:['’\-‐][^\W\d_]+)*")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:[-‐'’][^\W\d_]+)*)([-‐\u00ad])$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WIDE = re.compile(
    "[\u3000-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]"
)
_CONJUNCTIONS = frozenset("and or und oder et och og en".split())
"""After these a hyphen stands for a part left out: "short- and long-term"."""
_FIRST_PARTS = frozenset(
    """all best better cross deep double eight ex far fifty first five forty four free full half hard high ill large
    last left long low mid middle much nine ninety non north old once one open part quarter right second self
    semi seven seventy short single six sixty small so soft south ten then third thirty three top twenty two under
    well west wide world year east eighty""".split()
)
"""Parts that compounds begin with; "under" and "so" also begin plain words, so a word of the document decides first."""


class Words:
    """The words of a document and how often each stands whole inside a line: what tells a compound from a cut word.

    >>> Words(["a long-abandoned mill"]).is_compound("long", "abandoned")
    True
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._counts: Counter[str] = Counter()
        for line in lines:
            found = [word.casefold().replace("‐", "-") for word in _WORD.findall(line)]
            self._counts.update(found[1:-1] if line.endswith(("-", "‐", "\u00ad")) else found[1:])

    def is_known(self, word: str) -> bool:
        """Whether the document spells ``word`` somewhere inside a line."""
        return self._counts[word.casefold()] > 0

    def is_compound(self, left: str, right: str) -> bool:
        """Whether ``left-right`` is spelt with its hyphen, rather than one word cut at the end of a line."""
        left, right = left.casefold(), right.casefold()
        with_hyphen, without = self._counts[f"{left}-{right}"], self._counts[left + right]
        if with_hyphen or without:
            return with_hyphen > without
        if "-" in left or left in _FIRST_PARTS:
            return True
        return len(left) > 2 and len(right) > 2 and bool(self._counts[left] and self._counts[right])


def join_lines(above: str, below: str, words: Words) -> tuple[str, str]:
    """The line above as it stays, and what goes between it and the line below.

    >>> join_lines("the oper-", "ator said", Words([]))
    ('the oper', '')
    >>> join_lines("in 2019-", "2020", Words([]))
    ('in 2019-', '')
    """
    if _WIDE.match(above[-1:]) and _WIDE.match(below):
        return above, ""
    cut, following = _LAST_WORD.search(above), _FIRST_WORD.match(below)
    if cut is not None and following is not None:
        return _join_word(above, cut[1], cut[2], following[0], words)
    is_tied = above.endswith(("-", "‐", "–", "—", "/")) and not above[-2:-1].isspace() and len(above) > 1
    return above, "" if is_tied else " "


def _join_word(above: str, left: str, hyphen: str, right: str, words: Words) -> tuple[str, str]:
    if hyphen == "\u00ad":
        return above[:-1], ""
    if right in _CONJUNCTIONS and not words.is_known(left + right):
        return above, " "
    is_kept = not right[0].islower() or words.is_compound(left, right)
    return (above, "") if is_kept else (above[:-1], "")
