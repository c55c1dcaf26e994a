"""A run's last checkpoint as a model folder: float16 safetensors, tokenizer, card and checksums."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from corpus.errors import InputError
from index.bert import load_config
from training import checkpoint
from training.card import write_card
from training.loop import HISTORY
from training.network import SpanNetwork

__all__ = ["CHECKED", "digest_of", "export_run", "write_json"]

CHECKED = ("model.safetensors", "tokenizer.json", "config.json")


def export_run(run: Path, folder: Path, figures: dict[str, Any] | None = None) -> int:
    """Write the last checkpoint of ``run``, finished or not, to ``folder``; its step.

    The average of weights is written where the recipe keeps one. ``InputError`` before the first checkpoint.
    """
    found = checkpoint.latest(run)
    if found is None:
        raise InputError(f"no checkpoint in {run} yet; wait for the first one")
    kept = checkpoint.load(found)
    facts = _read_json(run / "run.json")
    network = SpanNetwork.from_folder(run / "start", words=bool(facts["recipe"].get("words")))
    network.load(kept.group("ema") or kept.group("weight"))
    folder.mkdir(parents=True, exist_ok=True)
    halves = {name: weight.detach().to(torch.float16).contiguous() for name, weight in network.weights.items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    for name in ("tokenizer.json", "tokenizer_config.json"):
        if (run / "start" / name).is_file():
            shutil.copyfile(run / "start" / name, folder / name)
    write_json(folder / "config.json", _config(run / "start"))
    runs = [*_earlier_runs(run / "start"), {**facts, "step": kept.step}]
    write_json(folder / HISTORY, {"runs": runs})
    (folder / "README.md").write_text(write_card(runs, figures or {}), encoding="utf-8")
    write_json(folder / "checksums.json", {name: digest_of(folder / name) for name in CHECKED})
    return kept.step


def _earlier_runs(start: Path) -> list[dict[str, Any]]:
    """The runs behind the model that a run began with, as far as its folder tells."""
    path = start / HISTORY
    runs: list[dict[str, Any]] = _read_json(path)["runs"] if path.is_file() else []
    return runs


def _config(start: Path) -> dict[str, Any]:
    """The encoder's own config, as that of a question answering model without dropout."""
    changed = {
        "architectures": ["BertForQuestionAnswering"],
        "attention_probs_dropout_prob": 0.0,
        "dtype": "float16",
        "hidden_dropout_prob": 0.0,
    }
    return dict(sorted({**load_config(start), **changed}.items()))


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write JSON with an end of line."""
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _read_json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
