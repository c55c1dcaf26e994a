from __future__ import annotations

from pathlib import Path

import pytest

from qa.cli import main

PARTS = ["version", "packages", "library", "processor", "embedder", "reader", "question"]


def test_nothing_is_wrong_here(library_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--library", str(library_folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0].split() for line in lines] == [["ok", part] for part in PARTS]
    assert "2 articles" in lines[2]


def test_a_damaged_library_and_a_model_without_weights_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "library.db").write_bytes(b"not a database" * 500)
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    assert main(["doctor", "--library", str(tmp_path), "--reader", str(tmp_path)]) == 1
    problems = [line for line in capsys.readouterr().out.splitlines() if line.startswith("problem ")]
    assert [line.split()[1] for line in problems] == ["library:", "reader:", "question:"]


def test_no_default_library_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_LIBRARY", str(tmp_path / "default"))
    assert main(["doctor"]) == 0
    assert "not there yet" in capsys.readouterr().out
    assert not (tmp_path / "default").exists()
