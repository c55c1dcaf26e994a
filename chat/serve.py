"""The page on its own web server, with the gate in front of it."""

from __future__ import annotations

import gradio as gr
from starlette.middleware import Middleware

from chat.desk import Desk
from chat.page import build
from chat.script import START
from chat.style import STYLE
from qa.serving import LARGEST_UPLOAD, Gate

__all__ = ["serve"]

FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica", "Arial", "sans-serif")
FIXED_WIDTH_FONTS = ("ui-monospace", "Consolas", "Menlo", "monospace")
SESSIONS = 1_000


def serve(desk: Desk, *, host: str, port: int, open_browser: bool = False) -> None:
    """Serve the page until Ctrl-C."""
    page = build(desk)
    _, url, _ = page.launch(
        server_name=host,
        server_port=port,
        inbrowser=open_browser,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        run_history=False,
        footer_links=["api", "settings"],
        max_file_size=LARGEST_UPLOAD,
        state_session_capacity=SESSIONS,
        theme=gr.themes.Default(primary_hue="blue", font=FONTS, font_mono=FIXED_WIDTH_FONTS),
        css=STYLE,
        js=START,
        app_kwargs={"middleware": [Middleware(Gate, host=host)], "docs_url": None, "redoc_url": None},
    )
    print(f"The chat is ready: {url}  (stop it with Ctrl-C)", flush=True)
    page.block_thread()
