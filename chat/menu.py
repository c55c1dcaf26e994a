"""What a question may be answered from: chosen articles, publishers, speakers and dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from chat.desk import quick
from qa import Engine
from qa.choices import Choices, chosen, offers

__all__ = ["Menu", "place_menu", "renewed", "wire_menu"]

TITLE = "Look only in…"


@dataclass(frozen=True, slots=True)
class Menu:
    """The part that folds, and what stands in it, in the order of ``qa.choices.Choices``."""

    fold: gr.Accordion
    articles: gr.Dropdown
    publishers: gr.Dropdown
    speakers: gr.Dropdown
    since: gr.Textbox
    until: gr.Textbox
    clear: gr.Button

    @property
    def inputs(self) -> list[gr.components.Component]:
        """What a question is sent with."""
        return [self.articles, self.publishers, self.speakers, self.since, self.until]

    @property
    def lists(self) -> list[gr.components.Component]:
        """What changes when articles come and go."""
        return [self.articles, self.publishers, self.speakers]


def place_menu() -> Menu:
    """Place the menu, folded."""
    with gr.Accordion(TITLE, open=False, elem_id="menu") as fold:
        with gr.Row():
            articles = gr.Dropdown([], label="Articles", multiselect=True, min_width=240, value=[])
            publishers = gr.Dropdown([], label="Publishers", multiselect=True, min_width=200, value=[])
            speakers = gr.Dropdown([], label="Said by", multiselect=True, min_width=200, value=[])
        with gr.Row():
            since = gr.Textbox(label="Published from", placeholder="2021-05-31", max_length=40, min_width=130)
            until = gr.Textbox(label="to", placeholder="2024-12-31", max_length=40, min_width=130)
            clear = gr.Button("Look everywhere", size="sm", scale=0, min_width=150)
    return Menu(fold, articles, publishers, speakers, since, until, clear)


def wire_menu(menu: Menu) -> None:
    """The fold's title tells what is chosen, also when it is closed."""

    def title(*choices: Any) -> gr.Accordion:
        words = chosen(Choices(*choices))
        return gr.Accordion(label=f"Looking only in: {words}" if words else TITLE)

    gr.on([part.change for part in menu.inputs], title, menu.inputs, **quick(menu.fold))
    menu.clear.click(lambda: ([], [], [], "", ""), None, **quick(*menu.inputs))


def renewed(engine: Engine, kept: Sequence[Sequence[str]]) -> list[gr.Dropdown]:
    """The menus as the library stands now; of what was chosen in each, what is still there stays."""
    return [
        gr.Dropdown(choices=offered, value=[value for value in was if value in {name for _, name in offered}])
        for offered, was in zip(offers(engine), kept, strict=True)
    ]
