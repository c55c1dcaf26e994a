"""Exact match and F1 as the official SQuAD evaluation defines them.

Rajpurkar et al. 2016 (https://arxiv.org/abs/1606.05250) for the two measures, Rajpurkar et al. 2018
(https://arxiv.org/abs/1806.03822) for questions without an answer, whose one accepted answer is the empty text.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

__all__ = ["best_exact", "best_f1", "exact", "f1", "holds", "normalize", "percentile"]

_ARTICLE = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize(text: str) -> str:
    """Lower case without ASCII punctuation, articles and surplus space.

    >>> normalize("The  U.S. Army, a history")
    'us army history'
    """
    # The order matters and is the official one: "a.b" is the word "ab" before articles are looked for.
    return " ".join(_ARTICLE.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact(predicted: str, accepted: str) -> float:
    """1.0 where both texts are the same once normalised, else 0.0."""
    return float(normalize(predicted) == normalize(accepted))


def f1(predicted: str, accepted: str) -> float:
    """The harmonic mean of precision and recall over words, each counted as often as it stands.

    Where either text has no words, 1.0 if neither has, else 0.0.

    >>> f1("the big red fox", "red fox runs")
    0.6666666666666666
    """
    said, wanted = normalize(predicted).split(), normalize(accepted).split()
    if not said or not wanted:
        return float(said == wanted)
    shared = (Counter(said) & Counter(wanted)).total()
    if shared == 0:
        return 0.0
    precision, recall = shared / len(said), shared / len(wanted)
    return 2 * precision * recall / (precision + recall)


def best_exact(predicted: str, accepted: Sequence[str]) -> float:
    """``exact`` against the accepted answer that fits best; no accepted answer means that "" is right."""
    return _best(exact, predicted, accepted)


def best_f1(predicted: str, accepted: Sequence[str]) -> float:
    """``f1`` against the accepted answer that fits best; no accepted answer means that "" is right."""
    return _best(f1, predicted, accepted)


def holds(text: str, accepted: Iterable[str]) -> bool:
    """Whether an accepted answer stands in ``text``: its words in order and side by side, or itself as it is written.

    The second finds a date in ``Updated:2021.05.31``, which has no space in it and so is one word once normalised.
    Letters and digits may not go on at either end.

    >>> holds("It was built in 1920.", ["the 1920"]), holds("It cost 19200.", ["1920"])
    (True, False)
    """
    words = f" {normalize(text)} "
    usable = [(answer, wanted) for answer in accepted if (wanted := normalize(answer))]
    return any(f" {wanted} " in words or _stands(answer.strip(), text) for answer, wanted in usable)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` (0 to 1) of all values do not exceed (nearest rank).

    >>> percentile([4, 1, 3, 2], 0.5)
    2
    """
    ordered = sorted(values)
    rank = -int(-share * len(ordered) // 1)  # rounded up
    return ordered[max(1, rank) - 1]


def _stands(answer: str, text: str) -> bool:
    return re.search(rf"(?<![^\W_]){re.escape(answer)}(?![^\W_])", text, re.IGNORECASE) is not None


def _best(measure: Callable[[str, str], float], predicted: str, accepted: Sequence[str]) -> float:
    # As the official script does: an accepted answer that is nothing but punctuation or articles does not count.
    usable = [answer for answer in accepted if normalize(answer)] or [""]
    return max(measure(predicted, answer) for answer in usable)
