from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import InputError
from qa.web.passwords import Passwords, add_user
from qa.web.users import VARIABLE, new_user

APP = Path(__file__).resolve().parents[3] / "app.py"


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_a_file_of_users_lets_them_in_and_holds_no_password(tmp_path: Path) -> None:
    file = tmp_path / "users.txt"
    add_user(file, "ann", "correct horse")
    add_user(file, "bo b", "a:b:c:d:e")
    add_user(file, "ann", "another horse")
    text = file.read_text()
    assert text.count("\n") == 2
    assert "horse" not in text
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    passwords = Passwords.load(file)
    assert not passwords.admits(basic("ann", "correct horse"))
    assert not passwords.knows(basic("ann", "another horse"))
    for name, password in (("ann", "another horse"), ("bo b", "a:b:c:d:e")):
        assert passwords.admits(basic(name, password))
        assert passwords.knows(basic(name, password))
        assert not passwords.knows(basic(name, f"{password} "))
    assert not passwords.admits(basic("", ""))


@pytest.mark.parametrize(
    ("name", "password"), [("a:b", "long enough"), ("", "long enough"), ("ann", "short"), ("a\nb", "x" * 9)]
)
def test_names_and_passwords_that_cannot_be_used_are_refused(tmp_path: Path, name: str, password: str) -> None:
    with pytest.raises(InputError):
        add_user(tmp_path / "users.txt", name, password)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", ["ann:secret\n", "ann\n", "ann:scrypt$1$1$1$00$00\n", "", "\n\n"])
def test_a_file_not_made_by_the_program_is_refused_with_the_remedy(tmp_path: Path, content: str) -> None:
    file = tmp_path / "users.txt"
    file.write_text(content)
    with pytest.raises(InputError, match="--add-user"):
        Passwords.load(file)
    with pytest.raises(InputError, match="--add-user"):
        Passwords.load(tmp_path / "none.txt")


def test_a_user_is_added_from_a_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "correct horse")
    file = tmp_path / "users.txt"
    assert "--auth" in new_user(file, "ann")
    assert Passwords.load(file).admits(basic("ann", "correct horse"))
    with pytest.raises(InputError, match="--auth"):
        new_user(None, "ann")


@pytest.mark.parametrize(
    "options",
    [["--host", "0.0.0.0"], ["--auth", "none.txt"], ["--add-user", "ann"], ["--auth", "u.txt", "--add-user", "ann"]],
)
def test_the_command_line_refuses_in_one_line(tmp_path: Path, options: list[str]) -> None:
    without = {name: value for name, value in os.environ.items() if name != VARIABLE}
    command = [sys.executable, str(APP), *options]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env=without, stdin=subprocess.DEVNULL, timeout=120
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
