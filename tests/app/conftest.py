"""The real program in a real browser, for the tests of the chat."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from qa.web.passwords import add_user

USER = ("ann", "correct horse")
ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "artifacts"
PROGRAM = [sys.executable, str(ROOT / "app.py")]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START = 240  # seconds for the models to load on a machine that does much else
PATIENCE = 90_000  # milliseconds for one answer there

Serve = Callable[..., AbstractContextManager[str]]
Open = Callable[..., AbstractContextManager["Visit"]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(library: Path, log: Path, *options: str) -> Iterator[str]:
    """The program over a library, started with some options and ready; its address."""
    port = free_port()
    environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE", "PYTHONUNBUFFERED": "1"}
    with log.open("w") as output:
        ratings = log.with_name("ratings.jsonl")
        command = [*PROGRAM, "--port", str(port), "--library", str(library), "--ratings", str(ratings)]
        command += options
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        deadline = time.monotonic() + START
        while "ready" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        assert f"http://127.0.0.1:{port}/" in log.read_text()
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(120)


class Visit:
    """An open page with what it asked of the network and every dialog it tried to show."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.page.get_by_label("Your question").wait_for(timeout=PATIENCE)

    def ask(self, question: str) -> Any:
        """Type a question, press Enter, and wait for what comes back; the last message shown."""
        shown = self.page.locator("#conversation .qa-reply, #conversation .qa-notice")
        before = shown.count()
        self.page.get_by_label("Your question").fill(question)
        self.page.get_by_label("Your question").press("Enter")
        self.wait(before + 1)
        return shown.last

    def wait(self, count: int) -> None:
        self.page.wait_for_function(
            """count => {
                const shown = document.querySelectorAll('#conversation .qa-reply, #conversation .qa-notice');
                return shown.length === count && !shown[count - 1].textContent.includes('Reading…');
            }""",
            arg=count,
            timeout=PATIENCE,
        )

    def panel(self) -> Any:
        """What stands beside the chat, once an article is shown there."""
        paper = self.page.locator("#source .qa-paper")
        paper.wait_for(timeout=PATIENCE)
        return paper

    def hit(self, text: str) -> Any:
        """The marked place beside the chat, once it reads ``text``."""
        self.page.wait_for_function(
            "text => document.querySelector('#qa-hit')?.textContent === text", arg=text, timeout=PATIENCE
        )
        return self.page.locator("#qa-hit")

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def outside(self) -> list[str]:
        local = re.compile(r"^(http://127\.0\.0\.1:|data:|blob:|about:)")
        return [url for url in self.requests if not local.match(url)]

    def picture(self, name: str) -> None:
        ARTIFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=str(ARTIFACTS / f"{name}.png"))


@pytest.fixture(scope="package")
def server_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the server behind ``address``: what it printed, and the ratings that it keeps."""
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="package")
def address(library_folder: Path, server_files: Path) -> Iterator[str]:
    """The address of the chat over two small articles."""
    with served(library_folder, server_files / "log.txt") as url:
        yield url


@pytest.fixture(scope="package")
def guarded_address(library_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat that asks for ``USER`` and offers tools to assistants."""
    folder = tmp_path_factory.mktemp("guarded")
    add_user(folder / "users.txt", *USER)
    with served(library_folder, folder / "log.txt", "--auth", str(folder / "users.txt"), "--mcp") as url:
        yield url


@pytest.fixture(scope="session")
def serve() -> Serve:
    """Serves another library; takes its folder, a file for what the program prints, and options."""
    return served


# Of one module only: while the browser's driver runs, its event loop stands in the way of any other test's.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def visiting(browser: Any) -> Open:
    """Opens an address in a browser window of its own, which takes the window's options."""

    @contextmanager
    def visiting(url: str, **options: Any) -> Iterator[Visit]:
        opened = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        try:
            visit = Visit(opened.new_page())
            visit.open(url)
            yield visit
        finally:
            opened.close()

    return visiting


@pytest.fixture
def visit(visiting: Open, address: str) -> Iterator[Visit]:
    """The chat in a window, which must ask nothing of other hosts, show no dialog and throw no error."""
    with visiting(address) as opened:
        yield opened
        assert opened.outside() == []
        assert opened.dialogs == []
        assert opened.errors == []
