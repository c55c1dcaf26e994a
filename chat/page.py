"""The whole page: what stands where, what is shown when it opens, and where links lead."""

from __future__ import annotations

from typing import Any

import gradio as gr

from chat.desk import AT_ONCE, Desk, quick, visitor_of
from chat.exam import place_exam, wire_exam
from chat.menu import Menu, place_menu, renewed, wire_menu
from chat.programs import add_programs
from chat.script import LINKS
from chat.shelf import Shelf, place_shelf, wire_shelf
from chat.talk import Talk, place_talk, wire_talk
from qa import Engine, QAError
from qa.examples import example_questions
from qa.links import Link, read_link
from qa.panel import panel_of, question_of
from qa.render import render_articles, render_header
from qa.shelf import render_shelf

__all__ = ["TITLE", "build"]

TITLE = "Ask your articles"
QUEUED = 100
"""Questions that may wait; the next one is told so instead of waiting for minutes."""
KEPT = 3600
"""Seconds after which an uploaded file that was not read is deleted."""


def build(desk: Desk) -> gr.Blocks:
    """The page over the articles of one server."""
    with desk.visitors.using("") as engine:
        examples = [{"text": question} for question in example_questions(engine)]
        first = _facts(engine, desk)
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=(KEPT, KEPT)) as page:
        header = gr.HTML(first[0], js_on_load=None)
        links = gr.HTML("", js_on_load=LINKS, elem_id="links")
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab("Ask", id="ask"), gr.Row(elem_id="desk"):
                with gr.Column(scale=5, min_width=320):
                    talk = place_talk(examples)
                    menu = place_menu()
                with gr.Column(scale=4, min_width=300):
                    panel = gr.HTML(first[1], js_on_load=None, elem_id="source")
            with gr.Tab("Articles", id="articles"):
                shelf = place_shelf(desk, first[2])
            with gr.Tab("Evaluate", id="evaluate"):
                exam = place_exam()
        gr.HTML('<p class="qa-hint"><a href="docs">For programs and assistants</a></p>', js_on_load=None)
        wire_talk(desk, talk, menu, panel)
        wire_menu(menu)
        wire_shelf(desk, shelf)
        wire_exam(desk, exam)
        _wire_links(desk, links, tabs, talk, panel, shelf)
        _wire_library(desk, page, header, menu, panel, shelf)
        add_programs(desk)
        _wire_leaving(desk, page)
    return page.queue(max_size=QUEUED, default_concurrency_limit=AT_ONCE, api_open=False)


def _wire_leaving(desk: Desk, page: gr.Blocks) -> None:
    """A closed page takes its visitor's articles with it."""

    def leave(request: gr.Request) -> None:
        desk.visitors.forget(visitor_of(request))

    page.unload(leave)


def _wire_links(desk: Desk, links: gr.HTML, tabs: gr.Tabs, talk: Talk, panel: gr.HTML, shelf: Shelf) -> None:
    """A click on a link in an answer, in an article or in a list."""

    def follow(turns: Any, changed: float, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        link = read_link(event._data.get("address") if isinstance(event._data, dict) else None)
        if link is None:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        if link.kind == "remove":
            return gr.skip(), gr.skip(), gr.skip(), changed + _removed(desk, visitor_of(request), link)
        if link.kind == "edit":
            return gr.skip(), question_of(turns, link) or gr.skip(), gr.skip(), gr.skip()
        with desk.visitors.using(visitor_of(request)) as engine:
            shown = panel_of(engine, turns, link, desk.library)
        if shown is None:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        return shown, gr.skip(), gr.Tabs(selected="ask"), gr.skip()

    links.click(follow, [talk.turns, shelf.changed], **quick(panel, talk.box, tabs, shelf.changed))


def _removed(desk: Desk, visitor: str, link: Link) -> int:
    try:
        desk.visitors.remove(visitor, link.article_id)
    except QAError as error:
        gr.Warning(str(error))
        return 0
    return 1


def _wire_library(desk: Desk, page: gr.Blocks, header: gr.HTML, menu: Menu, panel: gr.HTML, shelf: Shelf) -> None:
    """What tells of the articles, when the page opens and whenever a visitor's articles change."""

    def refresh(wanted: str | None, request: gr.Request, *kept: list[str] | None) -> tuple[Any, ...]:
        with desk.visitors.using(visitor_of(request)) as engine:
            return *_facts(engine, desk, wanted or ""), *renewed(engine, [names or [] for names in kept])

    wiring = quick(header, panel, shelf.table, *menu.lists)
    page.load(refresh, [shelf.wanted, *menu.lists], **wiring)
    shelf.changed.change(refresh, [shelf.wanted, *menu.lists], **wiring)


def _facts(engine: Engine, desk: Desk, wanted: str = "") -> tuple[str, str, str]:
    """What the header, the panel and the table of articles say of a library."""
    articles = engine.articles()
    return render_header(articles), render_articles(articles, desk.library), render_shelf(articles, wanted)
