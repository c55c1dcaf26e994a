"""Words that a question and a text share, whatever their endings: a cheap, plain sign that the text is about it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["content_words", "coverage", "particulars", "stem"]

_WORD = re.compile(r"[^\W_]+(?:[.,](?=\d)\d+)*")
_PARTICULAR = re.compile(r"(?<!^)(?<![.?!:]\s)\b(?:[A-Z][^\W_]+|\d[\d.,]*\d|\d)\b")
_COMMON = """
a an the of in on at to for from by with about as into onto over under after before between among and or but nor if
than then that this these those there here it its he him his she her hers they them their we us our you your i me my who
whom whose which what when where why how many much long often far is are was were be been being am do does did done
doing has have had having will would shall should can could may might must not no yes any some all each every both
either one said say says according s t also very more most such so up out off own same other another per via
"""
_STOP = frozenset(_COMMON.split())
_PLURAL = re.compile(r"(?:ies|(?<=[sx])es|(?<=[sc]h)es|(?<![su])s)$")
_SUFFIX = re.compile(
    r"(?:ational|ization|isation|ations?|ments?|ingly|edly|ness|ings?|ions?|ities|ity|ied|ers?|ors?|ed|ly|al|e|y)$"
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without its ending, folded to lower case without accents; rough, but the same on both sides.

    >>> stem("Building"), stem("builds"), stem("2,400")
    ('build', 'build', '2400')
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    if plain[:1].isdigit():
        return plain.replace(",", "")
    if len(plain) > 3:
        plain = _PLURAL.sub(lambda ending: "y" if ending[0] == "ies" else "", plain)
    found = _SUFFIX.search(plain)
    return plain[: found.start()] if found and found.start() >= 4 else plain


@lru_cache(maxsize=1024)
def content_words(text: str) -> frozenset[str]:
    """The stems of a text's words, without those that every text has.

    >>> sorted(content_words("How many bridges were built?"))
    ['bridg', 'built']
    """
    return frozenset(stem(word) for word in _WORD.findall(text) if word.lower() not in _STOP)


def particulars(question: str) -> frozenset[str]:
    """The stems of the names and numbers in a question: what an article that answers it can hardly lack."""
    return frozenset(stem(found.strip(".,")) for found in _PARTICULAR.findall(question) if found.lower() not in _STOP)


def coverage(wanted: frozenset[str], *texts: Iterable[str]) -> float:
    """The share of the wanted stems found in any of the texts' stems; 1.0 where nothing is wanted."""
    if not wanted:
        return 1.0
    held = frozenset().union(*texts)
    return len(wanted & held) / len(wanted)
