from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from corpus.errors import InputError
from training.__main__ import main
from training.average import average


@pytest.fixture
def pair(tiny_model: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two readers of one shape with different weights, one of them with a run behind it."""
    other = tmp_path / "other"
    shutil.copytree(tiny_model, other)
    moved = {name: tensor + 1.0 for name, tensor in load_file(other / "model.safetensors").items()}
    save_file(moved, other / "model.safetensors")
    run = {"recipe": {"name": "a", "batch": 2}, "step": 5, "examples": 10, "sources": {"far": 1}}
    (other / "training.json").write_text(json.dumps({"runs": [run]}), encoding="utf-8")
    return tiny_model, other


def test_the_mean_lies_between_and_one_named_twice_counts_twice(pair: tuple[Path, Path], tmp_path: Path) -> None:
    average([pair[0], pair[1], pair[1], pair[1]], tmp_path / "mean")
    first, mean = load_file(pair[0] / "model.safetensors"), load_file(tmp_path / "mean" / "model.safetensors")
    assert set(mean) == set(first)
    for name, tensor in mean.items():
        assert tensor.dtype == torch.float16
        torch.testing.assert_close(tensor.float(), first[name].float() + 0.75, atol=2e-3, rtol=2e-3)


def test_it_tells_what_it_is_made_of(pair: tuple[Path, Path], tmp_path: Path) -> None:
    average(pair, tmp_path / "mean")
    runs = json.loads((tmp_path / "mean" / "training.json").read_text(encoding="utf-8"))["runs"]
    assert [run.get("step") for run in runs] == [5, None]
    assert runs[-1]["average"] == ["the first reader", "a at step 5"]
    assert "a at step 5" in (tmp_path / "mean" / "README.md").read_text(encoding="utf-8")


def test_readers_of_other_shapes_have_no_average(
    pair: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = {name: tensor for name, tensor in load_file(pair[1] / "model.safetensors").items() if "layer.0" not in name}
    save_file(odd, pair[1] / "model.safetensors")
    with pytest.raises(InputError, match="one shape"):
        average(pair, tmp_path / "mean")
    assert main(["average", str(pair[0]), "--to", str(tmp_path / "mean")]) == 2
    assert "two model folders" in capsys.readouterr().err
