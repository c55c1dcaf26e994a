"""What every part of the page needs: the visitors with their libraries, and what the server was started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from qa.ratings import Ratings
from qa.visitors import Visitors

__all__ = ["AT_ONCE", "Desk", "quick", "remembered", "visitor_of"]

AT_ONCE = 2
"""Questions read side by side: 1, 2 and 4 answer equally many a second on two cores; with 1 a slow one blocks all."""


@dataclass(frozen=True, slots=True)
class Desk:
    """``library`` is the folder as the user named it, for the hint how to add articles in a terminal."""

    visitors: Visitors
    ratings: Ratings
    library: Path | None = None


def visitor_of(request: gr.Request) -> str:
    """The visitor who sent a request: one open page is one visitor."""
    return request.session_hash or ""


class _Nothing:
    """What is done with a value that is forgotten. The page's source shows it: a function would tell its address."""

    def __call__(self, _: object) -> None:
        pass

    def __repr__(self) -> str:
        return "nothing"


def remembered(value: object) -> gr.State:
    """A value that the server keeps for each visitor."""
    return gr.State(value, delete_callback=_Nothing())


def quick(*outputs: gr.components.Component) -> dict[str, object]:
    """How an event is wired that needs no model and shows no progress."""
    return {"outputs": list(outputs), "queue": False, "show_progress": "hidden", "api_visibility": "private"}
