from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from benchmarks.load.__main__ import measured
from benchmarks.load.articles import stories
from benchmarks.load.measure import Kind, slope
from benchmarks.load.page import Visitor, answer_in

if TYPE_CHECKING:
    from tests.trust.conftest import Tally


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_askers_side_by_side_each_get_their_own_answer(tally: Tally) -> None:
    """The full run is ``python -m benchmarks.load``; five seconds tell nothing of memory."""
    figures = measured(askers=10, seconds=5.0, warm_up=0.0)
    asked = sum(kind["requests"] for kind in figures["kinds"].values())
    failed = sum(kind["errors"] + kind["wrong"] for kind in figures["kinds"].values())
    tally("questions of askers side by side", asked, asked - failed)
    assert figures["faults"] == []
    assert figures["different_answers"] > 100
    assert all(kind["requests"] > 0 for kind in figures["kinds"].values())


def test_every_story_has_an_answer_of_its_own() -> None:
    told = list(stories())
    assert len(told) == 120
    assert len({story.sum for story in told}) == len({story.place for story in told}) == len(told)
    for story in told:
        assert story.text.count(story.sum) == 1
        assert story.place in story.question


def test_the_figures_of_a_kind() -> None:
    kind = Kind("page", seconds=[float(second) for second in range(1, 101)], errors=["x"], wrong=["y"])
    figures = kind.figures()
    assert (figures["requests"], figures["errors"], figures["wrong"]) == (101, 1, 1)
    assert (figures["p50"], figures["p95"], figures["longest"]) == (50.5, 95.05, 100.0)
    assert Kind("none").figures()["p99"] == 0.0


def test_growth_is_seen_and_a_start_is_not_taken_for_it() -> None:
    assert slope([(float(second), 1_000 * second, 0) for second in range(20)]) == pytest.approx(1_000)
    assert slope([(float(second), min(second, 5) * 1_000, 0) for second in range(20)]) == pytest.approx(0, abs=1e-6)
    assert slope([]) == 0.0


def test_the_answer_is_read_out_of_the_page() -> None:
    assert answer_in('<div class="qa-reply"><p class="qa-answer">41&#46;5 million</p></div>') == "41.5 million"
    assert answer_in("<blockquote>it cost <mark>41</mark> million</blockquote>") == "41"
    assert answer_in('<p class="qa-answer qa-none">Not in these articles.</p><mark>x</mark>') is None


class _Busy(BaseHTTPRequestHandler):
    """A page that lets the question in and tells the stream of answers, once, to come again."""

    refused = False

    def do_GET(self) -> None:
        if self.path == "/config":
            self._send(b'{"components": [], "dependencies": [{"id": 0, "targets": [[null, "unload"]]}]}')
        elif not _Busy.refused:
            _Busy.refused = True
            self._send(b"come again", 429)
        else:
            self._send(b'data: {"msg": "process_completed", "success": true, "output": {"data": ["heard"]}}\n\n')

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send(b"{}")

    def _send(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def busy() -> Iterator[str]:
    _Busy.refused = False
    with ThreadingHTTPServer(("127.0.0.1", 0), _Busy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_visitor_hears_the_answer_though_the_stream_was_told_to_come_again(busy: str) -> None:
    with Visitor(busy) as visitor:
        assert visitor.queued((None, "unload"), []) == ["heard"]
        assert visitor.held_back == 1
