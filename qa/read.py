"""Passages to what the reader is shown: the speaker's name in front where the passage does not open with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.types import Article, Passage
from qa.decode import candidates
from qa.reader import Reader
from qa.types import Candidate
from qa.windows import Piece

__all__ = ["pieces_of", "read_passages"]


def pieces_of(text: str, passage: Passage) -> list[Piece]:
    """The stretches of the article's ``text`` shown for a passage: ``Name : passage``, or the passage alone.

    The name is the label's own characters, wherever it stands, so "who said it" can be answered with it.
    """
    body = Piece(passage.span.of(text), passage.span.start)
    label = passage.speaker
    if label is None or (label.start >= passage.span.start and label.end <= passage.span.end):
        return [body]
    return [Piece(label.of(text), label.start), Piece(":"), body]


def read_passages(
    reader: Reader, asked: Sequence[tuple[str, Sequence[Passage]]], articles: Mapping[str, Article]
) -> list[list[Candidate]]:
    """Candidates, best margin first, of each question over its passages; all questions go in one batch.

    ``asked`` holds (question, passages) pairs, ``articles`` every article that a passage belongs to, by its id.
    """
    windows = [
        reader.windower.build(question, [pieces_of(articles[p.article_id].text, p) for p in passages])
        for question, passages in asked
    ]
    logits = iter(reader.score([window for group in windows for window in group]))
    return [
        candidates(passages, group, [next(logits) for _ in group])
        for (_, passages), group in zip(asked, windows, strict=True)
    ]
