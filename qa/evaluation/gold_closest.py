"""Where a text comes nearest to words that it does not hold as they are written."""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches
from math import log

from corpus.types import Span

__all__ = ["closest"]

_WORD = re.compile(r"\w+")
LEAST_SHARE = 0.5
"""Of the weight of the wanted words that a place must hold to be called close."""
LIKE = 0.75
"""From this ratio of shared characters on two words are taken for one, misspelt."""


def closest(text: str, wanted: str) -> Span | None:
    """The place of ``text`` most like ``wanted``, from word to word; ``None`` where nothing is alike.

    The same words in other case, spacing or punctuation come first. Otherwise the run of as many words that shares
    most with ``wanted``, a word counting the more the rarer it is in ``text``.

    >>> text = "The new bridge cost about 40 million crowns."
    >>> closest(text, "new Bridge").of(text), closest(text, "almost 40 milion crowns").of(text)
    ('new bridge', '40 million crowns')
    """
    words = _WORD.findall(wanted)
    if not words:
        return None
    same = re.compile(r"(?<!\w)" + r"[\W_]+".join(map(re.escape, words)) + r"(?!\w)", re.IGNORECASE).search(text)
    return Span(*same.span()) if same else _alike(text, [word.casefold() for word in words])


def _alike(text: str, wanted: list[str]) -> Span | None:
    found = list(_WORD.finditer(text))
    words = [match[0].casefold() for match in found]
    counts = Counter(words)
    weights, missed = _weights(wanted, counts)
    best, at, held = 0.0, 0, 0.0
    inside: Counter[str] = Counter()
    for end, word in enumerate(words):
        inside[word] += 1
        held += weights.get(word, 0.0) if inside[word] == 1 else 0.0
        if end >= len(wanted):
            left = words[end - len(wanted)]
            inside[left] -= 1
            held -= weights.get(left, 0.0) if not inside[left] else 0.0
        if held > best + 1e-9:
            best, at = held, end
    if not best or best < LEAST_SHARE * (sum(weights.values()) + missed):
        return None
    run = [index for index in range(max(0, at - len(wanted) + 1), at + 1) if words[index] in weights]
    return Span(found[run[0]].start(), found[run[-1]].end())


def _weights(wanted: list[str], counts: Counter[str]) -> tuple[dict[str, float], float]:
    """What each word of the text is worth, and the worth of the wanted words that it lacks altogether."""
    weights: dict[str, float] = {}
    missed = 0.0
    for word in dict.fromkeys(wanted):
        like = [word] if word in counts else get_close_matches(word, counts, n=1, cutoff=LIKE)
        for close in like:
            weights[close] = 1 / (1 + log(counts[close]))
        missed += 0.0 if like else 1.0
    return weights, missed
