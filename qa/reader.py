"""The span reader: start and end scores of every token of every window.

A plain BERT folder runs on the project's own encoder; any other architecture on transformers (``qa/foreign.py``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from corpus.errors import ModelError
from index.bert import BertConfig, BertEncoder, load_config, load_weights, padded_length
from index.embed import length_batches
from qa.windows import Window, Windower

__all__ = ["DEFAULT_READER", "Logits", "Reader", "SpanReader", "load_reader"]

DEFAULT_READER = Path(__file__).parent / "reader_model"


@dataclass(frozen=True, slots=True)
class Logits:
    """Start and end scores (n) float32 of one window's n tokens; position 0 stands for "no answer here"."""

    start: NDArray[np.float32]
    end: NDArray[np.float32]

    @property
    def null(self) -> float:
        """The score of "no answer in this window"."""
        return float(self.start[0] + self.end[0])


class Reader(Protocol):
    """What the engine needs of a reader."""

    id: str
    windower: Windower

    def score(self, windows: Sequence[Window]) -> list[Logits]:
        """The scores of each window, in order."""


class SpanReader:
    """A BERT encoder with a span head (Devlin et al. 2019, section 4.2), from a folder in the published layout."""

    def __init__(self, folder: Path, dtype: torch.dtype | None = None) -> None:
        config = BertConfig.from_dict(load_config(folder))
        verify_checksums(folder)
        weights = load_weights(folder)
        self.windower = Windower.from_folder(folder, max_length=min(384, config.max_positions))
        self.id = f"{folder.name}@{_digest(folder / 'model.safetensors')[:12]}"
        self._encoder = BertEncoder(config, weights, dtype)
        self._head = _head(weights, config.hidden_size)

    @torch.inference_mode()
    def score(self, windows: Sequence[Window]) -> list[Logits]:
        """The scores of each window, in order; computed in batches of like length."""
        out: list[Logits | None] = [None] * len(windows)
        for batch in length_batches([len(window) for window in windows]):
            for position, logits in zip(batch, self._batch([windows[p] for p in batch]), strict=True):
                out[position] = logits
        return [logits for logits in out if logits is not None]

    def _batch(self, windows: Sequence[Window]) -> list[Logits]:
        lengths = [len(window) for window in windows]
        ids = np.zeros((len(windows), padded_length(lengths, self._encoder.config.max_positions)), dtype=np.int64)
        types = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : lengths[row]] = window.ids
            types[row, window.question_length : lengths[row]] = 1
        states = self._encoder(torch.from_numpy(ids), torch.from_numpy(types), lengths)
        scores = torch.nn.functional.linear(states, *self._head).numpy()
        return [
            Logits(start=scores[row, :length, 0].copy(), end=scores[row, :length, 1].copy())
            for row, length in enumerate(lengths)
        ]


def _head(weights: dict[str, torch.Tensor], hidden: int) -> tuple[torch.Tensor, torch.Tensor]:
    weight, bias = weights.get("qa_outputs.weight"), weights.get("qa_outputs.bias")
    if weight is None or bias is None or weight.shape != (2, hidden) or bias.shape != (2,):
        raise ModelError("the model has no span head (qa_outputs of 2 rows): it is not a question answering model")
    return weight.float(), bias.float()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify_checksums(folder: Path) -> None:
    """``ModelError`` if the folder has a ``checksums.json`` and a file does not match it; the bundled one must have."""
    listing = folder / "checksums.json"
    if not listing.is_file():
        if folder == DEFAULT_READER:
            raise ModelError(f"damaged reader: {listing} is missing; install the program again")
        return
    try:
        expected = json.loads(listing.read_text(encoding="utf-8"))
        wrong = [name for name, digest in expected.items() if _digest(folder / Path(name).name) != digest]
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise ModelError(f"cannot check {folder}: {error!s:.200}; copy the model folder again") from error
    if wrong:
        raise ModelError(
            f"damaged reader: {', '.join(wrong):.200} in {folder} does not match checksums.json; copy it again"
        )


def load_reader(name: str | Path | None = None) -> Reader:
    """The bundled reader, or the one in a folder; ``ModelError`` names what is wrong with it."""
    folder = Path(name) if name is not None else DEFAULT_READER
    if folder.is_dir() and load_config(folder).get("model_type") == "bert":
        return SpanReader(folder)
    from qa.foreign import ForeignReader

    reader: Reader = ForeignReader(str(name))
    return reader
