"""The chat in the browser: layout and wiring only; ``python app.py`` and open the address that it prints."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from qa import Engine, QAError
from qa.chat_style import SPEAK, STYLE
from qa.conversation import Turns, answer_as_json, messages_of, next_turn, waiting
from qa.examples import example_questions
from qa.render import render_articles, render_header
from qa.serving import LARGEST_REQUEST, Gate, check_port, stay_offline

stay_offline()
import gradio as gr  # noqa: E402 - it reads the environment when it is imported
from starlette.middleware import Middleware  # noqa: E402

__all__ = ["build", "main"]

TITLE = "Ask your articles"
AT_ONCE = 2
"""Questions read side by side: 1, 2 and 4 answer equally many a second on two cores; with 1 a slow one blocks all."""
QUEUED = 100
"""Questions that may wait; the next one is told so instead of waiting for minutes."""
FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica", "Arial", "sans-serif")
FIXED_WIDTH_FONTS = ("ui-monospace", "Consolas", "Menlo", "monospace")


def build(engine: Engine, library: Path | None = None) -> gr.Blocks:
    """The page over one engine; ``library`` is the folder as the user named it, for the hint how to add articles."""
    examples = [{"text": question} for question in example_questions(engine)]
    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        header = gr.HTML(js_on_load=None)
        with gr.Row():
            with gr.Column(scale=3, min_width=320):
                chat = _chat(examples)
                box = _box()
                again = gr.Button("New conversation", size="sm", elem_id="again")
            with gr.Column(scale=1, min_width=260):
                side = gr.HTML(js_on_load=None)
        _wire_chat(engine, chat, box, again)
        _wire_facts(engine, page, header, side, library)
        _wire_api(engine)
    return page.queue(max_size=QUEUED, default_concurrency_limit=AT_ONCE, api_open=False)


def _chat(examples: list[dict[str, str]]) -> gr.Chatbot:
    return gr.Chatbot(
        examples=examples,
        placeholder="Ask a question, or begin with one of these." if examples else "Ask a question.",
        label="Conversation",
        show_label=False,
        height="62vh",
        min_height=320,
        layout="bubble",
        buttons=[],
        latex_delimiters=[],
        sanitize_html=True,
        allow_tags=False,
        allow_file_downloads=False,
        feedback_options=None,
        elem_id="conversation",
    )


def _box() -> gr.Textbox:
    return gr.Textbox(
        label="Your question",
        show_label=False,
        placeholder="Your question",
        lines=1,
        max_lines=4,
        autofocus=True,
        submit_btn="Ask",
        elem_id="question",
    )


def _wire_chat(engine: Engine, chat: gr.Chatbot, box: gr.Textbox, again: gr.Button) -> None:
    turns = gr.State(())

    def respond(question: str, turns: Turns) -> Iterator[tuple[Any, ...]]:
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip()
            return
        yield "", waiting(question, turns), turns
        turns = (*turns, next_turn(engine, question, turns))
        yield gr.skip(), messages_of(turns), turns  # the box may hold the next question by now

    def respond_to_example(turns: Turns, chosen: gr.SelectData) -> Iterator[tuple[Any, ...]]:
        yield from respond(chosen.value["text"], turns)

    shared: dict[str, Any] = {
        "outputs": [box, chat, turns],
        "concurrency_limit": AT_ONCE,
        "concurrency_id": "engine",
        "show_progress": "hidden",
        "api_visibility": "private",
        "trigger_mode": "once",
    }
    box.submit(respond, [box, turns], **shared)
    chat.example_select(respond_to_example, [turns], **shared)
    again.click(lambda: ([], ()), None, [chat, turns], queue=False, api_visibility="private")


def _wire_facts(engine: Engine, page: gr.Blocks, header: gr.HTML, side: gr.HTML, library: Path | None) -> None:
    def facts() -> tuple[str, str]:
        articles = engine.articles()
        return render_header(articles), render_articles(articles, library)

    header.value, side.value = facts()
    page.load(facts, None, [header, side], queue=False, show_progress="hidden", api_visibility="private")


def _wire_api(engine: Engine) -> None:
    def ask(question: str, history: list[dict[str, str]] | None = None) -> dict[str, Any]:
        """The answer to a question as JSON; history holds earlier turns as {"role", "content"}, oldest first."""
        try:
            return answer_as_json(engine, question, history)
        except QAError as error:
            raise gr.Error(str(error), print_exception=False) from error

    gr.api(ask, api_name="ask", concurrency_limit=AT_ONCE, concurrency_id="engine")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.py", description="Ask your own articles, in the browser.")
    parser.add_argument(
        "--library", type=Path, metavar="DIR", help="the library's folder (default: the two bundled articles)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=7860, help="the port to listen on (default: 7860)")
    parser.add_argument("--embedder", metavar="DIR", help="another embedding model")
    parser.add_argument("--reader", metavar="DIR", help="another reading model")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    return parser


def _serve(page: gr.Blocks, options: argparse.Namespace) -> None:
    _, url, _ = page.launch(
        server_name=options.host,
        server_port=options.port,
        inbrowser=options.open,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        run_history=False,
        footer_links=["api", "settings"],
        max_file_size=LARGEST_REQUEST,
        state_session_capacity=1000,
        theme=gr.themes.Default(primary_hue="blue", font=FONTS, font_mono=FIXED_WIDTH_FONTS),
        css=STYLE,
        js=SPEAK,
        app_kwargs={"middleware": [Middleware(Gate, host=options.host)], "docs_url": None, "redoc_url": None},
    )
    print(f"The chat is ready: {url}  (stop it with Ctrl-C)", flush=True)
    page.block_thread()


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the chat until Ctrl-C; the exit code, 2 where the command line asks for what cannot be had."""
    options = _parser().parse_args(argv)
    try:
        check_port(options.host, options.port)
        with Engine.open(options.library, embedder=options.embedder, reader=options.reader) as engine:
            engine.warm()
            _serve(build(engine, options.library), options)
    except QAError as error:
        print(f"app.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
