"""Work in a thread of its own: in order, only so far ahead, its errors told, ended when nobody wants more."""

from __future__ import annotations

import threading
import time

import pytest

from index.read_ahead import ReadAhead


def taken(ahead: ReadAhead[int]) -> list[int]:
    found = []
    while not ahead.is_over:
        item = ahead.take(5)
        if item is not None:
            found.append(item)
    return found


def test_all_items_come_in_order() -> None:
    def produce(put) -> None:
        for number in range(1000):
            put(number)

    with ReadAhead[int](produce, weigh=lambda item: 1, room=10) as ahead:
        assert taken(ahead) == list(range(1000))
        assert ahead.take() is None


def test_it_runs_ahead_as_far_as_there_is_room() -> None:
    made: list[int] = []

    def produce(put) -> None:
        for weight in (4, 4, 4, 50, 1):
            made.append(weight)
            put(weight)

    with ReadAhead[int](produce, weigh=lambda item: item, room=10) as ahead:
        time.sleep(0.2)
        assert made == [4, 4, 4], "the third is made and waits for room"
        assert [ahead.take(5) for _ in range(3)] == [4, 4, 4]
        assert ahead.take(5) == 50, "one item may weigh more than the room"
        assert taken(ahead) == [1]


def test_waiting_for_an_item_can_end_without_one() -> None:
    go_on = threading.Event()

    def produce(put) -> None:
        go_on.wait(10)
        put(1)

    with ReadAhead[int](produce, weigh=lambda item: 1, room=1) as ahead:
        assert ahead.take(0.05) is None
        assert not ahead.is_over
        go_on.set()
        assert ahead.take(10) == 1


def test_an_error_comes_after_the_items_before_it() -> None:
    def produce(put) -> None:
        put(1)
        raise OSError("the disk is gone")

    with ReadAhead[int](produce, weigh=lambda item: 1, room=9) as ahead:
        assert ahead.take(5) == 1
        with pytest.raises(OSError, match="disk is gone"):
            ahead.take(5)
        assert ahead.is_over


def test_leaving_ends_the_thread() -> None:
    before = threading.active_count()

    def produce(put) -> None:
        number = 0
        while True:
            put(number := number + 1)

    with ReadAhead[int](produce, weigh=lambda item: 1, room=3) as ahead:
        assert ahead.take(5) == 1
    assert threading.active_count() == before
