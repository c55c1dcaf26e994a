"""An article as a reader sees it beside the chat: headline, facts, its text to the character, the places marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from corpus.types import Article, Span
from qa.inert import inert
from qa.links import LIST, link_to_place
from qa.wording import spoken_date

__all__ = ["LONGEST_VIEW", "render_source", "window_of"]

LONGEST_VIEW = 60_000
"""Characters of an article that are shown at once; of a longer one, the part around the place that was asked for."""
LONGEST_TRIM = 1_000
"""Characters given up at either end of such a part so that it begins and ends with a whole line."""


def render_source(
    article: Article, places: Sequence[tuple[int, int, Span]] = (), current: int = 0, passages: Collection[Span] = ()
) -> str:
    """The article with its ``places`` marked, each (turn, number, span); ``current`` indexes the one to scroll to.

    ``passages`` are spans of places that were only read and answered nothing: they are marked quietly.

    The text nodes of the body, one after another, are the article's text (or the window of it): nothing is left out
    or added between the first and the last character shown.
    """
    spans = [span for _, _, span in places]
    at = spans[current] if spans else Span(0, 0)
    shown = window_of(article.text, at)
    body = "".join(_pieces(article, shown, spans, at, passages))
    cut = "" if len(shown) == len(article.text) else _cut_note(shown, len(article.text))
    title = inert(article.title) if article.title else "Without a title"
    return (
        f'<p class="qa-back"><a href="{LIST}">All articles</a></p>'
        f'<article class="qa-paper" data-place="{_place_name(places, current)}">'
        f'<header><h2 dir="auto">{title}</h2><p class="qa-facts">{_facts(article)}</p></header>'
        f"{_steps(places, current)}{cut}"
        '<div class="qa-body" dir="auto" tabindex="0" role="region" aria-label="Text of the article">'
        f"{body}</div></article>"
    )


def window_of(text: str, at: Span) -> Span:
    """The part of ``text`` that is shown: all of it, or the lines around ``at``, a very long line cut."""
    if len(text) <= LONGEST_VIEW:
        return Span(0, len(text))
    start = max(0, min(at.start - LONGEST_VIEW // 2, len(text) - LONGEST_VIEW))
    end = min(len(text), start + LONGEST_VIEW)
    first = text.find("\n", start, min(at.start, start + LONGEST_TRIM)) + 1 if start else 0
    last = text.rfind("\n", max(at.end, end - LONGEST_TRIM), end) if end < len(text) else end
    return Span(first or start, end if last < 0 else last)


def _pieces(
    article: Article, shown: Span, spans: Sequence[Span], current: Span, passages: Collection[Span]
) -> Iterator[str]:
    """The text between all edges of marks and labels, each piece in its tags."""
    labels = [turn.label for turn in article.turns if turn.kind == "label" and turn.label.overlaps(shown)]
    edges = {shown.start, shown.end}
    for span in (*spans, *labels):
        edges |= {edge for edge in (span.start, span.end) if shown.start < edge < shown.end}
    opened = Counter(max(label.start, shown.start) for label in labels)
    opened.subtract(label.end for label in labels)
    within = 0  # labels around the piece, counted rather than looked up: an interview has thousands
    for start, end in pairwise(sorted(edges)):
        piece = Span(start, end)
        text = inert(piece.of(article.text))
        within += opened[start]
        if within:
            text = f"<b>{text}</b>"
        covering = [span for span in spans if span.contains(piece)]
        if current.contains(piece) and len(current):
            quiet = " qa-near" if current in passages else ""
            name = ' id="qa-hit"' if start == max(current.start, shown.start) else ""
            text = f'<mark class="qa-current{quiet}"{name}>{text}</mark>'
        elif covering:
            quiet = ' class="qa-near"' if passages and all(span in passages for span in covering) else ""
            text = f"<mark{quiet}>{text}</mark>"
        yield text


def _facts(article: Article) -> str:
    facts = [article.publisher, article.author and f"by {article.author}", spoken_date(article.published)]
    return " · ".join(inert(fact) for fact in facts if fact)


def _steps(places: Sequence[tuple[int, int, Span]], current: int) -> str:
    """The way to the place before and the place after, where there is more than one."""
    if len(places) < 2:
        return ""
    turn = places[current][0]
    before, after = (places[(current + step) % len(places)][1] for step in (-1, 1))
    return (
        '<nav class="qa-steps" aria-label="Places found">'
        f'<a href="{link_to_place(turn, before)}" aria-label="Previous place" data-key="p">‹</a>'
        f"<span>{current + 1} of {len(places)}</span>"
        f'<a href="{link_to_place(turn, after)}" aria-label="Next place" data-key="n">›</a></nav>'
    )


def _place_name(places: Sequence[tuple[int, int, Span]], current: int) -> str:
    return "{}-{}".format(*places[current][:2]) if places else ""


def _cut_note(shown: Span, length: int) -> str:
    return f'<p class="qa-hint">Characters {shown.start:,}–{shown.end:,} of {length:,} are shown.</p>'
