"""The reader as it is trained: a BERT encoder with a span head, its weights under their published names.

The forward pass is the one of ``index/bert.py`` with gradients. Nothing is wrapped in modules, so the names in a
checkpoint, in an export and in a published BERT folder are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - the name that torch's own documents use

from corpus.errors import ModelError
from index.bert import BertConfig, fast_dtype, load_config, load_weights
from training.batches import Batch

__all__ = ["FROZEN", "SpanNetwork", "span_loss"]

FROZEN = "bert.embeddings.word_embeddings.weight"
"""Half of all weights: training them costs time, and words that the data lacks would drift away from the others.
A recipe's ``words`` trains them all the same."""

_HEAD = ("qa_outputs.weight", "qa_outputs.bias")
_LOW = -1e9


class SpanNetwork:
    """Weights by published name, float32, and the pass from token ids to start and end scores."""

    def __init__(
        self, config: BertConfig, weights: Mapping[str, Tensor], device: str = "cpu", *, words: bool = False
    ) -> None:
        self.config = config
        self._frozen = frozenset() if words else frozenset({FROZEN})
        self.device = torch.device(device)
        self.dropout = 0.0
        named = {_published(name): tensor for name, tensor in weights.items() if "pooler" not in name}
        self.weights = {name: tensor.float().to(device) for name, tensor in named.items() if tensor.is_floating_point()}
        _add_head(self.weights, config.hidden_size)
        for name, tensor in self.trained().items():
            self.weights[name] = tensor.detach().clone().requires_grad_()

    @classmethod
    def from_folder(cls, folder: Path, device: str = "cpu", *, words: bool = False) -> SpanNetwork:
        """The network of a model folder; an encoder without a span head gets a fresh one. ``ModelError`` if unfit.

        ``words`` trains the word embeddings too.
        """
        return cls(BertConfig.from_dict(load_config(folder)), load_weights(folder), device, words=words)

    def trained(self) -> dict[str, Tensor]:
        """The weights that training changes, by name, in a fixed order."""
        return {name: self.weights[name] for name in sorted(self.weights) if name not in self._frozen}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Take over the values of trained weights; ``ModelError`` if one is missing."""
        with torch.no_grad():
            for name, own in self.trained().items():
                if name not in tensors:
                    raise ModelError(f"the checkpoint lacks {name}; train again or name another checkpoint")
                own.copy_(tensors[name])

    def scores(self, batch: Batch) -> Tensor:
        """Start and end scores (rows, length, 2) float32 of a padded batch."""
        with self._precision():
            states = self._embed(batch.ids, batch.types)
            mask = None if batch.is_full else _hidden(batch.real)
            for number in range(self.config.layers):
                states = self._layer(states, f"bert.encoder.layer.{number}", mask)
        return F.linear(states.float(), *(self.weights[name] for name in _HEAD))

    def _precision(self) -> AbstractContextManager[object]:
        # A processor that only emulates bfloat16 took two minutes for a step of two seconds in float32.
        reduced = self.device.type != "cpu" or fast_dtype() == torch.bfloat16
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=reduced)

    def _linear(self, states: Tensor, *names: str) -> Tensor:
        weight, bias = (
            torch.cat([self.weights[f"{name}.{part}"] for name in names])
            if len(names) > 1
            else self.weights[f"{names[0]}.{part}"]
            for part in ("weight", "bias")
        )
        return F.linear(states, weight, bias)

    def _drop(self, states: Tensor) -> Tensor:
        return F.dropout(states, self.dropout) if self.dropout else states

    def _normalise(self, states: Tensor, name: str) -> Tensor:
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return F.layer_norm(states, (self.config.hidden_size,), weight, bias, self.config.eps)

    def _embed(self, ids: Tensor, types: Tensor) -> Tensor:
        word, position, kind = (
            self.weights[f"bert.embeddings.{part}_embeddings.weight"] for part in ("word", "position", "token_type")
        )
        # Types are 0 and 1: a blend of two rows, whose gradient is a plain sum in a fixed order on every device.
        second = types.unsqueeze(-1).to(kind.dtype)
        states = word[ids] + position[: ids.shape[1]] + kind[0] + second * (kind[1] - kind[0])
        return self._drop(self._normalise(states, "bert.embeddings.LayerNorm"))

    def _layer(self, states: Tensor, root: str, mask: Tensor | None) -> Tensor:
        attended = self._attend(states, f"{root}.attention.self", mask)
        out = self._drop(self._linear(attended, f"{root}.attention.output.dense"))
        states = self._normalise(states + out, f"{root}.attention.output.LayerNorm")
        hidden = F.gelu(self._linear(states, f"{root}.intermediate.dense"))
        return self._normalise(
            states + self._drop(self._linear(hidden, f"{root}.output.dense")), f"{root}.output.LayerNorm"
        )

    def _attend(self, states: Tensor, root: str, mask: Tensor | None) -> Tensor:
        rows, length, size = states.shape
        heads = self.config.heads
        qkv = self._linear(states, *(f"{root}.{part}" for part in ("query", "key", "value")))
        query, key, value = qkv.view(rows, length, 3, heads, size // heads).permute(2, 0, 3, 1, 4).unbind(0)
        # Written out: the fused attention's backward pass takes three quarters of a training step on a CPU. Nothing
        # but the sum with the mask walks over the scores: a scale or a fill there cost a tenth of the step each.
        scores = (query * (size // heads) ** -0.5) @ key.transpose(2, 3)
        if mask is not None:
            scores = scores + mask
        # Autocast would copy the scores to float32 and back; the kernel adds up in float32 as it is.
        with torch.autocast(self.device.type, enabled=False):
            mixed = torch.softmax(scores, dim=-1) @ value
        return mixed.transpose(1, 2).reshape(rows, length, size)


def span_loss(scores: Tensor, batch: Batch) -> Tensor:
    """Mean cross-entropy of the start and of the end position, among the positions that decoding may choose."""
    kinds = ((0, batch.may_start, batch.first), (1, batch.may_end, batch.last))
    losses = [F.cross_entropy(scores[..., end].masked_fill(~may, _LOW), target) for end, may, target in kinds]
    return (losses[0] + losses[1]) / 2


def _hidden(real: Tensor) -> Tensor:
    """What is added to attention scores (rows, heads, length, length): nothing for a token, the lowest for padding."""
    zeros = torch.zeros(real.shape, dtype=torch.bfloat16, device=real.device)
    return zeros.masked_fill_(~real, _LOW)[:, None, None, :]


def _published(name: str) -> str:
    return name if name.startswith(("bert.", "qa_outputs.")) else f"bert.{name}"


def _add_head(weights: dict[str, Tensor], hidden: int) -> None:
    generator = torch.Generator().manual_seed(0)
    device = next(iter(weights.values())).device
    weights.setdefault(_HEAD[0], (torch.randn(2, hidden, generator=generator) * 0.02).to(device))
    weights.setdefault(_HEAD[1], torch.zeros(2, device=device))
