"""Nobody is called: everything runs in a network namespace without a route, and every try to leave is recorded.

Tries are seen twice: by an audit hook in every Python process, and, where ``strace`` is installed, in the calls of
every process to the kernel. Where the kernel allows no namespaces, the watchers alone must find nothing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.app.conftest import ROOT

if TYPE_CHECKING:
    from tests.trust.conftest import Tally

pytestmark = pytest.mark.timeout(600)

PAID = "How much did the city pay for the track?"
NAMESPACE = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
STRACE = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o"]
HOOK = """
import os, sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        host = arguments[1][0] if isinstance(arguments[1], tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if name not in ("", "localhost", "::1", "0.0.0.0") and not name.startswith("127."):
        with open(os.environ["OFFLINE_LOG"], "a") as log:
            log.write(f"{event} {host!r}\\n")
sys.addaudithook(watch)
"""
# A name is asked for on port 53, of a resolver on this machine too.
REACHED = re.compile(r'(AF_INET6?).*?(?:sin6?_port=htons\((\d+)\)).*?"([^"]+)"')
TOLD = ("DO_NOT_TRACK", "GRADIO_", "HF_", "TRANSFORMERS_")


@dataclass(frozen=True, slots=True)
class Run:
    """What a command printed, and every try of it or its children to leave this machine."""

    code: int
    out: str
    tries: list[str]


def has_namespaces() -> bool:
    try:
        return subprocess.run([*NAMESPACE, "true"], capture_output=True, timeout=30).returncode == 0
    except OSError:
        return False


MEANS = ", ".join(
    ["audit hook"]
    + (["strace"] if shutil.which("strace") else [])
    + (["network namespace"] if has_namespaces() else [])
)


def run_cut_off(folder: Path, *command: str) -> Run:
    """Run a command in a namespace without a route; the environment sets none of the libraries' own switches."""
    hook, log, calls = folder / "hook", folder / "tries.txt", folder / "calls.txt"
    hook.mkdir(exist_ok=True)
    (hook / "sitecustomize.py").write_text(HOOK)
    log.write_text("")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(TOLD)}
    path = os.pathsep.join([str(hook), str(ROOT)])
    environment = {**kept, "PYTHONPATH": path, "OFFLINE_LOG": str(log), "OMP_WAIT_POLICY": "PASSIVE"}
    wrapped = [*([*NAMESPACE] if "namespace" in MEANS else [])]
    wrapped += [*STRACE, str(calls)] if "strace" in MEANS else []
    done = subprocess.run(
        [*wrapped, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=500, check=False
    )
    tries = log.read_text().splitlines()
    tries += [line for line in calls.read_text().splitlines() if _leaves(line)] if calls.exists() else []
    return Run(done.returncode, done.stdout + done.stderr, tries)


def _leaves(call: str) -> bool:
    found = REACHED.search(call)
    return found is not None and (found[2] == "53" or not (found[3].startswith("127.") or found[3] == "::1"))


def qa(folder: Path, *arguments: str) -> Run:
    return run_cut_off(folder, sys.executable, "-m", "qa", *arguments)


def test_a_try_to_leave_is_seen(tmp_path: Path) -> None:
    code = "import socket\ntry: socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError: pass"
    run = run_cut_off(tmp_path, sys.executable, "-c", code)
    assert len(run.tries) >= (2 if "strace" in MEANS else 1), run
    code = "import socket\ntry: socket.getaddrinfo('example.org', 80)\nexcept OSError: pass"
    assert run_cut_off(tmp_path, sys.executable, "-c", code).tries
    assert not run_cut_off(tmp_path, sys.executable, "-c", "print('hello')").tries


def test_listing_calls_nobody(tmp_path: Path, library_folder: Path, tally: Tally) -> None:
    run = qa(tmp_path, "list", "--library", str(library_folder))
    tally(f"commands without a network ({MEANS})", 1, int(run.code == 0 and not run.tries))
    assert (run.code, run.tries) == (0, []), run.out
    assert "Tram line 4" in run.out


@pytest.mark.slow
def test_every_command_calls_nobody_and_works(tmp_path: Path, articles_folder: Path, tally: Tally) -> None:
    library, gold, asked = str(tmp_path / "library"), tmp_path / "gold.jsonl", tmp_path / "asked.jsonl"
    asked.write_text(json.dumps({"id": "1", "question": PAID}) + "\n")
    gold.write_text(
        json.dumps({"id": "1", "question": PAID, "answers": [{"article": "tramway", "text": "212 million korun"}]})
        + "\n"
    )
    predicted, report = tmp_path / "predicted.jsonl", tmp_path / "report.html"
    commands = {
        "add": ["add", str(articles_folder), "--library", library],
        "list": ["list", "--library", library],
        "ask": ["ask", PAID, "--library", library],
        "search": ["search", "telescope", "--library", library],
        "predict": ["predict", "--input", str(asked), "--output", str(predicted), "--library", library],
        "evaluate": ["evaluate", str(gold), "--library", library, "--report", str(report)],
        "doctor": ["doctor"],
    }
    runs = {name: qa(tmp_path, *arguments) for name, arguments in commands.items()}
    well = sum(run.code == 0 and not run.tries for run in runs.values())
    tally(f"commands without a network ({MEANS})", len(runs), well)
    assert {name: run.tries for name, run in runs.items() if run.tries} == {}
    assert {name: run.out for name, run in runs.items() if run.code} == {}
    assert "212 million" in runs["ask"].out
    assert "212 million" in predicted.read_text()
    assert not re.search(r'(?:src|href)="(?:https?:)?//', report.read_text())


@pytest.mark.slow
def test_the_default_library_is_built_without_a_network(tmp_path: Path, tally: Tally) -> None:
    place = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in place.items():
            patch.setenv(name, value)
        run = qa(tmp_path, "list")
    tally(f"commands without a network ({MEANS})", 1, int(run.code == 0 and not run.tries))
    assert (run.code, run.tries) == (0, []), run.out


@pytest.mark.slow
def test_the_chat_calls_nobody_and_answers(tmp_path: Path, library_folder: Path, tally: Tally) -> None:
    chat = ["-m", "tests.trust.offline_chat", str(library_folder), str(tmp_path / "chat")]
    run = run_cut_off(tmp_path, sys.executable, *chat)
    tally(f"the chat without a network ({MEANS})", 1, int(run.code == 0 and not run.tries))
    assert (run.code, run.tries) == (0, []), run.out
    assert run.out.strip().endswith("212 million korun; True; 41 million dinar")


def test_a_python_socket_of_the_chat_cannot_leave() -> None:
    code = """
import socket
from qa.offline import refuse_outside
refuse_outside("articles.example")
tried = [
    lambda: socket.create_connection(("192.0.2.1", 80), 1),
    lambda: socket.getaddrinfo("example.org", 80),
    lambda: socket.gethostbyname("example.org"),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
    lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 80)),
]
for call in tried:
    try:
        call()
    except PermissionError as error:
        print(error)
listening = socket.create_server(("127.0.0.1", 0))
socket.create_connection(listening.getsockname()).close()
socket.getaddrinfo("0.0.0.0", 80)
print("here:", socket.getaddrinfo("localhost", 80)[0][0].name)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.count("opens no connections to other machines") == 5
    assert "here: AF_INET" in done.stdout
