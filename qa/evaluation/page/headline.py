"""The top of the report: what was evaluated, and its main figures in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from qa.evaluation.outcome import Outcome
from qa.evaluation.page.measures import MEANINGS, between, counted, figure, share_of
from qa.evaluation.scores import Scores
from qa.evaluation.setup import Setup

__all__ = ["facts_list", "facts_of", "headline", "meanings_list"]


@dataclass(frozen=True, slots=True)
class Card:
    """One main figure: a measure (a field of ``Scores``) over one group of questions, in words.

    ``is_right`` tells which questions of the group count as right; ``words`` say how many of how many.
    """

    title: str
    heading: str
    group: str
    measure: str
    words: str
    is_right: Callable[[Outcome], bool] = lambda one: one.exact == 1.0


CARDS = (
    Card("Exactly right", "EM", "all", "exact", "{right} of {all}: answered to the word, or rightly declined."),
    Card("Right words", "F1", "all", "f1", "So much of the wording agrees, averaged over {all}."),
    Card(
        "Best guess right",
        "EM, forced",
        "answerable",
        "forced_exact",
        "If it always had to answer: {right} of {all} with an answer.",
        lambda one: one.forced_exact == 1.0,
    ),
    Card(
        "Rightly declined",
        "abstained",
        "unanswerable",
        "abstained",
        "It said “not in these articles” to {right} of {all} without an answer.",
        lambda one: not one.answer.answered,
    ),
    Card(
        "Citation holds",
        "cited rightly",
        "answerable",
        "cited",
        "The cited sentence holds the answer for {right} of {all} that it answered.",
        lambda one: one.cited is True,
    ),
)


def headline(outcomes: Sequence[Outcome], scores: Sequence[Scores]) -> str:
    """The main figures as HTML, one for each measure that applies; ``scores`` are those by kind."""
    groups = {one.group: one for one in scores}
    members = {
        "all": outcomes,
        "answerable": [one for one in outcomes if one.gold.answerable],
        "unanswerable": [one for one in outcomes if not one.gold.answerable],
    }
    shown = [_card(card, groups[card.group], members[card.group]) for card in CARDS if card.group in groups]
    return '<ul class="cards">\n' + "\n".join(filter(None, shown)) + "\n</ul>"


def facts_of(setup: Setup) -> dict[str, str]:
    """What an evaluation was made with, by name, for ``facts_list``."""
    facts = {"Version": setup.version, "Reader": setup.reader, "Embedder": setup.embedder}
    if setup.articles is not None:
        facts["Library"] = f"{counted(setup.articles, 'article')} ({setup.library}, generation {setup.generation})"
    declined = f"above {setup.threshold:.0%} for no answer"
    return facts | {"Declined": declined, "Asked together": counted(setup.batch, "question")}


def facts_list(facts: Mapping[str, str]) -> str:
    """Facts about the evaluation as an HTML list of names and values; empty for none."""
    if not facts:
        return ""
    pairs = "\n".join(
        f'<div><dt dir="auto">{escape(name)}</dt><dd dir="auto">{escape(value)}</dd></div>'
        for name, value in facts.items()
    )
    return f'<dl class="facts">\n{pairs}\n</dl>'


def meanings_list() -> str:
    """Every measure with its definition as HTML."""
    pairs = "\n".join(f"<dt>{escape(name)}</dt><dd>{escape(meaning)}</dd>" for name, meaning in MEANINGS.items())
    return f'<dl class="meanings">\n{pairs}\n</dl>'


def _card(card: Card, scores: Scores, members: Sequence[Outcome]) -> str:
    share = share_of(scores, card.measure)
    if share is None:
        return ""
    asked = [one for one in members if one.cited is not None] if card.measure == "cited" else members
    right = sum(map(card.is_right, asked))
    words = card.words.format(right=f"{right:,}", all=counted(len(asked), "question"))
    ends = between(share)
    interval = f'<p class="interval">95 % interval {ends}</p>' if ends else ""
    return f"""<li>
<h3>{escape(card.title)}</h3>
<p class="figure">{figure(share.mean)} %</p>
{interval}
<p>{escape(words)}</p>
<p class="measure"><abbr title="{escape(MEANINGS[card.heading])}">{escape(card.heading)}</abbr></p>
</li>"""
