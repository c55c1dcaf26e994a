"""What stands beside the chat: the list of articles, or one article with the places that a turn found in it."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import UnknownArticleError
from corpus.types import Span
from qa.conversation import Turns
from qa.engine import Engine
from qa.links import LIST, Link
from qa.render import render_articles, render_notice
from qa.source_view import render_source

__all__ = ["GONE", "panel_of", "question_of"]

GONE = "This article is not in the library any more."


def panel_of(engine: Engine, turns: Turns, link: Link, library: Path | None = None) -> str | None:
    """The HTML that a link leads to, ``None`` for a link that leads to nothing of this conversation.

    A place's article shows the turn's other places in it too, with the way from each to the next.
    """
    try:
        if link.kind == "list":
            return render_articles(engine.articles(), library)
        if link.kind == "article":
            return render_source(engine.library.article(link.article_id))
        return _place(engine, turns, link) if link.kind == "place" else None
    except UnknownArticleError:
        return f'<p class="qa-back"><a href="{LIST}">All articles</a></p>{render_notice(GONE)}'


def question_of(turns: Turns, link: Link) -> str | None:
    """The question of a turn as it was understood, for a reader who wants to change it."""
    reply = turns[link.turn].reply if link.turn < len(turns) else None
    return reply.asked if reply is not None and link.kind == "edit" else None


def _place(engine: Engine, turns: Turns, link: Link) -> str | None:
    reply = turns[link.turn].reply if link.turn < len(turns) else None
    if reply is None or link.number >= len(reply.places):
        return None
    asked_for = reply.places[link.number]
    article = engine.library.article(asked_for.article_id)
    inside: dict[Span, int] = {}
    for number, place in enumerate(reply.places):
        if place.article_id == article.id and place.end <= len(article.text):
            inside.setdefault(place.span, number)
    inside[asked_for.span] = link.number
    ordered = sorted(inside, key=lambda span: inside[span])
    places = [(link.turn, inside[span], span) for span in ordered]
    passages = {offer.excerpt.span for offer in reply.passages if offer.excerpt.article_id == article.id}
    return render_source(article, places, ordered.index(asked_for.span), passages)
