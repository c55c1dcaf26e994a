"""Question and text to token windows, each token knowing which characters of the article it stands for.

This is the one piece of windowing code: training and serving both use it, so the reader is asked as it was taught.
A window is ``[CLS] question [SEP] label : passage [SEP]``; the pieces behind the first ``[SEP]`` carry their place in
the article, so a span of tokens found in any of them is a span of characters there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from corpus.errors import ModelError
from corpus.types import Span

__all__ = ["MAX_QUESTION_TOKENS", "Piece", "Window", "Windower"]

MAX_QUESTION_TOKENS = 80
"""A longer question is cut: 1 of the 121,294 training questions has more word pieces."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text shown to the reader; ``start`` is its place in the article, ``None`` if it is only shown."""

    text: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids of one reader input, with the article's characters behind each token.

    ``starts`` and ``ends`` (n) int32 hold each token's character interval in the article, -1 where a token is no
    part of it (special tokens, the question, a separator). ``heads`` (n) is True where a token opens a word,
    ``tails`` where it closes one. ``source`` is the caller's number of the text that the window shows.
    """

    ids: tuple[int, ...]
    question_length: int
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    heads: NDArray[np.bool_]
    tails: NDArray[np.bool_]
    source: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    def span(self, first: int, last: int) -> Span:
        """The characters from token ``first`` to token ``last``, both included."""
        return Span(int(self.starts[first]), int(self.ends[last]))

    def tokens_of(self, span: Span) -> tuple[int, int] | None:
        """First and last token that cover ``span``, or ``None`` where the window does not show all of it."""
        inside = np.flatnonzero((self.starts >= 0) & (self.ends > span.start) & (self.starts < span.end))
        if not inside.size or self.starts[inside[0]] > span.start or self.ends[inside[-1]] < span.end:
            return None
        return int(inside[0]), int(inside[-1])


@dataclass(frozen=True, slots=True)
class _Tokens:
    """Parallel arrays of one or several tokenised pieces."""

    ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    heads: NDArray[np.bool_]
    tails: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)

    def part(self, start: int, end: int) -> _Tokens:
        return _Tokens(*(getattr(self, name)[start:end] for name in self.__slots__))

    @classmethod
    def joined(cls, parts: Sequence[_Tokens]) -> _Tokens:
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))


class Windower:
    """Cuts texts into windows of at most ``max_length`` tokens that overlap by ``stride`` tokens."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        *,
        max_length: int = 384,
        stride: int = 128,
        opening: str = "[CLS]",
        separator: str = "[SEP]",
    ) -> None:
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.max_length = max_length
        self.stride = stride
        self._cls, self._sep = self.id_of(opening), self.id_of(separator)

    @classmethod
    def from_folder(cls, folder: Path, *, max_length: int = 384, stride: int = 128) -> Windower:
        """A windower with the folder's ``tokenizer.json``; ``ModelError`` if it is missing or damaged."""
        path = folder / "tokenizer.json"
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises a bare Exception for each kind of damage
            raise ModelError(f"cannot read {path}: {error}; copy the model folder again") from error
        return cls(tokenizer, max_length=max_length, stride=stride)

    def id_of(self, token: str) -> int:
        """The number of a special token such as ``[MASK]``; ``ModelError`` if the tokenizer has none."""
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise ModelError(f"the reader's tokenizer has no {token}; copy the model folder again")
        return int(found)

    def build(self, question: str, texts: Sequence[Sequence[Piece]]) -> list[Window]:
        """Windows of one question over several texts, in order; ``window.source`` numbers the text.

        The last piece of a text is the one that is cut where it is long; the pieces before it (a speaker's label)
        stand in front of every cut.
        """
        encoded = self._tokenizer.encode(question, add_special_tokens=False).ids[:MAX_QUESTION_TOKENS]
        flat = [piece for text in texts for piece in text]
        tokens = iter(self._tokens([piece.text for piece in flat], [piece.start for piece in flat]))
        windows: list[Window] = []
        for source, text in enumerate(texts):
            *front, body = [next(tokens) for _ in text]
            windows.extend(self._cut(encoded, front, body, source))
        return windows

    def _tokens(self, texts: Sequence[str], starts: Sequence[int | None]) -> Iterator[_Tokens]:
        found = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        for encoding, start in zip(found, starts, strict=True):
            yield _from_encoding(encoding, start)

    def _cut(self, question: Sequence[int], front: Sequence[_Tokens], body: _Tokens, source: int) -> Iterator[Window]:
        room = self.max_length - len(question) - 3 - sum(map(len, front))
        step = max(1, room - self.stride)
        start = 0
        while True:
            yield self._window(question, _Tokens.joined([*front, body.part(start, start + room)]), source)
            if start + room >= len(body):
                return
            start += step

    def _window(self, question: Sequence[int], shown: _Tokens, source: int) -> Window:
        ids = (self._cls, *question, self._sep, *shown.ids.tolist(), self._sep)
        ahead = len(question) + 2

        def padded(values: NDArray[np.int32], fill: int) -> NDArray[np.int32]:
            return np.pad(values, (ahead, 1), constant_values=fill)

        return Window(
            ids=ids,
            question_length=ahead,
            starts=padded(shown.starts, -1),
            ends=padded(shown.ends, -1),
            heads=np.pad(shown.heads, (ahead, 1)),
            tails=np.pad(shown.tails, (ahead, 1)),
            source=source,
        )


def _from_encoding(encoding: Encoding, start: int | None) -> _Tokens:
    offsets = np.asarray(encoding.offsets, dtype=np.int32).reshape(-1, 2)
    words = np.asarray([-1 if word is None else word for word in encoding.word_ids], dtype=np.int32)
    change = np.flatnonzero(np.diff(words)) + 1
    heads = np.zeros(len(words), dtype=np.bool_)
    tails = np.zeros(len(words), dtype=np.bool_)
    if len(words):
        heads[[0, *change.tolist()]] = True
        tails[[*(change - 1).tolist(), -1]] = True
    unseen = np.full(len(words), -1, dtype=np.int32)
    return _Tokens(
        ids=np.asarray(encoding.ids, dtype=np.int32),
        starts=unseen if start is None else offsets[:, 0] + start,
        ends=unseen if start is None else offsets[:, 1] + start,
        heads=heads,
        tails=tails,
    )
