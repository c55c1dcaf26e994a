from __future__ import annotations

import pytest

from qa.commands.pace import Pace
from qa.commands.progress import told


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_nothing_is_told_before_a_file_was_read() -> None:
    clock = Clock()
    pace = Pace(5_000, clock)
    for _ in range(1_000):
        clock.now += 0.001
        pace.count(0, read=False)
    assert (pace.done, pace.speed, pace.seconds_left) == (1_000, None, None)
    assert told(pace) == "0 passages"


def test_speed_and_time_left_are_those_of_the_files_that_were_read() -> None:
    clock = Clock()
    pace = Pace(5_000, clock)
    for _ in range(3_000):  # found unchanged, in three seconds
        clock.now += 0.001
        pace.count(0, read=False)
    for _ in range(10):  # batches of a hundred files, told at once
        clock.now += 4
        for _ in range(100):
            pace.count(6, read=True)
    assert pace.speed == pytest.approx(150)
    assert pace.seconds_left == pytest.approx(1_000 * 0.04)
    assert told(pace) == "6,000 passages, 150/s, 0:00:40 left"


def test_it_follows_a_change_of_speed() -> None:
    clock = Clock()
    pace = Pace(100_000, clock)
    for step in (1.0, 3.0):
        for _ in range(200):
            clock.now += step
            pace.count(3, read=True)
    assert pace.speed == pytest.approx(1, rel=0.1)


def test_files_without_new_passages_have_no_speed() -> None:
    clock = Clock()
    pace = Pace(3, clock)
    clock.now += 1
    pace.count(0, read=True)
    assert pace.speed is None
    assert told(pace) == "0 passages, 0:00:02 left"
