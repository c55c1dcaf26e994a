"""The reader on the right passage alone: what it would say if the search were perfect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.types import Article, Passage
from qa.evaluation.gold import GoldQuestion
from qa.followup import standalone

if TYPE_CHECKING:
    from qa.asking import Asker

__all__ = ["Alone", "nearest", "read_alone"]


@dataclass(frozen=True, slots=True)
class Alone:
    """A question with the one passage that is to be read, and that passage's article."""

    gold: GoldQuestion
    passage: Passage
    article: Article


def nearest(relevant: Sequence[Passage], found: Sequence[tuple[str, float]]) -> Passage | None:
    """Of the passages that hold an answer the one that the search ranked best, else the first; ``None`` of none."""
    ranks = {passage_id: rank for rank, (passage_id, _) in enumerate(found)}
    return min(relevant, key=lambda passage: ranks.get(passage.id, len(ranks)), default=None)


def read_alone(asker: Asker, wanted: Sequence[Alone]) -> list[str]:
    """The best span of each question in its passage, "" where there is none.

    The passage is read as it is after a search, with its speaker's name: only the search is taken away.
    """
    if not wanted:
        return []
    from index.types import Hit, Ranks  # not above: it brings the search engines, which `qa --help` does not need

    asked = [standalone(one.gold.asked.question, one.gold.asked.history) for one in wanted]
    hits = [[Hit(one.passage, 1.0, Ranks())] for one in wanted]
    articles = {one.article.id: one.article for one in wanted}
    answers = asker.answer_hits(asked, asked, hits, articles, {})
    return [answer.alternatives[0].text if answer.alternatives else "" for answer in answers]
