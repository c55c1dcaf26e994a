"""The named endpoints beside the page: what ``gradio_client`` and an assistant's tools call."""

from __future__ import annotations

from typing import Any

import gradio as gr

from chat.desk import AT_ONCE, Desk
from qa import QAError
from qa.conversation import answer_as_json

__all__ = ["add_programs"]


def add_programs(desk: Desk) -> None:
    """Name the endpoints of the page that is being built."""

    def ask(question: str, history: list[dict[str, str]] | None = None) -> dict[str, Any]:
        """The answer to a question as JSON; history holds earlier turns as {"role", "content"}, oldest first."""
        try:
            with desk.visitors.using("") as engine:
                return answer_as_json(engine, question, history)
        except QAError as error:
            raise gr.Error(str(error), print_exception=False) from error

    gr.api(ask, api_name="ask", concurrency_limit=AT_ONCE, concurrency_id="engine")
