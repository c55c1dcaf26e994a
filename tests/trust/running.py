"""The real program as a process of its own, and requests to it that no well-behaved client would send."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.app.conftest import PROGRAM, ROOT, START, free_port

LEAKS = re.compile(
    r"Traceback|File \"|site-packages|SQLite format|root:x:0|\bat 0x[0-9a-f]{6}|(?<![\w/])/(?:home|root|usr|etc|var)/\w"
)
"""What no answer may hold: how the program is made, and where it and its files lie."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: 0 where the connection was closed without an answer."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is up."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    library: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def memory(self) -> int:
        """Resident bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024

    def send(self, raw: bytes, wait: float = 30.0) -> Answer:
        """Send bytes as they are, and read one answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            connection.sendall(raw)
            return read_answer(connection)

    def request(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send a request whose target nobody tidies up; ``Host`` is right unless given, "-" leaves a header out.

        Waits where the server says that it should come again.
        """
        named = {"Host": f"127.0.0.1:{self.port}", "Connection": "close"}
        if body is not None:
            named |= {"Content-Length": str(len(body)), "Content-Type": "application/json"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items() if value != "-")]
        raw = "\r\n".join([*head, "", ""]).encode("latin-1") + (body or b"")
        answer = self.send(raw)
        while answer.status == 429 and "many requests" in answer.text:
            time.sleep(1.0)
            answer = self.send(raw)
        return answer


def read_answer(connection: socket.socket) -> Answer:
    """The first answer on a connection, as far as it comes; an endless one only until it pauses."""
    data = b""
    try:
        while not _is_whole(data):
            part = connection.recv(65_536)
            if not part:
                break
            data += part
    except (ConnectionError, TimeoutError):
        pass
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    if not lines[0].startswith("HTTP/"):
        return Answer(0, {}, "")
    pairs = (line.partition(":") for line in lines[1:])
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Answer(int(lines[0].split()[1]), headers, body.decode("utf-8", "replace"))


def _is_whole(data: bytes) -> bool:
    head, ended, body = data.partition(b"\r\n\r\n")
    if not ended:
        return False
    length = re.search(rb"(?i)^content-length:\s*(\d+)", head, re.MULTILINE)
    if length:
        return len(body) >= int(length[1])
    return body.endswith(b"0\r\n\r\n") or b"text/event-stream" in head


@contextmanager
def running(library: Path, folder: Path, *options: str) -> Iterator[Running]:
    """The program over a library, started with some options and ready."""
    folder.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), folder / "log.txt"
    command = [*PROGRAM, "--port", str(port), "--library", str(library), "--ratings", str(folder / "ratings.jsonl")]
    environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE", "PYTHONUNBUFFERED": "1"}
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, *options], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
    try:
        server = Running(port, process, log, library)
        deadline = time.monotonic() + START
        while "ready" not in server.printed():
            assert process.poll() is None, server.printed()
            assert time.monotonic() < deadline, server.printed()
            time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(120)
