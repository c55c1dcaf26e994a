from __future__ import annotations

import os
import stat
import threading
import time
from pathlib import Path

import pytest

from qa.whole_file import write_whole


def test_new_and_old_files_hold_what_was_written_and_nothing_lies_beside_them(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    for data in (b"first", b"", b"\x00second"):
        write_whole(file, data)
        assert file.read_bytes() == data
        assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_file_keeps_its_mode_unless_one_is_wanted(tmp_path: Path) -> None:
    file = tmp_path / "users"
    write_whole(file, b"x", mode=0o600)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o640)
    write_whole(file, b"y")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    write_whole(file, b"z", mode=0o600)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_goes_on_leading_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "report", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_what_is_no_ordinary_file_is_written_in_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, b"through")
    reader.join()
    assert got == [b"through"]
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_bytes(b"old")
    with pytest.raises(TypeError):
        write_whole(file, "no bytes")  # type: ignore[arg-type]
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_what_killed_processes_left_is_swept_an_hour_later(tmp_path: Path) -> None:
    file = tmp_path / "report"
    for name, age in (
        (".report.new-1", 4000),
        (".report.new-2", -4000),
        (".report.new-3", 5),
        (".reports.new-4", 4000),
    ):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    write_whole(file, b"new")
    assert {path.name for path in tmp_path.iterdir()} == {"report", ".report.new-3", ".reports.new-4"}
