"""What the search layer needs of an embedder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Embedder"]


class Embedder(Protocol):
    """Turns texts into vectors that compare by inner product; ``id`` names the model and its exact weights."""

    id: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, dimension) of n texts, in order."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of the model's tokens of each text, without special tokens."""
