"""The chat's page without a browser: one visitor who opens it, asks, adds files and removes articles."""

from __future__ import annotations

import html
import json
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from corpus.closing import Closing

__all__ = ["PageError", "Visitor", "answer_in"]

API = "/gradio_api"
TRIES = 5
NO_CHOICE: list[Any] = [[], [], [], "", ""]

_HEADLINE = re.compile(r'<p class="qa-answer">(.*?)</p>', re.DOTALL)
_MARKED = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)
_ARTICLE = re.compile(r'href="#qa-remove-([0-9a-f]+)"')


class PageError(Exception):
    """The page answered with an error; ``str(error)`` tells which."""


class Visitor(Closing):
    """One open page with its own session; ``url`` is the server's, and ``session`` is made up as a browser does.

    ``held_back`` counts how often the server told it to come again later.

    Raises ``PageError`` and httpx's errors.
    """

    def __init__(self, url: str, session: str | None = None, *, auth: tuple[str, str] | None = None) -> None:
        self.session = session or secrets.token_hex(8)
        self.held_back = 0
        self.http = httpx.Client(base_url=url, timeout=300, trust_env=False, auth=auth)
        config = self.http.get("/config").raise_for_status().json()
        self._names = {
            component["id"]: component["props"].get("elem_id") or component["props"].get("label")
            for component in config["components"]
        }
        self._events = {
            (self._names.get(component), event): dependency["id"]
            for dependency in config["dependencies"]
            for component, event in dependency["targets"]
        }

    def close(self) -> None:
        """Leave the page, so that the server may forget what belongs to it."""
        try:
            self.queued((None, "unload"), [])
        finally:
            self.http.close()

    def ask(self, question: str) -> str:
        """The HTML of the reply in the conversation."""
        messages = self.queued(("question", "submit"), [question, None, *NO_CHOICE])[1]
        return str(messages[-1]["content"][0]["text"])

    def add(self, name: str, data: bytes) -> str:
        """Drop a file into the page; the HTML that tells what became of it."""
        path = self.upload(name, data)
        file = {"path": path, "orig_name": name, "meta": {"_type": "gradio.FileData"}}
        return str(self.queued(("files", "upload"), [[file], 0])[1])

    def upload(self, name: str, data: bytes) -> str:
        """Send a file; the place where it waits to be read."""
        return str(self._posted("upload", files={"files": (name, data)})[0])

    def remove(self, article_id: str) -> None:
        """Take an article out of what this visitor sees."""
        self.quick(("links", "click"), [None, 0], {"address": f"#qa-remove-{article_id}"})

    def listed(self, wanted: str = "") -> str:
        """The HTML of the table of articles that this visitor sees."""
        return str(self.quick(("wanted", "change"), [wanted])[0])

    def articles(self) -> list[str]:
        """The ids of the articles that this visitor sees."""
        return _ARTICLE.findall(self.listed())

    def queued(self, event: tuple[str | None, str], data: list[Any]) -> list[Any]:
        """What an event that waits its turn gives back, one value for each output."""
        sent = {"data": data, "fn_index": self.number(event), "session_hash": self.session}
        self._posted("queue/join", json=sent)
        for message in self.messages():
            if message["msg"] == "process_completed":
                if not message["success"]:
                    raise PageError(f"{event}: {message['output']}")
                return list(message["output"]["data"])
        raise PageError(f"{event}: the stream ended before the answer came")

    def quick(
        self, event: tuple[str | None, str], data: list[Any], event_data: dict[str, Any] | None = None
    ) -> list[Any]:
        """What an event that does not wait gives back."""
        sent = {"data": data, "fn_index": self.number(event), "session_hash": self.session, "event_data": event_data}
        return list(self._posted("run/predict", json=sent)["data"])

    def number(self, event: tuple[str | None, str]) -> int:
        """The number of an event, named by its component and its kind."""
        return int(self._events[event])

    def _posted(self, route: str, **body: Any) -> Any:
        """What a route answers; waits where the server says that it should come again."""
        with self._admitted("POST", route, **body) as answer:
            answer.read()
            return answer.json()

    def messages(self) -> Iterator[dict[str, Any]]:
        """What the server tells this session, until it ends the stream."""
        with self._admitted("GET", "queue/data", params={"session_hash": self.session}) as answer:
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    @contextmanager
    def _admitted(self, method: str, route: str, **sent: Any) -> Iterator[httpx.Response]:
        """The answer of a route, not yet read; comes again where and when the server says so."""
        for tried in range(TRIES):
            with self.http.stream(method, f"{API}/{route}", **sent) as answer:
                if answer.status_code == 200:
                    yield answer
                    return
                answer.read()
            if answer.status_code != 429 or tried == TRIES - 1:
                raise PageError(f"{route}: {answer.status_code} {answer.text}")
            self.held_back += 1
            time.sleep(float(answer.headers["retry-after"]))


def answer_in(reply: str) -> str | None:
    """The words that answer, out of the HTML of a reply; ``None`` where it says that there are none.

    >>> answer_in('<div><p class="qa-answer">41 million</p><mark>41 million</mark></div>')
    '41 million'
    """
    if "qa-none" in reply:
        return None
    found = _HEADLINE.search(reply) or _MARKED.search(reply)
    return html.unescape(found[1]) if found else None
