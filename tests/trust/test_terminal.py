"""Nothing that an article or a file name holds drives the terminal in which ``qa`` is used."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.article import article_from_text
from corpus.metadata import Metadata
from qa import Engine
from qa.cli import main

if TYPE_CHECKING:
    from tests.trust.conftest import Tally

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

DRIVING = [
    "\x1b[2J",
    "\x1b]0;owned\x07",
    "\x9b31m",
    "\x1b]8;;http://evil.example\x07",
    "\r",
    "\x08",
    "\u202e",
    "\x7f",
    "\x00",
]
FORBIDDEN = set("\x1b\x07\x9b\x08\u202e\x7f\x00\r")


def driven(word: str) -> str:
    return word + "".join(sequence + word for sequence in DRIVING)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terminal") / "library"
    cost = f"The bridge of Tarn cost {driven('41')} million dinar, said Lena Ossk."
    text = f"{cost}\n\nKim{driven(' Ro')}: It opened on Monday."
    facts = Metadata(
        driven("The bridge"), driven("Ann"), driven("Tarn Post"), "2021-05-31", "https://tarn.example/" + driven("x")
    )
    with Engine.open(folder, create=True) as engine:
        engine.add_article(article_from_text(text, metadata=facts, clean=False), source=driven("file") + ".txt")
    return folder


def test_no_command_passes_them_on(
    library: Path,
    tmp_path: Path,
    tally: Tally,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hostile = tmp_path / (driven("a").replace("\x00", "").replace("/", "") + ".txt")
    hostile.write_text("The mast is 30 metres high, they said in the harbour of Oravec.", encoding="utf-8")
    broken = tmp_path / "\x1b[31mbroken.pdf"
    broken.write_bytes(b"%PDF-1.4 \x1b[2J broken")
    asked, gold = tmp_path / "asked.jsonl", tmp_path / "gold.jsonl"
    asked.write_text(json.dumps({"id": driven("i"), "question": "What did the bridge of Tarn cost?"}) + "\n")
    gold.write_text(
        json.dumps({"id": driven("i"), "question": driven("Who?"), "kind": driven("none"), "answers": []}) + "\n"
    )
    commands = [
        ["list"],
        ["list", "--json"],
        ["ask", "What did the bridge of Tarn cost?"],
        ["ask", "What did the bridge of Tarn cost?", "--json"],
        ["ask", driven("Who?").replace("\x00", "")],
        ["search", "bridge of Tarn"],
        ["search", "bridge of Tarn", "--json"],
        ["ask", "Who?", "--publisher", driven("Nobody").replace("\x00", "")],
        ["remove", "\x1b[31mx"],
        ["add", str(hostile), str(broken), str(tmp_path / "\x1b[2Jmissing.txt")],
        ["gold", "check", str(gold)],
        ["evaluate", str(gold)],
        ["predict", "--input", str(asked), "--output", "-"],
        ["\x1b[31mnothing"],
    ]
    monkeypatch.setenv("QA_LIBRARY", str(library))
    driving = []
    for command in commands:
        with contextlib.suppress(SystemExit):
            main(command)
        printed = "".join(capsys.readouterr())
        assert printed
        assert "Traceback" not in printed
        if found := FORBIDDEN & set(printed):
            driving.append((command, sorted(map(ascii, found)), printed[:300]))
    tally("commands over text that drives terminals", len(commands), len(commands) - len(driving))
    assert driving == []
