"""EM and F1 against the official definition, written out a second time without regular expressions or counters."""

from __future__ import annotations

from itertools import groupby, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluation.metrics import best_exact, best_f1, normalize

PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

ODD = [
    "", " ", "the", "The The", "a", "an apple", "A.N. Other", "a-n", "an.", "theatre", "anthem of the an",
    "U.S.A.", "U.S. dollars", "$5", "5 dollars", "5.0", "50", "1,000", "1000", "3½", "²", "№ 7",
    "Ada's", "Ada’s", "«Ada»", "“the Ada”", "ada_lovelace", "ada lovelace", "Ada\u00a0Lovelace", "Ada\nLovelace\t",
    "Café", "Cafe\u0301", "a\u0301", "Straße", "STRASSE", "İstanbul", "istanbul", "ﬁne", "fine",
    "重庆", "重庆市", "the 重庆", "a重庆", "١٢", "the—end", "the–end", "x the\u200by", "THE\u3000END",
    "𝒜 the", "🙂 a 🙂", "new new york", "york new new", "don't", "dont", "rock 'n' roll", "…", "...", "a the an",
    "The.", "thé", "ａ",
]  # fmt: skip
WORDS = st.sampled_from([*ODD, "the", "a", "an", "fox", "Fox", "red", "red-fox", ".", ",", "'", "—", "é"])
TEXTS = st.one_of(st.lists(WORDS, max_size=6).map(" ".join), st.lists(WORDS, max_size=4).map("".join), st.text())


def reference_words(text: str) -> list[str]:
    """Lower case; drop ASCII punctuation; turn each run of letters and digits that is an article into a space."""
    kept = "".join(character for character in text.lower() if character not in PUNCTUATION)
    runs = ["".join(run) for _, run in groupby(kept, str.isalnum)]
    return "".join(" " if run in ("a", "an", "the") else run for run in runs).split()


def reference_exact(said: str, wanted: str) -> float:
    return 1.0 if " ".join(reference_words(said)) == " ".join(reference_words(wanted)) else 0.0


def reference_f1(said: str, wanted: str) -> float:
    ours, left = reference_words(said), reference_words(wanted)
    counts = len(ours), len(left)
    if 0 in counts:
        return 1.0 if counts == (0, 0) else 0.0
    shared = 0
    for word in ours:
        if word in left:
            left.remove(word)
            shared += 1
    return 2 * shared / sum(counts)  # which is what the harmonic mean of shared / one and shared / other comes to


def reference_best(measure: object, said: str, accepted: list[str]) -> float:
    assert callable(measure)
    usable = [answer for answer in accepted if reference_words(answer)]
    return max(measure(said, answer) for answer in usable or [""])


def agrees(said: str, accepted: list[str]) -> None:
    assert normalize(said).split() == reference_words(said)
    assert best_exact(said, accepted) == reference_best(reference_exact, said, accepted)
    assert best_f1(said, accepted) == pytest.approx(reference_best(reference_f1, said, accepted), abs=1e-12)


def test_the_definition_on_every_pair_of_odd_texts() -> None:
    pairs = list(product(ODD, ODD))
    assert len(pairs) > 3000
    for said, wanted in pairs:
        agrees(said, [wanted])


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_the_definition_on_drawn_texts(said: str, accepted: list[str]) -> None:
    agrees(said, accepted)
