"""What an interviewer asked, and which turns answer it: a short reply is often no sentence without its question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from corpus.labels import ASKERS
from corpus.sentences import sentence_spans
from corpus.types import Span, Turn

__all__ = ["asks", "questions_answered"]

LONGEST = 120
"""Characters of an interviewer's turn that are kept, its last sentences: the question comes after its occasion."""
SHORT = 400
"""Characters, with the label, up to which a reply leans on its question; a longer one stands by itself. On held-out
interviews 400 reads better than 100, 200, 800 and any length (docs/training.md)."""
REPLIES = 5
"""Turns after a question that may answer it; several people are often asked at once."""

_MARKS = ("?", "？", "؟")


def asks(text: str, turn: Turn) -> bool:
    """Whether a turn ends with a question, as an interviewer's does."""
    return turn.kind == "label" and turn.span.of(text).rstrip().endswith(_MARKS)


def questions_answered(text: str, turns: Sequence[Turn]) -> dict[Turn, Span]:
    """The interviewer's question before each short turn that replies to one; ``turns`` as ``find_turns`` gives them.

    Interviewers are who asks in more than half of their turns, or whose label says so (``Reporter``). People who talk
    with each other ask now and then, and what follows is then no reply to it often enough.

    >>> from corpus.turns import find_turns
    >>> text = "Reporter: Is it safe? When will it open?\\n\\nAna Ruiz: In May."
    >>> [(turn.speaker, span.of(text)) for turn, span in questions_answered(text, find_turns(text)).items()]
    [('Ana Ruiz', 'Is it safe? When will it open?')]
    """
    labelled = [turn for turn in turns if turn.kind == "label"]
    spoken = Counter(turn.speaker.casefold() for turn in labelled)
    asked = Counter(turn.speaker.casefold() for turn in labelled if asks(text, turn))
    found: dict[Turn, Span] = {}
    question: Turn | None = None
    replies = 0
    for turn in labelled:
        name = turn.speaker.casefold()
        if name in ASKERS or asked[name] * 2 > spoken[name]:
            question, replies = turn, 0
        elif asks(text, turn):
            question = None  # whoever talks next answers this one
        elif question is not None and replies < REPLIES:
            replies += 1
            if len(turn.span) <= SHORT:
                found[turn] = _question(text, question)
    return found


def _question(text: str, turn: Turn) -> Span:
    """The last sentences of an interviewer's turn, at least one, without its label."""
    colon = min((at for at in (text.find(mark, turn.label.end) for mark in ":：") if at >= 0), default=-1)
    begin = colon + 1 if 0 <= colon < turn.span.end else turn.span.start
    said = text[begin : turn.span.end]
    start, end = begin + len(said) - len(said.lstrip()), begin + len(said.rstrip())
    first = max(start, end - 2 * LONGEST)
    for sentence in reversed(sentence_spans(text, start, end)):
        if sentence.start < end - LONGEST:
            break
        first = sentence.start
    return Span(min(first, end), end)
