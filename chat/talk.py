"""The conversation: the question box, the answers, what they may come from, thumbs, and the talk as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import gradio as gr

from chat.desk import AT_ONCE, Desk, quick, remembered, visitor_of
from chat.menu import Menu
from chat.script import DOWNLOAD
from qa import QAError
from qa.choices import Choices
from qa.conversation import MOST_TURNS, Turns, messages_of, next_turn, waiting
from qa.links import Link
from qa.panel import panel_of
from qa.transcript import transcript

__all__ = ["Talk", "place_talk", "wire_talk"]

FIRST_PLACE = 0


@dataclass(frozen=True, slots=True)
class Talk:
    """The parts of the conversation that other parts of the page touch."""

    chat: gr.Chatbot
    box: gr.Textbox
    turns: gr.State
    again: gr.Button
    save: gr.Button
    saved: gr.Textbox
    remark: gr.Row
    remark_box: gr.Textbox
    rated: gr.State


def place_talk(examples: list[dict[str, str]]) -> Talk:
    """Place the conversation; ``examples`` are questions to begin with."""
    chat = gr.Chatbot(
        examples=examples,
        placeholder="Ask a question, or begin with one of these." if examples else "Ask a question.",
        label="Conversation",
        show_label=False,
        height="56vh",
        min_height=320,
        layout="bubble",
        buttons=[],
        latex_delimiters=[],
        sanitize_html=True,
        allow_tags=False,
        allow_file_downloads=False,
        feedback_options=("Like", "Dislike"),
        elem_id="conversation",
    )
    with gr.Row(visible=False, elem_id="remark") as remark:
        remark_box = gr.Textbox(
            label="Your remark",
            show_label=False,
            placeholder="Thank you. What was good, or what would be right? (kept on this server)",
            max_lines=3,
            submit_btn="Keep",
            max_length=2_000,
        )
    box = gr.Textbox(
        label="Your question",
        show_label=False,
        placeholder="Your question",
        lines=1,
        max_lines=4,
        autofocus=True,
        submit_btn="Ask",
        elem_id="question",
    )
    with gr.Row(elem_id="after"):
        again = gr.Button("New conversation", size="sm", elem_id="again", scale=0, min_width=160)
        save = gr.Button("Save as Markdown", size="sm", elem_id="save", scale=0, min_width=160)
    saved = gr.Textbox(visible=False)
    return Talk(chat, box, remembered(()), again, save, saved, remark, remark_box, remembered(None))


def wire_talk(desk: Desk, talk: Talk, menu: Menu, panel: gr.HTML) -> None:
    """Say what happens at a question, an example, a thumb, and at the buttons."""
    _wire_questions(desk, talk, menu, panel)
    _wire_ratings(desk, talk)
    talk.again.click(lambda: ([], (), gr.Row(visible=False)), None, **quick(talk.chat, talk.turns, talk.remark))
    talk.save.click(_saved, [talk.turns], **quick(talk.saved)).then(None, [talk.saved], None, js=DOWNLOAD)


def _wire_questions(desk: Desk, talk: Talk, menu: Menu, panel: gr.HTML) -> None:
    def respond(question: str, turns: Turns, request: gr.Request, *choices: Any) -> Iterator[tuple[Any, ...]]:
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        if len(turns) >= MOST_TURNS:
            gr.Warning("This conversation is full: begin a new one with the button below.")
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        yield "", waiting(question, turns), gr.skip(), gr.skip()
        with desk.visitors.using(visitor_of(request)) as engine:
            turn = next_turn(engine, question, turns, Choices(*choices))
            turns = (*turns, turn)
            shown = panel_of(engine, turns, Link("place", len(turns) - 1, FIRST_PLACE), desk.library)
        # The box may hold the next question by now.
        yield gr.skip(), messages_of(turns), turns, gr.skip() if shown is None else shown

    def respond_to_example(
        turns: Turns, request: gr.Request, chosen: gr.SelectData, *choices: Any
    ) -> Iterator[tuple[Any, ...]]:
        yield from respond(chosen.value["text"], turns, request, *choices)

    shared: dict[str, Any] = {
        "outputs": [talk.box, talk.chat, talk.turns, panel],
        "concurrency_limit": AT_ONCE,
        "concurrency_id": "engine",
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    # A question that is asked while one is answered comes after it; of an example's two clicks the second is too much.
    talk.box.submit(respond, [talk.box, talk.turns, *menu.inputs], **shared, trigger_mode="always_last")
    talk.chat.example_select(respond_to_example, [talk.turns, *menu.inputs], **shared, trigger_mode="once")


def _wire_ratings(desk: Desk, talk: Talk) -> None:
    def rate(turns: Turns, thumb: gr.LikeData) -> tuple[Any, ...]:
        number = int(thumb.index[0] if isinstance(thumb.index, list | tuple) else thumb.index) // 2
        rated = (number, thumb.liked in (True, "Like"))
        try:
            desk.ratings.add(turns, number, good=rated[1])
        except QAError as error:
            gr.Warning(str(error))
            return None, gr.Row(visible=False), ""
        return rated, gr.Row(visible=True), ""

    def remark(turns: Turns, rated: tuple[int, bool] | None, comment: str) -> tuple[Any, ...]:
        if rated is not None and comment.strip():
            try:
                desk.ratings.add(turns, rated[0], good=rated[1], comment=comment)
                gr.Info("Kept.")
            except QAError as error:
                gr.Warning(str(error))
        return None, gr.Row(visible=False), ""

    outputs = quick(talk.rated, talk.remark, talk.remark_box)
    talk.chat.like(rate, [talk.turns], **outputs)
    talk.remark_box.submit(remark, [talk.turns, talk.rated, talk.remark_box], **outputs)


def _saved(turns: Turns) -> str:
    if not any(turn.reply for turn in turns):
        gr.Info("There is nothing to save yet: ask a question first.")
        return ""
    return transcript(turns, date.today())
