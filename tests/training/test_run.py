"""The whole of training on a tiny reader: it learns, resumes bit for bit, and what it exports loads everywhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from corpus.errors import InputError
from qa.reader import SpanReader, verify_checksums
from qa.windows import Piece, Windower
from training import checkpoint
from training.__main__ import main
from training.batches import collate
from training.examples import null_example
from training.export import export_run
from training.loop import Progress, rate_factor, train
from training.mix import mix_examples
from training.network import SpanNetwork
from training.recipe import News, Portion, Recipe

RECIPE = Recipe(
    name="tiny", sources={"squad1_train": Portion(), "authored_near": Portion()}, news=News(passes=1), far=10,
    rate=3e-3, warmup=5, batch=16, epochs=2, checkpoint=8, max_length=128, ema=0.5, dropout=0.1, layer_decay=0.9,
)  # fmt: skip


@pytest.fixture
def finished(data: Path, tiny_model: Path, tmp_path: Path) -> Path:
    train(tmp_path / "run", RECIPE, data, tiny_model)
    return tmp_path / "run"


def test_the_loss_falls(data: Path, tiny_model: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []
    train(tmp_path / "run", replace(RECIPE, epochs=4, dropout=0.0), data, tiny_model, report=seen.append)
    assert seen[-1].loss < 0.75 * seen[0].loss
    assert seen[-1].step == seen[-1].steps
    assert len((tmp_path / "run" / "log.jsonl").read_text().splitlines()) == len(seen)


def test_a_resumed_run_equals_an_uninterrupted_one_bit_for_bit(data: Path, tiny_model: Path, tmp_path: Path) -> None:
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    train(whole, RECIPE, data, tiny_model)
    train(parted, replace(RECIPE), data, tiny_model, limit=None, stop=11)
    assert checkpoint.latest(parted) == parted / "checkpoint-000011"
    train(parted, RECIPE, data, tiny_model, resume=True)
    ends = [end for run in (whole, parted) if (end := checkpoint.latest(run))]
    tensors = [load_file(end / "tensors.safetensors") for end in ends]
    assert len({end.name for end in ends}) == 1 < len(ends)
    assert tensors[0].keys() == tensors[1].keys()
    assert all(torch.equal(tensors[0][name], tensors[1][name]) for name in tensors[0])


def test_an_export_loads_here_and_in_transformers_with_the_same_scores(finished: Path, tmp_path: Path) -> None:
    from transformers import AutoModelForQuestionAnswering

    folder = tmp_path / "out"
    step = export_run(finished, folder)
    verify_checksums(folder)
    reader = SpanReader(folder, dtype=torch.float32)
    window = reader.windower.build("Where does Ana live?", [[Piece("Ana lives in Lugo.", 0)]])[0]
    ours = reader.score([window])[0]
    theirs = AutoModelForQuestionAnswering.from_pretrained(folder, dtype=torch.float32).eval()
    types = [0] * window.question_length + [1] * (len(window) - window.question_length)
    with torch.inference_mode():
        found = theirs(input_ids=torch.tensor([window.ids]), token_type_ids=torch.tensor([types]))
    np.testing.assert_allclose(ours.start, found.start_logits[0].numpy(), atol=1e-4)
    np.testing.assert_allclose(ours.end, found.end_logits[0].numpy(), atol=1e-4)
    assert f"step {step} " in (folder / "README.md").read_text(encoding="utf-8")


def test_without_bfloat16_units_training_computes_as_the_reader_does_in_float32(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.network.fast_dtype", lambda: torch.float32)
    export_run(finished, folder := tmp_path / "out")
    reader, network = SpanReader(folder, dtype=torch.float32), SpanNetwork.from_folder(folder)
    window = reader.windower.build("Where does Ana live?", [[Piece("Ana lives in Lugo.", 0)]])[0]
    scores = network.scores(collate([null_example(window, "none")])).detach()[0, : len(window)]
    np.testing.assert_allclose(scores[:, 0].numpy(), reader.score([window])[0].start, atol=1e-5)


def test_an_export_tells_of_every_run_behind_it(finished: Path, data: Path, tmp_path: Path) -> None:
    export_run(finished, tmp_path / "first")
    train(tmp_path / "again", replace(RECIPE, name="further", epochs=1), data, tmp_path / "first", stop=8)
    export_run(tmp_path / "again", tmp_path / "second")
    runs = json.loads((tmp_path / "second" / "training.json").read_text(encoding="utf-8"))["runs"]
    assert [(run["recipe"]["name"], run["step"] > 8) for run in runs] == [("tiny", True), ("further", False)]
    card = (tmp_path / "second" / "README.md").read_text(encoding="utf-8")
    assert card.index("Recipe `tiny`") < card.index("Recipe `further`, to step 8 ")


def test_a_run_is_not_overwritten_nor_resumed_with_other_data(finished: Path, data: Path, tiny_model: Path) -> None:
    with pytest.raises(InputError, match="--resume"):
        train(finished, RECIPE, data, tiny_model)
    with pytest.raises(InputError, match="another recipe"):
        train(finished, replace(RECIPE, rate=1e-4), data, tiny_model, resume=True)


def test_the_command_line_trains_exports_and_scores(
    data: Path, tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe, run, out = tmp_path / "recipe.json", tmp_path / "run", tmp_path / "out"
    recipe.write_text(json.dumps(RECIPE.to_dict()), encoding="utf-8")
    asked = ["train", "--data", str(data), "--out", str(run), "--init", str(tiny_model), "--recipe", str(recipe)]
    figures = str(tmp_path / "figures.json")
    assert main([*asked, "--limit", "64"]) == 0
    assert main(["export", str(run), "--to", str(out)]) == 0
    score = ["score", str(out), "--data", str(data), "--only"]
    assert main([*score, "squad1_*", "written_reviews", "--sample", "8", "--json", figures]) == 0
    assert main(["export", str(run), "--to", str(out), "--figures", figures]) == 0
    told = capsys.readouterr().out
    assert "squad1_train" in told
    assert "written_reviews" in told
    assert "written_posts" not in told
    assert "| squad1_train | 8 |" in (out / "README.md").read_text(encoding="utf-8")
    assert main([*score, "sqaud"]) == 2
    assert "no set is named sqaud; there are: " in capsys.readouterr().err
    assert main(["export", str(tmp_path / "none"), "--to", str(out)]) == 2
    assert "no checkpoint" in capsys.readouterr().err


def test_the_same_seed_gives_the_same_examples(data: Path, tiny_model: Path) -> None:
    windower = Windower.from_folder(tiny_model, max_length=128)
    first, second, other = (mix_examples(replace(RECIPE, seed=seed), data, windower) for seed in (1, 1, 2))
    assert [example.ids.tolist() for example in first] == [example.ids.tolist() for example in second]
    assert [example.ids.tolist() for example in first] != [example.ids.tolist() for example in other]


def test_the_recipe_survives_json() -> None:
    assert Recipe.from_dict(json.loads(json.dumps(RECIPE.to_dict()))) == RECIPE


def test_the_rate_rises_and_falls_in_straight_lines() -> None:
    assert [rate_factor(step, 12, 2) for step in (0, 1, 2, 7, 11)] == [0.5, 1.0, 1.0, 0.5, 0.1]


def test_learning_stops_where_it_is_told(data: Path, tiny_model: Path, tmp_path: Path) -> None:
    train(tmp_path / "run", RECIPE, data, tiny_model, stop=3)
    assert checkpoint.latest(tmp_path / "run") == tmp_path / "run" / "checkpoint-000003"
