"""The training loop: AdamW, linear warm-up and decay, checkpoints from which a run goes on bit for bit.

A run is a folder: ``run.json`` (recipe, number of examples), ``start/`` (the model it began with), checkpoints and
``log.jsonl``. Learning-rate decay by layer: Clark et al. 2020, https://arxiv.org/abs/2003.10555.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from corpus.errors import InputError
from qa.windows import Windower
from training import checkpoint
from training.batches import collate, plan_batches
from training.checkpoint import Checkpoint
from training.examples import Example
from training.mix import mix_examples
from training.network import SpanNetwork, span_loss
from training.recipe import Recipe

__all__ = ["HISTORY", "MODEL_FILES", "Progress", "learn", "rate_factor", "train"]

HISTORY = "training.json"
"""The runs that made an exported model: their recipes, counts and steps, oldest first."""

MODEL_FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", HISTORY)
_REPORT = 20


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands: mean loss and examples a second since the last report."""

    step: int
    steps: int
    loss: float
    speed: float


Report = Callable[[Progress], None]


def train(
    run: Path,
    recipe: Recipe,
    data: Path,
    start: Path,
    *,
    device: str = "cpu",
    limit: int | None = None,
    resume: bool = False,
    report: Report | None = None,
    stop: int | None = None,
) -> None:
    """Train from the model folder ``start`` into ``run``; ``InputError`` where ``run`` holds another run.

    ``resume`` goes on from the last checkpoint of the same recipe and data, and ``start`` is the run's own copy.
    ``stop`` ends this sitting at a step; the schedule stays that of the whole run.
    """
    windower = Windower.from_folder(
        run / "start" if resume else start, max_length=recipe.max_length, stride=recipe.stride
    )
    examples = mix_examples(recipe, data, windower, limit)
    facts = json.loads(
        json.dumps({"recipe": recipe.to_dict(), "examples": len(examples), "sources": _counts(examples)})
    )
    if resume:
        _check_same(run, facts)
    else:
        _begin(run, start, facts)
    learn(run, recipe, examples, device=device, report=report, stop=stop)


def learn(
    run: Path,
    recipe: Recipe,
    examples: Sequence[Example],
    *,
    device: str = "cpu",
    report: Report | None = None,
    stop: int | None = None,
) -> None:
    """Go through the examples from the run's last checkpoint (or its start) to the end, or to step ``stop``."""
    trainer = _Trainer(run, recipe, device)
    lengths = [len(example) for example in examples]
    plan = [
        batch for epoch in range(recipe.epochs) for batch in plan_batches(lengths, recipe.batch, recipe.seed + epoch)
    ]
    losses: list[Tensor] = []
    began, seen = time.perf_counter(), 0
    for step in range(trainer.step, len(plan) if stop is None else min(stop, len(plan))):
        losses.append(trainer.advance([examples[at] for at in plan[step]], rate_factor(step, len(plan), recipe.warmup)))
        seen += len(plan[step])
        if trainer.step % _REPORT == 0 or trainer.step == len(plan):
            _log(
                run,
                report,
                Progress(
                    trainer.step, len(plan), float(torch.stack(losses).mean()), seen / (time.perf_counter() - began)
                ),
            )
            losses, began, seen = [], time.perf_counter(), 0
        if trainer.step % recipe.checkpoint == 0 or trainer.step in (stop, len(plan)):
            trainer.save()


def rate_factor(step: int, steps: int, warmup: int) -> float:
    """The share of the peak rate at a step: up over ``warmup`` steps, then down to 0 at ``steps``.

    >>> [rate_factor(step, 4, 2) for step in range(4)]
    [0.5, 1.0, 1.0, 0.5]
    """
    return min((step + 1) / max(1, warmup), (steps - step) / max(1, steps - warmup))


class _Trainer:
    """Weights, optimizer and average of one run, at one step."""

    def __init__(self, run: Path, recipe: Recipe, device: str) -> None:
        self.step = 0
        self._run, self._recipe, self._device = run, recipe, device
        self._network = SpanNetwork.from_folder(run / "start", device, words=recipe.words)
        self._network.dropout = recipe.dropout
        self._weights = self._network.trained()
        torch.manual_seed(recipe.seed)
        folder = checkpoint.latest(run)
        kept = checkpoint.load(folder) if folder else None
        if kept:
            self.step = kept.step
            self._network.load(kept.group("weight"))
            torch.set_rng_state(kept.tensors["random/cpu"])
        # The optimizer comes after the weights, its moments after it: their places in memory are made here.
        self._optimizer = torch.optim.AdamW(_groups(self._weights, recipe, self._network.config.layers), fused=True)
        self._average = {name: weight.detach().clone() for name, weight in self._weights.items()} if recipe.ema else {}
        if kept:
            self._restore(kept)

    def advance(self, examples: Sequence[Example], factor: float) -> Tensor:
        """One step over a batch at ``factor`` of the peak rates; its loss."""
        batch = collate(examples, self._device)
        loss = span_loss(self._network.scores(batch), batch)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(list(self._weights.values()), self._recipe.clip)
        for group in self._optimizer.param_groups:
            group["lr"] = group["peak"] * factor
        self._optimizer.step()
        self._optimizer.zero_grad()
        self.step += 1
        with torch.no_grad():
            for name, kept in self._average.items():
                kept.lerp_(self._weights[name], 1 - self._recipe.ema)
        return loss.detach()

    def save(self) -> None:
        """Write a checkpoint of this step."""
        tensors = {f"weight/{name}": weight for name, weight in self._weights.items()}
        for name, weight in self._weights.items():
            tensors[f"mean/{name}"] = self._optimizer.state[weight]["exp_avg"]
            tensors[f"square/{name}"] = self._optimizer.state[weight]["exp_avg_sq"]
        tensors |= {f"ema/{name}": kept for name, kept in self._average.items()}
        tensors["random/cpu"] = torch.get_rng_state()
        checkpoint.save(self._run, Checkpoint(self.step, tensors, {}))

    def _restore(self, kept: Checkpoint) -> None:
        means, squares, average = kept.group("mean"), kept.group("square"), kept.group("ema")
        for name, weight in self._weights.items():
            self._optimizer.state[weight] = {
                "step": torch.tensor(float(kept.step), device=weight.device),
                "exp_avg": means[name].to(weight.device),
                "exp_avg_sq": squares[name].to(weight.device),
            }
        self._average = {name: average[name].to(weight.device) for name, weight in self._average.items()}


def _groups(weights: dict[str, Tensor], recipe: Recipe, layers: int) -> list[dict[str, object]]:
    """One group of the optimizer a weight: its own peak rate, no weight decay for biases and norms."""
    groups: list[dict[str, object]] = []
    for name, weight in weights.items():
        depth = layers + 1 if name.startswith("qa_outputs") else 0
        if found := re.search(r"\.layer\.(\d+)\.", name):
            depth = int(found[1]) + 1
        peak = recipe.rate * recipe.layer_decay ** (layers + 1 - depth)
        decay = 0.0 if weight.ndim == 1 else recipe.weight_decay
        groups.append({"params": [weight], "lr": peak, "peak": peak, "weight_decay": decay})
    return groups


def _begin(run: Path, start: Path, facts: dict[str, object]) -> None:
    if (run / "run.json").exists():
        raise InputError(f"{run} holds a run already; add --resume to go on with it, or name another folder")
    (run / "start").mkdir(parents=True, exist_ok=True)
    for name in MODEL_FILES:
        if (start / name).is_file():
            shutil.copyfile(start / name, run / "start" / name)
    (run / "run.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def _check_same(run: Path, facts: dict[str, object]) -> None:
    try:
        known = json.loads((run / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"no run to resume in {run}: {error}; leave --resume out to begin one") from error
    if known != facts:
        raise InputError(f"{run} was begun with another recipe, limit or data; resume it with the same ones")


def _counts(examples: Sequence[Example]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for example in examples:
        counts[example.source] = counts.get(example.source, 0) + 1
    return dict(sorted(counts.items()))


def _log(run: Path, report: Report | None, progress: Progress) -> None:
    line = {
        "step": progress.step,
        "steps": progress.steps,
        "loss": round(progress.loss, 4),
        "examples_per_second": round(progress.speed, 1),
    }
    with (run / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    if report:
        report(progress)
