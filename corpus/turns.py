"""Who says what in an article: interview labels, reported speech and attributed quotations as one list of turns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from corpus.labels import find_label_turns
from corpus.paragraphs import paragraph_spans
from corpus.reported import find_reported_turns
from corpus.sentences import sentence_spans
from corpus.types import Span, Turn

__all__ = ["find_turns", "speaker_at"]


def find_turns(text: str) -> tuple[Turn, ...]:
    """The turns of ``text``, in order and disjoint; an empty tuple where nobody is heard.

    An interview gives one ``label`` turn a label, prose gives ``reported`` and ``quoted`` turns. ``turn.label`` is
    where the speaker's name stands, which for a pronoun is the place where the name was last the subject.

    >>> [(turn.speaker, turn.kind) for turn in find_turns("Ana Ruiz, Mayor of Lugo, said that the bridge is safe.")]
    [('Ana Ruiz', 'reported')]
    """
    paragraphs = paragraph_spans(text)
    labelled = find_label_turns(text, paragraphs)
    prose = _outside(paragraphs, labelled)
    sentences = [sentence_spans(text, span.start, span.end) for span in prose]
    return tuple(sorted([*labelled, *find_reported_turns(text, prose, sentences)], key=lambda turn: turn.span))


def speaker_at(turns: Sequence[Turn], span: Span) -> Turn | None:
    """The turn that contains ``span``, by bisection; ``turns`` must be sorted and disjoint, as ``find_turns`` gives."""
    index = bisect_right(turns, span.start, key=lambda turn: turn.span.start) - 1
    return turns[index] if index >= 0 and turns[index].span.contains(span) else None


def _outside(paragraphs: Sequence[Span], turns: Sequence[Turn]) -> list[Span]:
    """The paragraphs that no turn covers; both lists are sorted and a turn covers whole paragraphs."""
    return [span for span in paragraphs if speaker_at(turns, span) is None]
