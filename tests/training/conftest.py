"""A reader small enough to train in a test, and questions that it can learn."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from qa.reader import DEFAULT_READER

_NAMES = "Ana Boro Cyra Dimo Edda Fenn Gala Hano Ines Jaro Kira Lemo".split()
_PLACES = "Lugo Riga Oslo Bath Cork Nice Lima Doha Graz Turku Split Varna".split()
_SIZES = {"hidden_size": 48, "intermediate_size": 96, "num_attention_heads": 4, "num_hidden_layers": 2}


@pytest.fixture
def tiny_model(tmp_path: Path) -> Path:
    """A two-layer BERT without a span head, with random weights and the bundled reader's tokenizer."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    shutil.copyfile(DEFAULT_READER / "tokenizer.json", folder / "tokenizer.json")
    config = json.loads((DEFAULT_READER / "config.json").read_text(encoding="utf-8")) | _SIZES
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    save_file(_random_weights(config), folder / "model.safetensors")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder: who lives where, near misses of it, and a news interview."""
    folder = tmp_path / "data"
    folder.mkdir()
    draw = random.Random(3)
    answerable = [_row(draw, number) for number in range(240)]
    missing = [
        row | {"source": "authored_near", "question": "Where does Zeno live?", "answers": []} for row in answerable[:40]
    ]
    _write(folder / "train.jsonl", answerable)
    _write(folder / "authored_near.jsonl", missing)
    _write(folder / "authored_news.jsonl", [row for number in range(12) for row in _news(number)])
    _write(folder / "dev.jsonl", [_row(draw, 1000 + number) for number in range(12)])
    _write(folder / "authored_near_dev.jsonl", missing[:12])
    return folder


def _row(draw: random.Random, number: int) -> dict[str, object]:
    names, places = draw.sample(_NAMES, 2), draw.sample(_PLACES, 2)
    context = f"{names[0]} lives in {places[0]}. {names[1]} lives in {places[1]}."
    asked = draw.randrange(2)
    start = context.index(places[asked])
    answers = [{"text": places[asked], "start": start}]
    return {
        "source": "squad1_train",
        "id": f"q{number}",
        "question": f"Where does {names[asked]} live?",
        "context": context,
        "answers": answers,
        "impossible": False,
    }


def _news(number: int) -> list[dict[str, object]]:
    context = (
        f"Interview: the bridge number {number}\n\nReporter: What did the bridge cost?\n\n"
        f"Mara Lind: It cost {number + 3} million euros, and the town paid for all of it.\n\n"
        "Reporter: Who built it?\n\nMara Lind: A firm from Varna built it in two summers."
    )
    shared = {"source": "authored_news", "context": context, "impossible": False, "kind": "number"}
    cost, firm = f"{number + 3} million euros", "A firm from Varna"
    return [
        shared
        | {
            "id": f"n{number}a",
            "question": "How much did the bridge cost?",
            "answers": [{"text": cost, "start": context.index(cost)}],
        },
        shared
        | {
            "id": f"n{number}b",
            "question": "Who built the bridge?",
            "answers": [{"text": firm, "start": context.index(firm)}],
        },
        shared
        | {
            "id": f"n{number}c",
            "question": "Who painted the bridge?",
            "answers": [],
            "impossible": True,
            "kind": "none",
        },
    ]


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _random_weights(config: dict[str, int]) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    size, wide = config["hidden_size"], config["intermediate_size"]

    def linear(name: str, rows: int, columns: int) -> dict[str, torch.Tensor]:
        weight = torch.randn(rows, columns, generator=generator) * 0.08
        return {f"{name}.weight": weight, f"{name}.bias": torch.zeros(rows)}

    def norm(name: str) -> dict[str, torch.Tensor]:
        return {f"{name}.LayerNorm.weight": torch.ones(size), f"{name}.LayerNorm.bias": torch.zeros(size)}

    weights = norm("embeddings")
    for kind, rows in (("word", config["vocab_size"]), ("position", 512), ("token_type", 2)):
        weights[f"embeddings.{kind}_embeddings.weight"] = torch.randn(rows, size, generator=generator) * 0.3
    for number in range(config["num_hidden_layers"]):
        root = f"encoder.layer.{number}"
        for part in ("query", "key", "value"):
            weights |= linear(f"{root}.attention.self.{part}", size, size)
        weights |= linear(f"{root}.attention.output.dense", size, size) | norm(f"{root}.attention.output")
        weights |= linear(f"{root}.intermediate.dense", wide, size) | linear(f"{root}.output.dense", size, wide)
        weights |= norm(f"{root}.output")
    return weights
