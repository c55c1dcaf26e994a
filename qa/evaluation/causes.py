"""Why an answer is not right: told from the verdict, the ranks of the right passages and the reader alone."""

from __future__ import annotations

from typing import Literal, TypeAlias

from qa.evaluation.outcome import Outcome

__all__ = ["CAUSES", "Cause", "cause_of"]

Cause: TypeAlias = Literal["invented", "held back", "not found", "cut", "misread", "passed over", "unclear"]

CAUSES: dict[Cause, str] = {
    "invented": "answered, though the articles hold no answer",
    "held back": "the best guess was right, but it was not given",
    "not found": "no passage that was looked at holds an accepted answer",
    "cut": "the right place, with more or fewer words than accepted",
    "misread": "the right passage was found; given it alone, the reader still answers wrongly",
    "passed over": "the right passage was found and is read rightly alone, but another span was preferred",
    "unclear": "the measures do not tell",
}
"""Each cause with its meaning in words."""


def cause_of(outcome: Outcome) -> Cause | None:
    """The first cause that applies, in the order of ``CAUSES``; ``None`` where the answer is right."""
    if outcome.verdict == "right":
        return None
    if not outcome.gold.answerable:
        return "invented"
    if not outcome.answer.answered and outcome.forced_exact == 1.0:
        return "held back"
    if outcome.ranks == ():
        return "not found"
    if outcome.verdict == "partly":
        return "cut"
    if outcome.isolated_exact is None:
        return "unclear"
    return "misread" if outcome.isolated_exact < 1.0 else "passed over"
