"""What waits in the page's queue, by whom, and what nobody will fetch any more."""

from __future__ import annotations

import gradio as gr

from qa.web.rates import client_of

__all__ = ["Backlog"]

UNFETCHED = 4_000
"""Sessions with answers that were not fetched; the queue itself keeps the messages of 2,000."""


class Backlog:
    """The queue of a page."""

    def __init__(self, page: gr.Blocks) -> None:
        self._page = page

    def waiting(self, client: str) -> int:
        """How many questions of a client wait; forgets on the way what was asked and never fetched."""
        self._forget()
        queues = self._page._queue.event_queue_per_concurrency_id.values()
        senders = (event.request.client for queue in queues for event in queue.queue)
        return sum(sender is not None and client_of(sender.host) == client for sender in senders)

    def _forget(self) -> None:
        """Drop what is noted of sessions whose messages are gone: the queue itself would keep it for good."""
        queue = self._page._queue
        if len(queue.pending_event_ids_session) > UNFETCHED:
            kept = queue.pending_messages_per_session
            for session in [name for name in queue.pending_event_ids_session if name not in kept]:
                del queue.pending_event_ids_session[session]
