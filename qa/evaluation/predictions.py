"""A run in the formats that other tools read: SQuAD's predictions, TREC's run and relevance judgements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from qa.evaluation.outcome import Outcome

__all__ = ["squad_predictions", "trec_qrels", "trec_run"]


def squad_predictions(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """What SQuAD's official script takes: the answer's text by the question's id, "" where there was none."""
    return {outcome.gold.id: outcome.answer.text or "" for outcome in outcomes}


def trec_run(outcomes: Sequence[Outcome], tag: str = "qa") -> Iterator[str]:
    """Lines ``qid Q0 passage rank score tag`` of every question that was asked of a library.

    trec_eval orders by the score and takes single precision, so equal scores are parted by the least step that it
    sees: the order stays the one of the search.
    """
    for outcome in outcomes:
        last = np.float32(np.inf)
        for rank, (passage_id, score) in enumerate(outcome.retrieved.passages if outcome.retrieved else (), 1):
            last = min(np.float32(score), np.nextafter(last, np.float32(-np.inf)))
            yield f"{_word(outcome.gold.id)} Q0 {passage_id} {rank} {last:.9g} {_word(tag)}"


def trec_qrels(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Lines ``qid 0 passage 1`` of every passage of the library that holds an accepted answer."""
    for outcome in outcomes:
        for passage_id in outcome.retrieved.relevant if outcome.retrieved else ():
            yield f"{_word(outcome.gold.id)} 0 {passage_id} 1"


def _word(text: str) -> str:
    """``text`` as one column: the formats part columns at spaces."""
    return "_".join(text.split()) or "_"
