"""Haystack with its reader told which tokens are the question: what its answers would be with this one omission mended.

Its reader passes no token types on, which the RoBERTa models it was made for do not have. A BERT reader, as ours is,
was trained with them and reads worse without. This variant supplies them, so that the rest can be compared.
"""

from __future__ import annotations

from typing import Any

import torch

from benchmarks.peers.haystack import HaystackPeer
from benchmarks.peers.protocol import Setup

__all__ = ["open_peer"]


class _WithTypes:
    """The model's call with token types: 0 up to the first separator, 1 behind it."""

    def __init__(self, model: Any, separator: int) -> None:
        self._model = model
        self._separator = separator

    def __call__(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> Any:
        is_separator = (input_ids == self._separator).long()
        types = ((is_separator.cumsum(dim=1) - is_separator) > 0).long() * attention_mask
        return self._model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=types)


def open_peer(setup: Setup) -> HaystackPeer:
    """Haystack with its models loaded and the reader's omission mended."""
    peer = HaystackPeer(setup)
    peer.reader.model = _WithTypes(peer.reader.model, peer.reader.tokenizer.sep_token_id)
    return peer
