from __future__ import annotations

import subprocess
import sys

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from chat.sessions import keep_less
from tests.app.conftest import ROOT

# Keeps every hundredth of many blocks, so that what is free lies between them, and prints the resident MB.
HOLES = """
import re, sys, time
from pathlib import Path
from chat.memory import given_back
def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1000
with given_back(float(sys.argv[1])) as is_possible:
    assert is_possible
    before = resident()
    blocks = [bytearray(60_000) for _ in range(4_000)]
    kept = blocks[::100]
    del blocks
    time.sleep(1.5)
    print(resident() - before)
"""


def left(every: float) -> float:
    told = subprocess.run(
        [sys.executable, "-c", HOLES, str(every)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    return float(told.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="told to glibc alone")
def test_what_lies_free_between_what_is_needed_goes_back_to_the_system() -> None:
    assert left(every=600) > 150
    assert left(every=0.2) < 60


def test_of_a_visitor_the_values_are_kept_and_the_settings_of_the_page_are_not() -> None:
    with gr.Blocks() as page:
        box, said = gr.Textbox(), gr.State(())
        box.submit(lambda text, before: (text, (*before, text)), [box, said], [box, said], api_name="say", queue=False)
        told = gr.Textbox()
        page.load(lambda before: " ".join(before), [said], [told], api_name="told", queue=False)
    app = FastAPI()
    gr.mount_gradio_app(app, page, path="/")
    keep_less(app, page)

    def run(visitor: str, name: str, *values: str | None) -> object:
        (number,) = [number for number, known in page.fns.items() if known.api_name == name]
        sent = {"data": values, "fn_index": number, "session_hash": visitor}
        return client.post("/gradio_api/run/predict", json=sent).raise_for_status().json()["data"][0]

    with TestClient(app) as client:
        for text in ("one", "two"):
            run("ann", "say", text, None)
        run("bob", "say", "three", None)
        assert run("ann", "told", None) == "one two"
        assert run("bob", "told", None) == "three"
    sessions = list(page.state_holder.session_data.values())
    assert len(sessions) == 2
    assert not any(session.config_values for session in sessions)
