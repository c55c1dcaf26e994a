"""The evaluation in the page: a file of questions with known answers, asked and scored, and the report."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from chat.desk import Desk, visitor_of
from qa import QAError
from qa.evaluation.show import BUNDLED_GOLD, evaluation_page
from qa.render import render_notice

__all__ = ["Exam", "place_exam", "wire_exam"]

EVERY = 5
"""Questions between two signs of progress."""


@dataclass(frozen=True, slots=True)
class Exam:
    """The parts of the tab."""

    gold: gr.File
    run: gr.Button
    result: gr.HTML


def place_exam() -> Exam:
    """Place the tab's parts."""
    gr.Markdown(
        "How good are the answers? Questions with known answers are asked and scored: your own file, or the questions "
        "on the two bundled articles. `qa gold draft` helps to write a file, thumbs in the chat make one by themselves."
    )
    gold = gr.File(
        label="Your questions (.jsonl, or SQuAD's .json); none: the bundled ones",
        file_types=[".jsonl", ".json"],
        type="filepath",
        height=140,
        elem_id="gold",
    )
    run = gr.Button("Evaluate", variant="primary", scale=0, min_width=160, elem_id="evaluate")
    return Exam(gold, run, gr.HTML(js_on_load=None, elem_id="exam"))


def wire_exam(desk: Desk, exam: Exam) -> None:
    """Say what happens at the button; one evaluation runs at a time."""

    def run(path: str | None, request: gr.Request) -> Iterator[str]:
        gold = Path(path) if path else BUNDLED_GOLD
        yield render_notice("reading the questions…")
        try:
            with desk.visitors.using(visitor_of(request)) as engine:
                for step in evaluation_page(engine, gold, gold.name):
                    if isinstance(step, str):
                        yield _framed(step)
                    elif step[0] % EVERY == 0:
                        yield _progress(*step)
        except QAError as error:
            yield render_notice(str(error))

    shared: dict[str, Any] = {
        "concurrency_limit": 1,
        "concurrency_id": "exam",
        "show_progress": "hidden",
        "api_visibility": "private",
        "trigger_mode": "once",
    }
    exam.run.click(run, [exam.gold], [exam.result], **shared)


def _progress(done: int, total: int) -> str:
    bar = f'<progress max="{total}" value="{done}" aria-label="Questions asked"></progress>'
    return f'<div class="qa-notice" role="status">{bar} {done} of {total} questions</div>'


def _framed(page: str) -> str:
    """The report in a frame of its own: its scripts run there and cannot reach this page."""
    frame = '<iframe title="Evaluation report" sandbox="allow-scripts" srcdoc="{}"></iframe>'
    return f'<div class="qa-exam">{frame.format(html.escape(page, quote=True))}</div>'
