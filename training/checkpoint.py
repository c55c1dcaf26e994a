"""What a run needs to go on as if it had never stopped, as safetensors and JSON.

A checkpoint is a folder ``checkpoint-000200`` that appears whole: it is written under another name and renamed.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from corpus.errors import ModelError

__all__ = ["KEPT", "Checkpoint", "latest", "load", "save"]

KEPT = 2
"""Checkpoints that stay: the last one, and the one before in case the disk fills while the last is written."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Tensors by name (``weight/...``, ``mean/...``, ``square/...``, ``ema/...``, ``random/...``), and the step."""

    step: int
    tensors: dict[str, Tensor]
    state: dict[str, Any]

    def group(self, prefix: str) -> dict[str, Tensor]:
        """The tensors below ``prefix/``, by the rest of their names."""
        return {name[len(prefix) + 1 :]: kept for name, kept in self.tensors.items() if name.startswith(f"{prefix}/")}


def save(run: Path, checkpoint: Checkpoint) -> Path:
    """Write the checkpoint below ``run`` and drop the oldest ones; its folder."""
    target = run / f"checkpoint-{checkpoint.step:06d}"
    written = run / f".{target.name}.{os.getpid()}"
    shutil.rmtree(written, ignore_errors=True)
    written.mkdir(parents=True)
    save_file(
        {name: kept.detach().cpu().contiguous() for name, kept in checkpoint.tensors.items()},
        written / "tensors.safetensors",
    )
    state = {"step": checkpoint.step, **checkpoint.state}
    (written / "state.json").write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    written.rename(target)
    for old in _all(run)[:-KEPT]:
        shutil.rmtree(old)
    return target


def latest(run: Path) -> Path | None:
    """The folder of the run's last checkpoint, or ``None`` before the first."""
    found = _all(run)
    return found[-1] if found else None


def load(folder: Path) -> Checkpoint:
    """The checkpoint in ``folder``; ``ModelError`` if it is damaged."""
    try:
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        return Checkpoint(int(state.pop("step")), dict(load_file(folder / "tensors.safetensors")), state)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(f"damaged checkpoint {folder}: {error}; delete it to go on from the one before") from error


def _all(run: Path) -> list[Path]:
    return sorted(run.glob("checkpoint-[0-9]*"))
