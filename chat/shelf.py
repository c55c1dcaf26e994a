"""The articles of a visitor: listed, added by dropping files, removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from chat.desk import Desk, quick, visitor_of
from qa import QAError
from qa.shelf import render_intake, render_shelf
from qa.visitors import Upload

__all__ = ["FILE_TYPES", "Shelf", "place_shelf", "wire_shelf"]

FILE_TYPES = [".txt", ".md", ".html", ".htm", ".pdf", ".docx"]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The parts of the tab; ``changed`` counts changes of the visitor's articles."""

    files: gr.File
    intake: gr.HTML
    wanted: gr.Textbox
    table: gr.HTML
    changed: gr.Number


def place_shelf(desk: Desk, listed: str) -> Shelf:
    """Place the tab's parts; ``listed`` is the table as the page opens."""
    whose = "everybody who uses this server" if desk.visitors.shared else "this page only, until you close it"
    gr.Markdown(f"Files that you add here are for {whose}. They are read on this machine and sent nowhere.")
    files = gr.File(
        label="Add articles: text, Markdown, HTML, PDF or Word",
        file_count="multiple",
        file_types=FILE_TYPES,
        type="filepath",
        height=140,
        elem_id="files",
    )
    intake = gr.HTML(js_on_load=None, elem_id="intake")
    wanted = gr.Textbox(label="Find in titles, publishers and authors", max_length=200, elem_id="wanted")
    table = gr.HTML(listed, js_on_load=None, elem_id="shelf")
    return Shelf(files, intake, wanted, table, gr.Number(0, visible=False))


def wire_shelf(desk: Desk, shelf: Shelf) -> None:
    """Say what happens when files are dropped and when titles are searched."""

    def add(paths: list[str] | None, changed: float, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        uploads = [Upload(Path(path), Path(path).name) for path in paths or []]
        lines: list[tuple[str, bool]] = []
        total, done = len(uploads), 0
        try:
            yield None, render_intake(lines, 0, total), gr.skip()
            for intake in desk.visitors.add(visitor_of(request), uploads):
                done = intake.done
                lines.append((f"{intake.name}: {intake.message}", intake.article_id is not None))
                yield gr.skip(), render_intake(lines, done, total), gr.skip()
        except QAError as error:
            lines.append((str(error), False))
        finally:
            for upload in uploads:
                upload.path.unlink(missing_ok=True)
        yield gr.skip(), render_intake(lines, total, total), changed + 1

    def find(wanted: str, request: gr.Request) -> str:
        with desk.visitors.using(visitor_of(request)) as engine:
            return render_shelf(engine.articles(), wanted)

    shelf.files.upload(
        add,
        [shelf.files, shelf.changed],
        [shelf.files, shelf.intake, shelf.changed],
        concurrency_limit=1,
        concurrency_id="intake",
        show_progress="hidden",
        api_visibility="private",
        trigger_mode="once",
    )
    shelf.wanted.change(find, [shelf.wanted], **quick(shelf.table))
