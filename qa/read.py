"""Passages to what the reader is shown: in front of one the question that it replies to, and the speaker's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.turns import speaker_at
from corpus.types import Article, Passage
from qa.decode import candidates
from qa.reader import Reader
from qa.types import Candidate
from qa.windows import Piece

__all__ = ["pieces_of", "read_passages"]


def pieces_of(article: Article, passage: Passage) -> list[Piece]:
    """The stretches of the article shown for a passage: ``question Name : passage``, or the passage alone.

    The name is the label's own characters, wherever it stands, so "who said it" can be answered with it. The question
    is the interviewer's where a short reply stands ("Water, without doubt."); it is only shown, no answer lies in it.
    """
    body = Piece(passage.span.of(article.text), passage.span.start)
    label = passage.speaker
    if label is None:
        return [body]
    if passage.span.contains(label):
        return [*_question(article, passage), body]
    return [Piece(label.of(article.text), label.start), Piece(": "), body]


def _question(article: Article, passage: Passage) -> list[Piece]:
    """What the interviewer asked."""
    section = passage.section
    turn = None if section is None else speaker_at(article.turns, section)  # nobody says a heading
    if section is None or turn is None or turn.kind != "label":
        return []
    return [Piece(section.of(article.text))]


def read_passages(
    reader: Reader, asked: Sequence[tuple[str, Sequence[Passage]]], articles: Mapping[str, Article]
) -> list[list[Candidate]]:
    """Candidates, best margin first, of each question over its passages; all questions go in one batch.

    ``asked`` holds (question, passages) pairs, ``articles`` every article that a passage belongs to, by its id.
    """
    windows = [
        reader.windower.build(question, [pieces_of(articles[p.article_id], p) for p in passages])
        for question, passages in asked
    ]
    logits = iter(reader.score([window for group in windows for window in group]))
    return [
        candidates(passages, group, [next(logits) for _ in group])
        for (_, passages), group in zip(asked, windows, strict=True)
    ]
