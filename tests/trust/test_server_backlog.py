from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from chat.backlog import UNFETCHED, Backlog
from chat.desk import Desk
from chat.menu import place_menu
from chat.talk import place_talk, wire_talk
from qa.conversation import MOST_TURNS, Turn
from qa.offline import SWITCHES, stay_offline
from qa.ratings import Ratings


def page_with(*hosts: str | None, sessions: int = 0, kept: int = 0) -> SimpleNamespace:
    """A page in whose queue these clients wait, and so many sessions have not fetched what they asked for."""
    events = [SimpleNamespace(request=SimpleNamespace(client=host and SimpleNamespace(host=host))) for host in hosts]
    queue = SimpleNamespace(
        event_queue_per_concurrency_id={"engine": SimpleNamespace(queue=events)},
        pending_event_ids_session={str(number): {"x"} for number in range(sessions)},
        pending_messages_per_session={str(number): None for number in range(kept)},
    )
    return SimpleNamespace(_queue=queue)


def test_the_questions_of_each_client_are_counted() -> None:
    backlog = Backlog(page_with("192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::2", None))
    assert backlog.waiting("192.0.2.1") == 2
    assert backlog.waiting("2001:db8::/64") == 2
    assert backlog.waiting("192.0.2.9") == 0


@pytest.mark.parametrize(("sessions", "left"), [(UNFETCHED, UNFETCHED), (UNFETCHED + 1, 10)])
def test_what_nobody_fetches_is_not_kept_for_good(sessions: int, left: int) -> None:
    page = page_with(sessions=sessions, kept=10)
    Backlog(page).waiting("192.0.2.1")
    assert len(page._queue.pending_event_ids_session) == left


def test_the_framework_keeps_no_account_of_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """It kept the last 10,000 and counted them up anew after each one."""
    for name in (*SWITCHES, "NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")
    stay_offline()
    queue = gr.Blocks().queue()._queue
    assert queue.ANALYTICS_MAX_EVENTS <= 100
    assert queue.ANAYLTICS_CACHE_FREQUENCY > 1_000_000  # as it is spelled there


def test_a_conversation_that_is_full_takes_no_more_questions(tmp_path: Path) -> None:
    """All of it is kept and shown anew with each question: one visitor could have filled the memory."""
    with gr.Blocks() as page:
        nobody: Any = None  # no visitor is asked for once a conversation is full
        wire_talk(Desk(nobody, Ratings(tmp_path / "ratings.jsonl")), place_talk([]), place_menu(), gr.HTML())
    (respond,) = [event.fn for event in page.fns.values() if event.fn and event.fn.__name__ == "respond"]
    full = (Turn("Who?", "", ""),) * MOST_TURNS
    with pytest.warns(UserWarning, match="conversation is full"):
        shown = list(respond("And then?", full, gr.Request(), [], [], [], "", ""))
    assert shown == [(gr.skip(),) * 4]
