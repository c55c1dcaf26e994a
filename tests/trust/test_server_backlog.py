from __future__ import annotations

from types import SimpleNamespace

import pytest

from chat.backlog import UNFETCHED, Backlog


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
