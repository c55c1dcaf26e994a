from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest

from qa.web.turnstile import BusyError, Turnstile


def test_so_many_are_inside_some_wait_and_the_next_is_refused() -> None:
    async def scenario() -> tuple[list[int], int]:
        turnstile = Turnstile(at_once=2, waiting=3)
        opened, lock, inside, most = threading.Event(), threading.Lock(), 0, 0

        def work(number: int) -> int:
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
            opened.wait(30)
            with lock:
                inside -= 1
            return number

        asked = [asyncio.ensure_future(turnstile.run(partial(work, n))) for n in range(5)]
        await asyncio.sleep(0.05)
        with pytest.raises(BusyError, match="again"):
            await turnstile.run(lambda: 0)
        opened.set()
        answers = await asyncio.gather(*asked)
        assert await turnstile.run(lambda: 7) == 7
        turnstile.close()
        return answers, most

    answers, most = asyncio.run(scenario())
    assert answers == [0, 1, 2, 3, 4]
    assert most == 2


def test_an_error_is_raised_and_makes_room() -> None:
    async def scenario() -> None:
        turnstile = Turnstile(at_once=1, waiting=0)
        for _ in range(5):
            with pytest.raises(ZeroDivisionError):
                await turnstile.run(lambda: 1 // 0)
            await asyncio.sleep(0.01)
        turnstile.close()

    asyncio.run(scenario())


def test_who_goes_away_while_waiting_leaves_the_queue() -> None:
    async def scenario() -> None:
        turnstile = Turnstile(at_once=1, waiting=1)
        opened = threading.Event()
        first = asyncio.ensure_future(turnstile.run(lambda: opened.wait(30)))
        second = asyncio.ensure_future(turnstile.run(lambda: True))
        await asyncio.sleep(0.05)
        second.cancel()
        await asyncio.sleep(0.05)
        third = asyncio.ensure_future(turnstile.run(lambda: "third"))
        opened.set()
        assert await first
        assert await third == "third"
        turnstile.close()

    asyncio.run(scenario())
