"""The named endpoints beside the page, which ``gradio_client`` calls; over plain HTTP there are those of ``qa.web``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr

from chat.desk import AT_ONCE, Desk
from qa import Engine, QAError, programs
from qa.choices import Choices

__all__ = ["add_programs"]

Result = TypeVar("Result")
Names = list[str] | None


def add_programs(desk: Desk) -> None:
    """Name the endpoints of the page that is being built; they answer from the server's own library."""

    def served(work: Callable[[Engine], Result]) -> Result:
        try:
            with desk.visitors.using("") as engine:
                return work(engine)
        except QAError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def ask(
        question: str,
        history: list[dict[str, str]] | None = None,
        articles: Names = None,
        publishers: Names = None,
        speakers: Names = None,
        since: str | None = None,
        until: str | None = None,
    ) -> dict[str, Any]:
        """The answer to a question as JSON; history holds earlier turns as {"role", "content"}, oldest first."""
        choices = Choices(articles or (), publishers or (), speakers or (), since, until)
        return served(lambda engine: programs.ask(engine, question, history=history, choices=choices))

    def search(
        query: str,
        k: int = programs.DEFAULT_FOUND,
        articles: Names = None,
        publishers: Names = None,
        speakers: Names = None,
        since: str | None = None,
        until: str | None = None,
    ) -> list[dict[str, Any]]:
        """The k passages nearest to a query with their texts, best first."""
        choices = Choices(articles or (), publishers or (), speakers or (), since, until)
        return served(lambda engine: programs.search(engine, query, choices=choices, k=k))

    def articles() -> list[dict[str, Any]]:
        """What is known of each article, in the order they were added."""
        return served(programs.articles)

    for verb in (ask, search):
        gr.api(verb, api_name=verb.__name__, concurrency_limit=AT_ONCE, concurrency_id="engine")
    gr.api(articles, api_name="articles", queue=False)
