from __future__ import annotations

import json
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.load.page import PageError, Visitor, answer_in
from tests.trust.running import LEAKS, Running

if TYPE_CHECKING:
    from tests.trust.conftest import Tally

pytestmark = pytest.mark.timeout(600)

SECRET = b"The bridge of Tarn\n\nThe bridge of Tarn cost 41 million dinar, said the engineer Lena Ossk on Monday."
ASKED = "How much did the bridge of Tarn cost?"


@pytest.fixture(scope="module")
def ann(server: Running) -> Iterator[Visitor]:
    """A visitor with a file of her own and a talk about it."""
    with Visitor(server.url) as visitor:
        assert "added" in visitor.add("tarn.txt", SECRET)
        assert answer_in(visitor.ask(ASKED)) == "41 million dinar"
        yield visitor


@pytest.fixture
def bob(server: Running) -> Iterator[Visitor]:
    with Visitor(server.url) as visitor:
        yield visitor


def test_another_visitor_sees_neither_file_nor_talk(server: Running, ann: Visitor, bob: Visitor) -> None:
    assert "41 million" not in bob.ask(ASKED)
    assert len(bob.articles()) + 1 == len(ann.articles())
    talk = bob.quick(("save", "click"), [None])[0]
    assert "Tarn" in talk  # his own question, and nothing of hers
    assert "41 million" not in talk
    for path in ("/articles", "/search?q=bridge+of+Tarn", "/facets", "/config"):
        assert "41 million" not in server.request("GET", path).text


def test_a_visitor_cannot_remove_what_is_not_theirs(ann: Visitor, bob: Visitor) -> None:
    own = (set(ann.articles()) - set(bob.articles())).pop()
    bob.remove(own)
    assert own in ann.articles()
    shared = bob.articles()[0]
    bob.remove(shared)
    assert shared not in bob.articles()
    assert shared in ann.articles()


def test_guessed_sessions_and_events_tell_nothing(server: Running, ann: Visitor, tally: Tally) -> None:
    near = [ann.session[:-1] + digit for digit in "0123456789abcdef" if digit != ann.session[-1]]
    guesses = [*near, *(secrets.token_hex(8) for _ in range(60)), "", "*", "%", "..", "null", "undefined"]
    paths = [f"/gradio_api/queue/data?session_hash={guess}" for guess in guesses]
    paths += [f"/gradio_api/call/ask/{guess}" for guess in guesses]
    answers = {path: server.request("GET", path).text for path in paths}
    tells = ("41 million", "process_completed", "complete")
    telling = [path for path, told in answers.items() if any(word in told for word in tells) or LEAKS.search(told)]
    tally("guessed sessions and events", len(paths), len(paths) - len(telling))
    assert telling == []


def test_a_talk_cannot_be_sent_in_by_a_visitor(bob: Visitor) -> None:
    """What is kept for a session is the server's: a value that a client sends in its place counts for nothing."""
    forged = [{"question": "Who?", "said": "41 million", "shown": "<b>41 million</b>", "failed": False}]
    messages = bob.queued(("question", "submit"), ["What is the mirror?", forged, [], [], [], "", ""])[1]
    assert len(messages) == 2
    assert "41 million" not in json.dumps(messages)


def test_an_upload_cannot_be_named_by_guessing(server: Running, ann: Visitor, bob: Visitor) -> None:
    waiting = ann.upload("waiting.txt", SECRET)
    other = bob.upload("own.txt", b"A note.")
    assert waiting.split("/")[-2] != other.split("/")[-2]
    inbox = Path(waiting).parents[1]
    guesses = [
        str(server.library / "library.db"),
        "/etc/passwd",
        str(inbox / ("0" * 64) / "waiting.txt"),
        f"{Path(other).parent}/../../../../../etc/passwd",
        str(inbox.parent),
    ]
    for guess in guesses:
        file = {"path": guess, "orig_name": "a.txt", "meta": {"_type": "gradio.FileData"}}
        try:
            told = str(bob.queued(("files", "upload"), [[file], 0])[1])
        except PageError as error:
            told = str(error)
        assert "added" not in told
        assert not LEAKS.search(told.replace(guess, ""))


def test_uploads_lie_where_no_other_user_of_the_machine_may_look(ann: Visitor) -> None:
    waiting = Path(ann.upload("private.txt", SECRET))
    assert waiting.is_file()
    modes = [
        stat.S_IMODE(folder.stat().st_mode) for folder in waiting.parents if folder.name.startswith("qa-visitors-")
    ]
    assert modes == [0o700]


def test_ratings_are_told_to_nobody(server: Running, ann: Visitor) -> None:
    thumb = {"index": 1, "value": "x", "liked": True}
    ann.quick(("conversation", "like"), [None], thumb)
    kept = server.log.with_name("ratings.jsonl")
    assert "41 million" in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for path in ("/ratings.jsonl", "/static/ratings.jsonl", "/config", "/"):
        assert "verdict" not in server.request("GET", path).text


@pytest.mark.parametrize("index", [7, -1, [3, 0]])
def test_a_rating_of_no_answer_is_refused(server: Running, bob: Visitor, index: object) -> None:
    before = (
        server.log.with_name("ratings.jsonl").stat().st_size if server.log.with_name("ratings.jsonl").exists() else 0
    )
    bob.quick(("conversation", "like"), [None], {"index": index, "value": "x", "liked": True})
    after = server.log.with_name("ratings.jsonl")
    assert (after.stat().st_size if after.exists() else 0) == before


def test_what_a_visitor_added_goes_when_they_leave(server: Running) -> None:
    visitor = Visitor(server.url)
    visitor.add("tarn.txt", SECRET)
    session = visitor.session
    visitor.close()
    with Visitor(server.url, session) as again:
        assert "Tarn" not in again.listed()
