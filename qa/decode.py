"""Token scores to spans: the best spans of each window, on word boundaries, comparable across windows.

A span's score is the sum of its start and end score (Devlin et al. 2019); what compares between windows is that sum
less the window's own "no answer" score, the log-odds of the span against an empty answer (their section 4.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.types import Passage, Span
from qa.reader import Logits
from qa.types import Candidate
from qa.windows import Window

__all__ = ["MAX_ANSWER_TOKENS", "candidates", "distinct", "span_scores", "top_spans"]

MAX_ANSWER_TOKENS = 64
"""Word pieces in an answer at most; the longest of 2,215 answers on the news articles has 42."""

PER_WINDOW = 12
"""Spans taken from each window, overlapping ones included."""

KEPT = 32
"""Spans kept of all windows; the right one is there for 95.7 % of the news questions whose passage was found."""

_LOW = np.float32(-1e9)


def span_scores(window: Window, logits: Logits, longest: int = MAX_ANSWER_TOKENS) -> NDArray[np.float32]:
    """Scores (n, n) of all spans from token i to token j; impossible ones hold a very low number.

    A span begins at the head of a word, ends at the tail of one, lies in the article and has at most ``longest``
    tokens, all of one unbroken stretch of text.
    """
    shown = window.starts >= 0
    starts = np.where(shown & window.heads, logits.start, _LOW)
    ends = np.where(shown & window.tails, logits.end, _LOW)
    scores = starts[:, None] + ends[None, :]
    order = np.arange(len(starts))
    length = order[None, :] - order[:, None]
    gap = np.cumsum(np.concatenate([[0], np.diff(window.starts) < 0]))  # a label and its text are two stretches
    allowed = (length >= 0) & (length < longest) & (gap[:, None] == gap[None, :])
    return np.where(allowed, scores, 2 * _LOW)


def top_spans(window: Window, logits: Logits, count: int = PER_WINDOW) -> list[tuple[Span, float]]:
    """The window's best spans with their start plus end score, best first; fewer where it has fewer."""
    scores = span_scores(window, logits)
    flat = scores.ravel()
    best = np.argpartition(-flat, min(count, flat.size - 1))[:count]
    best = best[np.argsort(-flat[best], kind="stable")]
    found = []
    for cell in best[flat[best] > _LOW]:
        first, last = divmod(int(cell), len(window))
        found.append((window.span(first, last), float(flat[cell])))
    return found


def candidates(
    passages: Sequence[Passage], windows: Sequence[Window], logits: Sequence[Logits], count: int = KEPT
) -> list[Candidate]:
    """The ``count`` best spans of all windows as candidates, the largest margin first; the same span appears once."""
    best: dict[tuple[str, Span], Candidate] = {}
    for window, scores in zip(windows, logits, strict=True):
        passage = passages[window.source]
        for span, score in top_spans(window, scores):
            found = Candidate(passage, span, score, scores.null)
            key = (passage.article_id, span)
            if key not in best or found.margin > best[key].margin:
                best[key] = found
    return sorted(best.values(), key=lambda candidate: -candidate.margin)[:count]


def distinct(ranked: Iterable[Candidate], count: int) -> list[Candidate]:
    """The first ``count`` candidates of which no two overlap in one article."""
    kept: list[Candidate] = []
    for candidate in ranked:
        article = candidate.passage.article_id
        if not any(article == k.passage.article_id and candidate.span.overlaps(k.span) for k in kept):
            kept.append(candidate)
            if len(kept) == count:
                break
    return kept
