from __future__ import annotations

import pytest

from qa.web.rates import REMEMBERED, Rates, client_of


def test_a_burst_passes_and_then_as_many_as_time_allows() -> None:
    now = [100.0]
    rates = Rates(per_second=2.0, burst=3, clock=lambda: now[0])
    assert [rates.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    now[0] += 0.5
    assert rates.take("a") == 0.0
    assert rates.take("a") == pytest.approx(0.5)
    now[0] += 1_000
    assert [rates.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]


def test_refused_requests_cost_nothing() -> None:
    now = [0.0]
    rates = Rates(per_second=1.0, burst=1, clock=lambda: now[0])
    rates.take("a")
    for _ in range(100):
        assert rates.take("a") > 0
    now[0] = 1.0
    assert rates.take("a") == 0.0


def test_the_memory_is_bounded() -> None:
    rates = Rates(clock=lambda: 0.0)
    for number in range(REMEMBERED + 50):
        rates.take(str(number))
    assert len(rates._left) == REMEMBERED


def test_addresses_of_one_network_count_as_one_client() -> None:
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff:1") != client_of("2001:db8:0:1::1")
    assert client_of("::ffff:192.0.2.7") == client_of("192.0.2.7")
    assert client_of("fe80::1%eth0") == client_of("fe80::2")
    assert client_of("testclient") == "testclient"
