"""The mean of several readers' weights as one reader: Wortsman et al. 2022, https://arxiv.org/abs/2203.05482.

Readers that were trained from the same weights on different mixes lie in one basin: between them is a reader that has
what each of them learned, at the size and speed of one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from corpus.errors import InputError
from index.bert import load_weights
from training.card import write_card
from training.export import CHECKED, digest_of, write_json
from training.loop import HISTORY

__all__ = ["average"]

_COPIED = ("config.json", "tokenizer.json", "tokenizer_config.json")


def average(folders: Sequence[Path], out: Path, figures: dict[str, Any] | None = None) -> None:
    """Write the plain mean of the model ``folders`` to ``out``; one named twice counts twice.

    ``InputError`` for fewer than two, or where they are not of one shape.
    """
    if len(folders) < 2:
        raise InputError("an average needs at least two model folders; name more")
    weights = [load_weights(folder) for folder in folders]
    shapes = [{name: tensor.shape for name, tensor in some.items()} for some in weights]
    for folder, shape in zip(folders, shapes, strict=True):
        if shape != shapes[0]:
            raise InputError(f"{folder} has other weights than {folders[0]}; only readers of one shape have an average")
    out.mkdir(parents=True, exist_ok=True)
    mean = {name: _mean([some[name] for some in weights]) for name in weights[0]}
    save_file(mean, out / "model.safetensors", metadata={"format": "pt"})
    for name in _COPIED:
        if (folders[0] / name).is_file():
            shutil.copyfile(folders[0] / name, out / name)
    runs = _history(folders)
    write_json(out / HISTORY, {"runs": runs})
    (out / "README.md").write_text(write_card(runs, figures or {}), encoding="utf-8")
    write_json(out / "checksums.json", {name: digest_of(out / name) for name in CHECKED})


def _mean(tensors: Sequence[Tensor]) -> Tensor:
    total = torch.stack([tensor.float() for tensor in tensors]).sum(0)
    return (total / len(tensors)).to(torch.float16).contiguous()


def _history(folders: Sequence[Path]) -> list[dict[str, Any]]:
    """Every run behind the folders once, oldest first, then the average itself."""
    runs: list[dict[str, Any]] = []
    for folder in folders:
        runs += [run for run in _runs(folder) if run not in runs]
    return [*runs, {"average": [_name(_runs(folder)) for folder in folders]}]


def _runs(folder: Path) -> list[dict[str, Any]]:
    path = folder / HISTORY
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["runs"] if path.is_file() else []
    return found


def _name(runs: Sequence[Mapping[str, Any]]) -> str:
    """What made the weights last: "second at step 1765", or the reader that the project began with."""
    if not runs:
        return "the first reader"
    last = runs[-1]
    return "an average" if "average" in last else f"{last['recipe']['name']} at step {last['step']}"
