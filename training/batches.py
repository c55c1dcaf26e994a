"""Examples to padded batches of like length, in an order that the seed alone decides.

Step n of a run sees the same batch whether the run began at step 0 or was resumed at step n.
"""

# ruff: noqa: S311 - draws for training, not secrets
from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.examples import Example

__all__ = ["Batch", "collate", "plan_batches"]

POOL = 32
"""Batches whose examples are sorted by length together: 3 % of the tokens are padding then, 40 % without sorting."""

_STEP = 8
"""Widths are rounded up to it: oneDNN keeps kernels for each shape, and with exact widths a run grew to 11 GB."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded tensors of ``rows`` examples, ``length`` tokens wide, and the tokens to hit (rows)."""

    ids: Tensor
    types: Tensor
    real: Tensor
    may_start: Tensor
    may_end: Tensor
    first: Tensor
    last: Tensor

    @property
    def is_full(self) -> bool:
        """Whether no row is padded."""
        return bool(self.real.all())


def plan_batches(lengths: Sequence[int], size: int, seed: int) -> list[list[int]]:
    """Positions of the examples, batch by batch.

    The order of the examples is kept from pool to pool (a curriculum stays one); inside a pool of ``POOL`` batches
    they are sorted by length, and the batches of a pool are shuffled.
    """
    draw = random.Random(seed)
    batches = []
    for begin in range(0, len(lengths), size * POOL):
        pool = sorted(range(begin, min(begin + size * POOL, len(lengths))), key=lambda position: lengths[position])
        cut = [pool[start : start + size] for start in range(0, len(pool), size)]
        draw.shuffle(cut)
        batches.extend(cut)
    return batches


def collate(examples: Sequence[Example], device: str = "cpu") -> Batch:
    """One padded batch of the examples on ``device``."""
    length = -(-max(map(len, examples)) // _STEP) * _STEP
    shape = (len(examples), length)
    ids, types = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    real, may_start, may_end = (np.zeros(shape, dtype=np.bool_) for _ in range(3))
    for row, example in enumerate(examples):
        size = len(example)
        ids[row, :size] = example.ids
        types[row, example.question_length : size] = 1
        real[row, :size] = True
        may_start[row, :size] = example.may_start
        may_end[row, :size] = example.may_end
    first = np.asarray([example.first for example in examples], dtype=np.int64)
    last = np.asarray([example.last for example in examples], dtype=np.int64)
    return Batch(*(torch.from_numpy(array).to(device) for array in (ids, types, real, may_start, may_end, first, last)))
