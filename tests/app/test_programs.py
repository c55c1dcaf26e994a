from __future__ import annotations

import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

APP = Path(__file__).resolve().parents[2] / "app.py"
START = 240  # seconds

pytestmark = pytest.mark.timeout(600)


def command(port: int, library: Path) -> list[str]:
    return [sys.executable, str(APP), "--port", str(port), "--library", str(library)]


def test_a_program_gets_the_answer_as_json(address: str) -> None:
    client = Client(address, verbose=False, analytics_enabled=False)
    answer = client.predict("How much did the city pay for the track?", api_name="/ask")
    assert answer["answered"] is True
    assert "212 million" in answer["answer"]
    assert answer["citations"][0]["quote"] == answer["answer"]
    assert set(answer) == {
        "question",
        "answer",
        "answered",
        "confidence",
        "citations",
        "alternatives",
        "timings_ms",
    }
    with pytest.raises(AppError, match="2,000 are allowed"):
        client.predict("why " * 750, api_name="/ask")
    with pytest.raises(AppError, match="history"):
        client.predict("Who?", [{"role": "system", "content": "x"}], api_name="/ask")


def test_twenty_askers_each_get_their_own_answer(address: str) -> None:
    expected = {
        "How much did the city pay for the track?": "212 million",
        "How many passengers were on board the first tram?": "64",
        "What does the mirror measure?": "3.6 metres",
        "Who is the head of the transport office?": "Tomas Weil",
    }
    questions = list(expected) * 5
    clients = [Client(address, verbose=False, analytics_enabled=False) for _ in questions]
    together = threading.Barrier(len(questions))

    def ask(pair: tuple[Client, str]) -> Any:
        together.wait(60)
        return pair[0].predict(pair[1], api_name="/ask")

    with ThreadPoolExecutor(len(questions)) as pool:
        answers = list(pool.map(ask, zip(clients, questions, strict=True)))
    assert [answer["question"] for answer in answers] == questions
    for question, answer in zip(questions, answers, strict=True):
        assert expected[question] in answer["answer"]


def test_a_taken_port_is_one_line_with_the_remedy(library_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(command(port, library_folder), capture_output=True, text=True, timeout=START)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"--port {port + 1}" in done.stderr


def test_a_missing_library_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    done = subprocess.run(command(port, tmp_path / "none"), capture_output=True, text=True, timeout=START)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert str(tmp_path / "none") in done.stderr
