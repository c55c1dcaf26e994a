"""Answers, questions and the list of articles as HTML for the chat: pure functions, every text made inert."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from corpus.reads import ArticleSummary
from qa.excerpts import Excerpt
from qa.inert import inert, shortened
from qa.reply import Offer, Reply
from qa.wording import in_words, percent

__all__ = [
    "add_command",
    "render_articles",
    "render_header",
    "render_notice",
    "render_question",
    "render_reply",
    "spoken_date",
]

LONGEST_HEADLINE = 120
"""Characters up to which an answer also stands alone above its sentence."""
LONGEST_QUESTION = 600
"""Characters of a question that are shown; all of it is read."""


def render_reply(reply: Reply) -> str:
    """A reply as one HTML block without line breaks, which no Markdown reader would take apart."""
    head = _answered(reply) if reply.text is not None else _unanswered()
    return _block("qa-reply", head + _footer(reply) + _offers(reply))


def render_question(question: str) -> str:
    """A question as it was typed, without effect."""
    return _block("qa-question", inert(shortened(question, LONGEST_QUESTION)))


def render_notice(message: str) -> str:
    """One line from the program itself: an error with its remedy, or that it is at work."""
    return f'<div class="qa-notice" role="status">{inert(message[:1].upper() + message[1:])}</div>'


def render_header(articles: Sequence[ArticleSummary]) -> str:
    """What this page is and how much it has read."""
    passages = sum(article.passages for article in articles)
    counts = f"{_count(len(articles), 'article')}, {_count(passages, 'passage')}" if articles else "No articles yet"
    return (
        '<header class="qa-header"><h1>Ask your articles</h1>'
        f"<p>Answers are quoted word for word, with their source. No outside service is used. "
        f'<span class="qa-counts">{counts}.</span></p></header>'
    )


def render_articles(articles: Sequence[ArticleSummary], library: str | Path | None = None) -> str:
    """The list beside the chat, with the shell command that adds an article to this library."""
    items = "".join(_article(article) for article in articles)
    listed = f"<ul>{items}</ul>" if articles else "<p>This library is empty.</p>"
    hint = f'<p class="qa-hint">Add more with <code>{inert(add_command(library))}</code></p>'
    return f'<section class="qa-articles" aria-label="Articles"><h2>Articles</h2>{listed}{hint}</section>'


def add_command(library: str | Path | None = None) -> str:
    """The shell command that adds articles to a library, or to the default one."""
    return "qa add FILES" if library is None else f"qa add FILES --library {shlex.quote(str(library))}"


def spoken_date(published: str | None) -> str | None:
    """An ISO date as people write it, other text as it is.

    >>> spoken_date("2020-05-08")
    '8 May 2020'
    """
    try:
        day = date.fromisoformat(published or "")
    except ValueError:
        return published
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


# Not strftime: the names of the months would follow the machine's language, and the page is in English.
_MONTHS = "January February March April May June July August September October November December".split()


def _answered(reply: Reply) -> str:
    quotes = [_quotation(excerpt) for excerpt in reply.excerpts]
    if len(quotes) == 1:
        body = quotes[0]
    else:
        body = '<ol class="qa-citations">' + "".join(f"<li>{quote}</li>" for quote in quotes) + "</ol>"
    first = reply.excerpts[0]
    repeats = not (first.before.strip() or first.after.strip()) or len(first.quote) > LONGEST_HEADLINE
    return ("" if repeats else f'<p class="qa-answer">{inert(first.quote)}</p>') + body


def _quotation(excerpt: Excerpt) -> str:
    return f'<blockquote class="qa-sentence" dir="auto">{_marked(excerpt)}</blockquote>{_source(excerpt)}'


def _marked(excerpt: Excerpt) -> str:
    return f"{inert(excerpt.before)}<mark>{inert(excerpt.quote)}</mark>{inert(excerpt.after)}"


def _source(excerpt: Excerpt) -> str:
    facts = [
        f"<cite>{inert(excerpt.title)}</cite>" if excerpt.title else "an article without a title",
        *_facts(excerpt.publisher, spoken_date(excerpt.published)),
        *([f"said by {inert(excerpt.speaker)}"] if excerpt.speaker else []),
        *([f"p. {excerpt.page}"] if excerpt.page else []),
        f"characters {excerpt.start}–{excerpt.end}",
    ]
    return f'<p class="qa-source">{" · ".join(facts)}</p>'


def _facts(*facts: str | None) -> list[str]:
    return [inert(fact) for fact in facts if fact]


def _unanswered() -> str:
    return '<p class="qa-answer qa-none">Not in these articles.</p>'


def _footer(reply: Reply) -> str:
    time = f'<span class="qa-time">{reply.seconds:.1f} s</span>'
    sure = f"{in_words(reply.confidence)} · {inert(percent(reply.confidence))}"
    return f'<p class="qa-confidence"><strong>{sure}</strong> {time}</p>'


def _offers(reply: Reply) -> str:
    other = "Other possibilities" if reply.text is not None else "Found, but probably not the answer"
    return _details(other, reply.alternatives) + _details("The closest passages", reply.passages)


def _details(summary: str, offers: Sequence[Offer]) -> str:
    if not offers:
        return ""
    items = "".join(f"<li>{_offer(offer)}</li>" for offer in offers)
    return f"<details><summary>{summary} ({len(offers)})</summary><ol>{items}</ol></details>"


def _offer(offer: Offer) -> str:
    shown = _marked(offer.excerpt) if offer.confidence is not None else inert(offer.excerpt.quote)
    odds = "" if offer.confidence is None else f' <span class="qa-odds">{inert(percent(offer.confidence))}</span>'
    return f'<span dir="auto">{shown}</span>{odds}{_source(offer.excerpt)}'


def _article(article: ArticleSummary) -> str:
    title = inert(article.title or "Without a title")
    facts = " · ".join(_facts(article.publisher, spoken_date(article.published)))
    return f'<li><span class="qa-title" dir="auto">{title}</span><span class="qa-facts">{facts}</span></li>'


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _block(name: str, body: str) -> str:
    return f'<div class="{name}">{body}</div>'
