"""What became of one gold question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from qa.evaluation.gold import GoldQuestion
from qa.evaluation.metrics import best_exact, best_f1, holds
from qa.evaluation.ranked import Retrieved
from qa.types import Answer

__all__ = ["Outcome", "Verdict", "outcome_of", "with_search"]

Verdict: TypeAlias = Literal["right", "partly", "wrong", "abstained"]

PARTLY = 0.5
"""From this F1 on an answer that is no exact match counts as partly right in the report's list."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one gold question.

    ``exact`` and ``f1`` rate what was said (abstaining says ""); ``forced_exact`` and ``forced_f1`` the best span
    whether or not it was given as the answer, ``None`` where no answer exists. ``cited``: a citation's sentence holds
    an accepted answer; ``None`` where nothing was cited or no answer exists. ``parts`` is the cited sentence as
    (before, quotation, after). ``milliseconds`` is this question's share of its batch.

    ``article_ids`` are the articles that hold the accepted answers, empty where that is not known. ``ranks`` are the
    ranks, from 1, of the retrieved passages that hold an accepted answer: none of them among those looked at is an
    empty tuple, ``None`` means that nothing was to be retrieved (a text was given, no answer exists, or it stands only
    in what is known about the article).
    ``isolated_exact`` and ``isolated_f1`` rate the reader's best span in the right passage alone, which parts
    mistakes of reading from those of retrieval; ``None`` where that was not asked or there is no such passage.
    ``retrieved`` is the search behind the ranks, ``None`` where a text was given.
    """

    gold: GoldQuestion
    answer: Answer
    exact: float
    f1: float
    forced_exact: float | None
    forced_f1: float | None
    cited: bool | None
    parts: tuple[str, str, str] | None
    milliseconds: float
    article_ids: tuple[str, ...] = ()
    ranks: tuple[int, ...] | None = None
    isolated_exact: float | None = None
    isolated_f1: float | None = None
    retrieved: Retrieved | None = None

    @property
    def verdict(self) -> Verdict:
        """Right, partly right, wrong, or silent where there was something to say."""
        if self.exact == 1.0:
            return "right"
        if not self.answer.answered:
            return "abstained"
        return "partly" if self.f1 >= PARTLY else "wrong"


def outcome_of(
    gold: GoldQuestion, answer: Answer, milliseconds: float, parts: tuple[str, str, str] | None = None
) -> Outcome:
    """The measures of one answer."""
    said = answer.text or ""
    forced = answer.alternatives[0].text if answer.alternatives else ""
    is_cited = any(holds(citation.sentence, gold.answers) for citation in answer.citations)
    return Outcome(
        gold,
        answer,
        exact=best_exact(said, gold.answers),
        f1=best_f1(said, gold.answers),
        forced_exact=best_exact(forced, gold.answers) if gold.answerable else None,
        forced_f1=best_f1(forced, gold.answers) if gold.answerable else None,
        cited=is_cited if gold.answerable and answer.citations else None,
        parts=parts,
        milliseconds=milliseconds,
    )


def with_search(
    outcome: Outcome, article_ids: tuple[str, ...], retrieved: Retrieved, alone: str | None = None
) -> Outcome:
    """The outcome with what the search found and what the reader makes of the right passage ``alone``."""
    answers = outcome.gold.answers
    is_searched = any(spot.in_text for spot in outcome.gold.spots)
    return replace(
        outcome,
        article_ids=article_ids,
        ranks=retrieved.ranks if is_searched else None,
        isolated_exact=None if alone is None else best_exact(alone, answers),
        isolated_f1=None if alone is None else best_f1(alone, answers),
        retrieved=retrieved,
    )
