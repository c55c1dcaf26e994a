from __future__ import annotations

import base64
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.load.page import Visitor, answer_in
from qa.web.open_routes import OPEN, OPEN_BELOW_PAGE, OPEN_TO_PAGE
from qa.web.passwords import Hash, Passwords, add_user
from tests.trust.running import LEAKS, Running, running

if TYPE_CHECKING:
    from tests.trust.conftest import Tally

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

USER = ("ann", "correct horse")


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture(scope="module")
def guarded(library_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("passwords")
    add_user(folder / "users.txt", *USER)
    with running(library_folder, folder, "--auth", str(folder / "users.txt"), "--mcp") as server:
        # Whoever was in before is not kept out by others behind the same address who guess.
        assert server.request("GET", "/articles", Authorization=basic(*USER)).status == 200
        yield server


def test_every_route_asks_for_a_password(guarded: Running, tally: Tally) -> None:
    page = [f"/gradio_api{path}" for path in [*OPEN_TO_PAGE, *(f"{below}x" for below in OPEN_BELOW_PAGE)]]
    programs = ["/ask", "/search?q=x", "/articles", "/articles/x", "/facets", "/health", "/mcp"]
    files = ["/assets/x.js", "/static/x"]
    paths = [*sorted(OPEN), *page, *programs, *files]
    answers = [
        guarded.request(method, path, b"{}" if method == "POST" else None)
        for path in paths
        for method in ("GET", "POST", "HEAD", "DELETE", "OPTIONS", "TRACE")
    ]
    refused = [answer for answer in answers if answer.status == 401 and not LEAKS.search(answer.text)]
    tally("routes and methods that ask for a password", len(answers), len(refused))
    assert len(refused) == len(answers), {answer.status for answer in answers}
    assert all("www-authenticate" in answer.headers for answer in refused)


def test_credentials_of_every_wrong_form_are_refused(guarded: Running, tally: Tally) -> None:
    wrong = [
        "Basic",
        "Basic " + "A" * 8_000,
        "Basic !!!",
        "Basic " + base64.b64encode(b"ann").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Bearer x",
        "Digest username=ann",
        basic("ANN", USER[1]),
        basic("ann", ""),
        basic("ann", USER[1] + "\0"),
        basic("", ""),
        basic("ann\n", USER[1]),
    ]
    answers = [guarded.request("GET", "/articles", Authorization=header) for header in wrong]
    refused = sum(answer.status in (400, 401, 429) for answer in answers)
    tally("wrong credentials", len(wrong), refused)
    assert refused == len(wrong)
    assert guarded.request("GET", "/articles", Authorization=basic(*USER)).status == 200
    assert "correct horse" not in guarded.printed()


def test_guessing_becomes_slow_whatever_the_route_and_does_not_keep_the_user_out(guarded: Running) -> None:
    assert guarded.request("GET", "/articles", Authorization=basic(*USER)).status == 200
    paths = ["/", "/articles", "/gradio_api/info", "/mcp", "/docs"] * 4
    statuses = [
        guarded.request("GET", path, Authorization=basic("ann", f"guess {number}")).status
        for number, path in enumerate(paths)
    ]
    assert statuses.count(401) <= 6
    assert statuses[-1] == 429
    assert guarded.request("GET", "/articles", Authorization=basic(*USER)).status == 200


def test_a_user_asks_and_adds(guarded: Running) -> None:
    with Visitor(guarded.url, auth=USER) as visitor:
        assert answer_in(visitor.ask("How much did the city pay for the track?")) == "212 million korun"
        added = visitor.add(
            "tarn.txt", b"The bridge of Tarn\n\nThe bridge of Tarn cost 41 million dinar, the mayor said."
        )
        assert "added" in added


def test_a_name_that_there_is_takes_as_long_as_one_that_there_is_not() -> None:
    passwords = Passwords({"ann": Hash.of("correct horse")})

    def seconds(name: str, password: str) -> float:
        began = time.perf_counter()
        assert not passwords.admits(basic(name, password))
        return time.perf_counter() - began

    pairs = [(seconds("ann", f"x{n}"), seconds("nobody", f"x{n}"), seconds("ann", "correct horsf")) for n in range(15)]
    known, unknown, near = (statistics.median(column) for column in zip(*pairs, strict=True))
    assert max(known, unknown, near) < 1.5 * min(known, unknown, near)
