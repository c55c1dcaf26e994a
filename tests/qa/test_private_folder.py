"""A private folder is nobody else's, and is gone when its process is."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import LibraryError
from qa.private_folder import PREFIX, UNLOCKED, PrivateFolder

START = """
import sys, time
from pathlib import Path
from qa.private_folder import PrivateFolder
folder = PrivateFolder(Path(sys.argv[1]))
(folder.subfolder() / "secret").write_text("x")
print(folder.path, flush=True)
if sys.argv[2] == "wait":
    time.sleep(600)
"""


def start(parent: Path, what: str) -> subprocess.Popen[str]:
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", START, str(parent), what], cwd=root, stdout=subprocess.PIPE, text=True
    )


def test_only_its_user_may_look_into_it(tmp_path: Path) -> None:
    folder = PrivateFolder(tmp_path / "made")
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.subfolder().stat().st_mode) == 0o700
    folder.close()
    folder.close()
    assert not any((tmp_path / "made").iterdir())


def test_what_a_killed_server_left_is_swept_and_what_a_running_one_uses_stays(tmp_path: Path) -> None:
    running, killed = start(tmp_path, "wait"), start(tmp_path, "wait")
    paths = {process: Path(process.stdout.readline().strip()) for process in (running, killed) if process.stdout}
    stranger = tmp_path / f"{PREFIX}file"
    stranger.write_text("a file")
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path)
    (tmp_path / "other").mkdir()
    own = PrivateFolder(tmp_path)
    try:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert list(paths[killed].glob("*/secret"))
        PrivateFolder(tmp_path).close()
        assert not paths[killed].exists()
        assert paths[running].exists()
        assert own.path.exists()
        assert stranger.exists()
        assert (tmp_path / "other").exists()
    finally:
        for process in paths:
            process.kill()
            process.communicate()
        own.close()


@pytest.mark.parametrize("age", [2 * 3600, -2 * 3600])
def test_a_folder_that_was_never_locked_is_swept_whatever_the_clock_said(tmp_path: Path, age: int) -> None:
    left, new = tmp_path / f"{UNLOCKED}left", tmp_path / f"{UNLOCKED}new"
    left.mkdir()
    new.mkdir()
    os.utime(left, (time.time() - age,) * 2)
    PrivateFolder(tmp_path).close()
    assert list(tmp_path.iterdir()) == [new]


def test_a_process_that_ends_takes_it_along(tmp_path: Path) -> None:
    process = start(tmp_path, "end")
    said, _ = process.communicate(timeout=120)
    assert said.strip().startswith(str(tmp_path))
    assert not any(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="name another folder"):
        PrivateFolder(tmp_path / "file" / "below")
