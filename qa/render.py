"""Answers, questions and the list of articles as HTML for the chat: pure functions, every text made inert."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from corpus.reads import ArticleSummary
from corpus.store import is_address
from qa.breadth import wants_sentences
from qa.excerpts import Excerpt
from qa.inert import inert, shortened
from qa.links import link_to_article, link_to_copy, link_to_edit, link_to_place
from qa.quotation import quotation
from qa.reply import Offer, Reply
from qa.wording import counted, in_words, percent, spoken_date

__all__ = [
    "add_command",
    "render_articles",
    "render_header",
    "render_notice",
    "render_question",
    "render_reply",
]

LONGEST_HEADLINE = 120
"""Characters up to which an answer also stands alone above its sentence."""
LISTED = 200
"""Articles listed beside the chat."""
LONGEST_PASSAGE = 420
"""Characters of a passage that is only offered to read on in."""
LONGEST_QUESTION = 600
"""Characters of a question that are shown; all of it is read."""


def render_reply(reply: Reply, turn: int = 0, question: str = "", only: str = "") -> str:
    """A reply as one HTML block without line breaks, which no Markdown reader would take apart.

    ``turn`` is its number in the conversation, which its links name; ``question`` is what was typed,
    ``only`` tells in words where alone it was looked.
    """
    chips = _Chips(turn)
    head = _answered(reply, chips) if reply.text is not None else _unanswered(only)
    return _block("qa-reply", _understood(reply, turn, question) + head + _footer(reply, turn) + _offers(reply, chips))


def render_question(question: str) -> str:
    """A question as it was typed, without effect."""
    return _block("qa-question", inert(shortened(question, LONGEST_QUESTION)))


def render_notice(message: str) -> str:
    """One line from the program itself: an error with its remedy, or that it is at work."""
    return f'<div class="qa-notice" role="status">{inert(message[:1].upper() + message[1:])}</div>'


def render_header(articles: Sequence[ArticleSummary]) -> str:
    """What this page is and how much it has read."""
    passages = sum(article.passages for article in articles)
    counts = f"{counted(len(articles), 'article')}, {counted(passages, 'passage')}" if articles else "No articles yet"
    return (
        '<header class="qa-header"><h1>Ask your articles</h1>'
        f"<p>Answers are quoted word for word, with their source. No outside service is used. "
        f'<span class="qa-counts">{counts}.</span></p></header>'
    )


def render_articles(articles: Sequence[ArticleSummary], library: str | Path | None = None) -> str:
    """The list beside the chat, the latest added first, with the way to add one."""
    items = "".join(map(_article, articles[: -LISTED - 1 : -1]))
    more = (
        f"<p>{counted(len(articles) - LISTED, 'more article')}, not listed here.</p>" if len(articles) > LISTED else ""
    )
    listed = f"<ul>{items}</ul>{more}" if articles else "<p>This library is empty.</p>"
    add = inert(add_command(library))
    hint = f'<p class="qa-hint">Add more under “Articles” above, or in a terminal with <code>{add}</code></p>'
    return f'<section class="qa-articles" aria-label="Articles"><h2>Articles</h2>{listed}{hint}</section>'


def add_command(library: str | Path | None = None) -> str:
    """The shell command that adds articles to a library, or to the default one."""
    option = "--store" if is_address(library) else "--library"
    return "qa add FILES" if library is None else f"qa add FILES {option} {shlex.quote(str(library))}"


class _Chips:
    """Numbers for what is cited, each a link to its place, in the order in which they are asked for."""

    def __init__(self, turn: int) -> None:
        self.turn = turn
        self._number = -1

    def next(self) -> str:
        """The link of the next place."""
        self._number += 1
        link = link_to_place(self.turn, self._number)
        return f'<a class="qa-chip" href="{link}" title="Show it in its article">{self._number + 1}</a>'


def _understood(reply: Reply, turn: int, question: str) -> str:
    """What a follow-up was taken to mean, where that is not what was typed."""
    if not question or " ".join(reply.asked.split()) == " ".join(question.split()):
        return ""
    asked = inert(shortened(reply.asked, LONGEST_QUESTION))
    return f'<p class="qa-asked">Understood as “{asked}” <a href="{link_to_edit(turn)}">Change it</a></p>'


def _answered(reply: Reply, chips: _Chips) -> str:
    quotes = [_quotation(excerpt, chips) for excerpt in reply.excerpts]
    if len(quotes) == 1:
        body = quotes[0]
    else:
        body = '<ol class="qa-citations">' + "".join(f"<li>{quote}</li>" for quote in quotes) + "</ol>"
    first = reply.excerpts[0]
    repeats = not (first.before.strip() or first.after.strip()) or len(first.quote) > LONGEST_HEADLINE
    headline = "" if repeats or wants_sentences(reply.asked) else f'<p class="qa-answer">{inert(first.quote)}</p>'
    return headline + body


def _quotation(excerpt: Excerpt, chips: _Chips) -> str:
    quoted = f'<blockquote class="qa-sentence" dir="auto">{_marked(excerpt)}</blockquote>'
    return quoted + _source(excerpt, chips)


def _marked(excerpt: Excerpt) -> str:
    return f"{inert(excerpt.before)}<mark>{inert(excerpt.quote)}</mark>{inert(excerpt.after)}"


def _source(excerpt: Excerpt, chips: _Chips) -> str:
    facts = [
        f"<cite>{inert(excerpt.title)}</cite>" if excerpt.title else "an article without a title",
        *_facts(excerpt.publisher, spoken_date(excerpt.published)),
        *([f"said by {inert(excerpt.speaker)}"] if excerpt.speaker else []),
        *([f"p. {excerpt.page}"] if excerpt.page else []),
        f"characters {excerpt.start}–{excerpt.end}",
    ]
    return f'<p class="qa-source">{chips.next()} {" · ".join(facts)}</p>'


def _facts(*facts: str | None) -> list[str]:
    return [inert(fact) for fact in facts if fact]


def _unanswered(only: str) -> str:
    where = f'<p class="qa-source">Looked only in: {inert(only)}</p>' if only else ""
    return f'<p class="qa-answer qa-none">Not in these articles.</p>{where}'


def _footer(reply: Reply, turn: int) -> str:
    time = f'<span class="qa-time">{reply.seconds:.1f} s</span>'
    sure = f"{in_words(reply.confidence)} · {inert(percent(reply.confidence))}"
    copy = _copy(reply, turn) if reply.excerpts else ""
    return f'<p class="qa-confidence"><strong>{sure}</strong> {time}{copy}</p>'


def _copy(reply: Reply, turn: int) -> str:
    """A link that copies the ready quotation, which stands hidden behind it."""
    ready = inert(quotation(reply.excerpts[0], reply.post))
    return f' <a href="{link_to_copy(turn, 0)}">Copy quotation</a><span class="qa-ready">{ready}</span>'


def _offers(reply: Reply, chips: _Chips) -> str:
    other = "Other possibilities" if reply.text is not None else "Found, but probably not the answer"
    possible = _details(other, reply.alternatives, chips)
    return possible + _details("The closest passages", reply.passages, chips, opened=True)


def _details(summary: str, offers: Sequence[Offer], chips: _Chips, *, opened: bool = False) -> str:
    if not offers:
        return ""
    items = "".join(f"<li>{_offer(offer, chips)}</li>" for offer in offers)
    return f"<details{' open' if opened else ''}><summary>{summary} ({len(offers)})</summary><ul>{items}</ul></details>"


def _offer(offer: Offer, chips: _Chips) -> str:
    if offer.confidence is not None:
        shown, odds = _marked(offer.excerpt), f' <span class="qa-odds">{inert(percent(offer.confidence))}</span>'
    else:
        shown, odds = inert(shortened(offer.excerpt.quote, LONGEST_PASSAGE)), ""
    return f'<span dir="auto">{shown}</span>{odds}{_source(offer.excerpt, chips)}'


def _article(article: ArticleSummary) -> str:
    title = inert(article.title or "Without a title")
    facts = " · ".join(_facts(article.publisher, spoken_date(article.published)))
    opened = f'<a class="qa-title" dir="auto" href="{link_to_article(article.id)}">{title}</a>'
    return f'<li>{opened}<span class="qa-facts">{facts}</span></li>'


def _block(name: str, body: str) -> str:
    return f'<div class="{name}">{body}</div>'
