"""A BERT encoder in plain torch: the one network that both the embedder and the reader run.

Why not the transformers class: importing it costs 5 to 9 seconds here, more than everything else that a cold
question does, and its layers run in float32 on processors that have bfloat16 matrix units. The weights and their
names are those of any BERT folder (``config.json`` and ``model.safetensors``); a test holds the outputs equal to
transformers' own. Architecture: Devlin et al. 2019, https://arxiv.org/abs/1810.04805.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - its usual name

from corpus.errors import ModelError

__all__ = ["BertConfig", "BertEncoder", "fast_dtype", "load_config", "load_weights", "padded_length"]


@dataclass(frozen=True, slots=True)
class BertConfig:
    """The sizes of a BERT encoder, read from its ``config.json``."""

    hidden_size: int
    layers: int
    heads: int
    max_positions: int
    vocab_size: int
    eps: float

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> BertConfig:
        """Read the sizes; ``ModelError`` where the network is not a plain BERT."""
        plain = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
        for key, expected in plain.items():
            if (found := raw.get(key, expected)) != expected:
                raise ModelError(f"not a plain BERT encoder: {key} is {found!r}, {expected!r} is needed")
        try:
            return cls(
                hidden_size=int(raw["hidden_size"]),
                layers=int(raw["num_hidden_layers"]),
                heads=int(raw["num_attention_heads"]),
                max_positions=int(raw["max_position_embeddings"]),
                vocab_size=int(raw["vocab_size"]),
                eps=float(raw.get("layer_norm_eps", 1e-12)),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"the model's config.json lacks or garbles {error}") from error


LENGTH_STEP = 16


def padded_length(lengths: Sequence[int], most: int) -> int:
    """The width of a padded batch: the longest row rounded up to a multiple of 16, ``most`` at the most.

    oneDNN compiles its kernels anew for each new shape, which takes longer than the padding: with exact widths a
    question's 8 windows take 148 ms here, with rounded ones 90.
    """
    return min(most, -(-max(lengths) // LENGTH_STEP) * LENGTH_STEP)


def load_config(folder: Path) -> dict[str, Any]:
    """The parsed ``config.json`` of a model folder; ``ModelError`` if it is missing or not JSON."""
    path = folder / "config.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(
            f"no model in {folder}: config.json is missing; name a folder with config.json, "
            "model.safetensors and tokenizer.json"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"cannot read {path}: {error}; copy the model folder again") from error
    if not isinstance(raw, dict):
        raise ModelError(f"{path} does not hold a JSON object; copy the model folder again")
    return raw


def load_weights(folder: Path) -> dict[str, Tensor]:
    """All tensors of ``model.safetensors``; ``ModelError`` if the file is missing or damaged."""
    path = folder / "model.safetensors"
    if not path.is_file():
        raise ModelError(
            f"no weights in {folder}: model.safetensors is missing (other formats are not read, "
            "because they can run code)"
        )
    try:
        return dict(load_file(path))
    except (SafetensorError, OSError, ValueError) as error:
        raise ModelError(f"{path} is damaged: {error}; copy the model folder again") from error


def fast_dtype() -> torch.dtype:
    """bfloat16 where the processor multiplies it in hardware, else float32.

    Measured on 2 cores with AMX: 12 windows of 200 tokens take 162 ms, in float32 388. Without
    AVX512-BF16 or AMX, bfloat16 is emulated and slower than float32.
    """
    cpu = torch.cpu
    has_amx = bool(getattr(cpu, "_is_amx_tile_supported", lambda: False)())
    has_avx = bool(getattr(cpu, "_is_avx512_bf16_supported", lambda: False)())
    return torch.bfloat16 if has_amx or has_avx else torch.float32


class _Linear:
    """A linear map whose weight is laid out once as oneDNN wants it, where torch offers that.

    Else the library lays it out anew at each call, which costs a small batch a third of its time. Both operations
    are torch's own but not documented, hence the fallback to the plain one.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self.bias = bias
        self.weight = weight
        self._packed: Tensor | None = None
        if weight.dtype == torch.bfloat16:
            with contextlib.suppress(AttributeError, RuntimeError):
                packed = torch.ops.mkldnn._reorder_linear_weight(weight)
                torch.ops.mkldnn._linear_pointwise(weight[:1, :], packed, bias, "none", [], "")
                self._packed = packed

    def __call__(self, states: Tensor) -> Tensor:
        if self._packed is None:
            return F.linear(states, self.weight, self.bias)
        mapped: Tensor = torch.ops.mkldnn._linear_pointwise(states, self._packed, self.bias, "none", [], "")
        return mapped


@dataclass(frozen=True, slots=True)
class _Layer:
    qkv: _Linear
    out: _Linear
    out_norm: tuple[Tensor, Tensor]
    up: _Linear
    down: _Linear
    down_norm: tuple[Tensor, Tensor]


class BertEncoder:
    """The encoder's forward pass over a padded batch, in inference mode, on the CPU.

    ``weights`` maps published BERT names (with or without a leading ``bert.``) to tensors.
    """

    def __init__(self, config: BertConfig, weights: Mapping[str, Tensor], dtype: torch.dtype | None = None) -> None:
        self.config = config
        self.dtype = dtype or fast_dtype()
        self._weights = {name.removeprefix("bert."): tensor for name, tensor in weights.items()}
        self._embeddings = [
            self._take(f"embeddings.{kind}_embeddings.weight") for kind in ("word", "position", "token_type")
        ]
        if (rows := self._embeddings[0].shape) != (config.vocab_size, config.hidden_size):
            raise ModelError(
                f"word embeddings are {tuple(rows)}, config.json says "
                f"{(config.vocab_size, config.hidden_size)}; the folder mixes two models"
            )
        self._norm = self._pair("embeddings.LayerNorm")
        self._layers = [self._layer(number) for number in range(config.layers)]
        del self._weights

    def _take(self, name: str) -> Tensor:
        tensor = self._weights.get(name)
        if tensor is None:
            raise ModelError(f"the weights lack {name}: not a BERT encoder, or a damaged one")
        return tensor.to(self.dtype)

    def _pair(self, *names: str) -> tuple[Tensor, Tensor]:
        """Weight and bias of one linear map, or of several stacked into one."""
        return (
            torch.cat([self._take(f"{name}.weight") for name in names]),
            torch.cat([self._take(f"{name}.bias") for name in names]),
        )

    @torch.inference_mode()
    def _linear(self, *names: str) -> _Linear:
        return _Linear(*self._pair(*names))

    def _layer(self, number: int) -> _Layer:
        root = f"encoder.layer.{number}"
        attention = f"{root}.attention"
        return _Layer(
            qkv=self._linear(*(f"{attention}.self.{part}" for part in ("query", "key", "value"))),
            out=self._linear(f"{attention}.output.dense"),
            out_norm=self._pair(f"{attention}.output.LayerNorm"),
            up=self._linear(f"{root}.intermediate.dense"),
            down=self._linear(f"{root}.output.dense"),
            down_norm=self._pair(f"{root}.output.LayerNorm"),
        )

    def _normalise(self, states: Tensor, norm: tuple[Tensor, Tensor]) -> Tensor:
        return F.layer_norm(states, (self.config.hidden_size,), *norm, self.config.eps)

    def _attend(self, states: Tensor, layer: _Layer, mask: Tensor | None) -> Tensor:
        batch, length, size = states.shape
        heads = self.config.heads
        qkv = layer.qkv(states).view(batch, length, 3, heads, size // heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return layer.out(mixed.transpose(1, 2).reshape(batch, length, size))

    @torch.inference_mode()
    def __call__(self, ids: Tensor, types: Tensor, lengths: Sequence[int]) -> Tensor:
        """Hidden states (batch, length, hidden) in float32 of token ids and token types (batch, length).

        ``lengths`` holds the number of real tokens of each row; what lies behind is padding and gets no attention.
        """
        length = ids.shape[1]
        if length > self.config.max_positions:
            raise ModelError(f"{length} tokens in a row, the encoder takes {self.config.max_positions}")
        word, position, kind = self._embeddings
        states = self._normalise(word[ids] + position[:length] + kind[types], self._norm)
        mask = None
        if min(lengths) < length:
            mask = (torch.arange(length)[None, :] < torch.tensor(lengths)[:, None])[:, None, None, :]
        for layer in self._layers:
            states = self._normalise(states + self._attend(states, layer, mask), layer.out_norm)
            hidden = F.gelu(layer.up(states))
            states = self._normalise(states + layer.down(hidden), layer.down_norm)
        return states.float()
