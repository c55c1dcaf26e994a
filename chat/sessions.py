"""What the page's framework keeps of each visitor: the values it is told to remember, and nothing more.

The framework also keeps, for each visitor, the settings of every component with its last value (the talk, the article
beside it) for links that reopen a page as it was. This page has none: they were two thirds of a visitor's memory.
"""

from __future__ import annotations

from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder

__all__ = ["keep_less"]


class _Session(SessionState):  # type: ignore[misc]
    """One visitor's values."""

    def __init__(self, blocks: gr.Blocks) -> None:
        super().__init__(_Bare(blocks))
        self.config_values = _Nothing()

    def _update_config(self, key: int) -> None:
        pass

    def _update_value_in_config(self, key: int, value: Any) -> None:
        pass


class _Bare:
    """A page as ``SessionState`` looks at it, without components of which it would note settings."""

    def __init__(self, blocks: gr.Blocks) -> None:
        self.default_config = blocks.default_config
        self.blocks: dict[int, Any] = {}


class _Nothing(dict[int, Any]):
    """Forgets what it is given."""

    def __setitem__(self, key: int, value: Any) -> None:
        pass


class _Sessions(StateHolder):  # type: ignore[misc]  # the framework is not typed
    """All visitors' values."""

    def __getitem__(self, session_id: str) -> SessionState:
        with self.lock:
            if session_id not in self.session_data:
                self.session_data[session_id] = _Session(self.blocks)
        return super().__getitem__(session_id)


def keep_less(app: FastAPI, page: gr.Blocks) -> None:
    """Have the page in an app keep no more than its visitors' values; before the first of them comes."""
    held = _Sessions()
    held.set_blocks(page)
    for route in app.routes:
        if isinstance(mounted := getattr(route, "app", None), App):
            mounted.state_holder = held
