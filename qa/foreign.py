"""Readers of other architectures (RoBERTa, DeBERTa, ...), run by transformers from a folder or its cache.

The windows stay the project's own, so the model must bring a fast tokenizer; only safetensors are read and no code
from the model's folder is run.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import ModelError
from index.embed import length_batches
from qa.reader import Logits
from qa.windows import Window, Windower

__all__ = ["ForeignReader"]


class ForeignReader:
    """Any model that ``AutoModelForQuestionAnswering`` loads."""

    def __init__(self, name: str) -> None:
        try:
            from transformers import AutoModelForQuestionAnswering, AutoTokenizer

            options: dict[str, Any] = {"trust_remote_code": False, "local_files_only": Path(name).is_dir()}
            self._model = AutoModelForQuestionAnswering.from_pretrained(name, use_safetensors=True, **options).eval()
            tokenizer = AutoTokenizer.from_pretrained(name, use_fast=True, **options)
            backend = tokenizer.backend_tokenizer
        except Exception as error:  # the library raises many kinds; each means the same to the user
            first = (str(error).splitlines() or [type(error).__name__])[0]
            raise ModelError(f"cannot load the reader {name}: {first}") from error
        self.id = name
        self._typed = int(getattr(self._model.config, "type_vocab_size", 0)) > 1
        self._pad = int(tokenizer.pad_token_id or 0)
        self.windower = Windower(backend, opening=tokenizer.cls_token, separator=tokenizer.sep_token)

    def score(self, windows: Sequence[Window]) -> list[Logits]:
        """The scores of each window, in order; computed in batches of like length."""
        out: dict[int, Logits] = {}
        for batch in length_batches([len(window) for window in windows]):
            out.update(zip(batch, self._batch([windows[position] for position in batch]), strict=True))
        return [out[position] for position in range(len(windows))]

    def _batch(self, windows: Sequence[Window]) -> list[Logits]:
        import torch

        lengths = [len(window) for window in windows]
        ids = np.full((len(windows), max(lengths)), self._pad, dtype=np.int64)
        types = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : lengths[row]] = window.ids
            types[row, window.question_length : lengths[row]] = 1
        mask = np.arange(ids.shape[1])[None, :] < np.array(lengths)[:, None]
        inputs = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask.astype(np.int64))}
        if self._typed:
            inputs["token_type_ids"] = torch.from_numpy(types)
        with torch.inference_mode():
            found = self._model(**inputs)
        start, end = found.start_logits.float().numpy(), found.end_logits.float().numpy()
        return [Logits(start[row, :n].copy(), end[row, :n].copy()) for row, n in enumerate(lengths)]
