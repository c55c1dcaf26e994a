"""The whole command on few questions: what it writes can be read by the engine, what it reports tells every kind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from index.embed import load_embedder
from qa.asking import Asker
from qa.confidence import FILE
from qa.reader import DEFAULT_READER
from training.calibrate import calibrate
from training.collect import UNANSWERABLE
from training.data import news_questions, written_questions


def test_a_reader_is_calibrated_and_answers_with_it(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = [one for one in written_questions(held_out=True) if len(one.context) < 500]
    monkeypatch.setattr("training.calibrate.written_questions", lambda *, held_out: short)
    monkeypatch.setattr("training.calibrate.held_out_news", lambda folder: news_questions(folder, own=False))
    folder = tmp_path / "reader"
    shutil.copytree(DEFAULT_READER, folder)
    (folder / FILE).unlink()
    report = calibrate(folder, data, sample=10)
    json.dumps(report, allow_nan=False)
    for setting in ("library", "context"):
        told = report[setting]
        assert 0 <= told["ece"] <= 1
        shifted = told["shifted"]
        assert shifted["all"]["questions"] == sum(one["questions"] for name, one in shifted.items() if name != "all")
        declined = [at["declined"] for at in told["thresholds"]]
        assert declined == sorted(declined, reverse=True), "a higher threshold declines less"
    asked = report["questions"]["context"]
    assert report["context"]["forced"]["questions"] / asked == pytest.approx(1 - UNANSWERABLE, abs=0.03)
    text = "The bridge was built in 1911 by Mara Lind."
    answers = Asker.load(folder, load_embedder()).answer_contexts(
        [("Who built the bridge?", text), ("What did the bridge cost?", text)]
    )
    assert [answer.text for answer in answers] == ["Mara Lind", None]
