"""Measures and searches against a second way to the same figure.

What holds elsewhere: EM and F1 against the official definition (tests/qa/evaluation/test_official.py), approximate
against exact search (tests/index/test_stored_dense.py), answers to many questions against single ones
(tests/qa/test_engine.py), the reader's batches against single windows (tests/qa/test_reader.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.library import Library
from index.retriever import Retriever
from qa.evaluation.metrics import best_exact, best_f1
from qa.evaluation.outcome import Outcome
from qa.evaluation.predictions import squad_predictions, trec_qrels, trec_run
from qa.evaluation.ranked import Retrieved, trec_scores
from tests.qa.evaluation.conftest import made
from tests.trust.faults.toy import LONG, REPORTS, TOY, put

IDS = [f"passage-{number}" for number in range(30)]
SCORES = st.sampled_from([0.0, 0.1, 0.1 + 1e-9, 0.5, 1.0, 7.25])  # equal and nearly equal ones are where tools differ


@st.composite
def searches(draw: st.DrawFn) -> Retrieved:
    found = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=20))
    scores = sorted(draw(st.lists(SCORES, min_size=len(found), max_size=len(found))), reverse=True)
    relevant = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=6))
    return Retrieved(tuple(zip(found, scores, strict=True)), tuple(relevant))


def by_formula(one: Retrieved) -> dict[str, float]:
    """The measures as their definitions have them: Järvelin and Kekäläinen 2002 for nDCG with gains of 0 and 1."""
    ranks, wanted = one.ranks, len(one.relevant)
    gained = sum(1 / math.log2(rank + 1) for rank in ranks if rank <= 10)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(wanted, 10) + 1))
    measures = {"RR": 1 / ranks[0] if ranks else 0.0, "nDCG@10": gained / ideal if wanted else 0.0}
    for cutoff in (1, 5, 10, 20):
        above = sum(rank <= cutoff for rank in ranks)
        measures[f"Success@{cutoff}"] = float(above > 0)
        measures[f"R@{cutoff}"] = above / wanted if wanted else 0.0
    return measures


@settings(deadline=None, max_examples=60)
@given(st.lists(searches(), min_size=1, max_size=6))
def test_retrieval_measures_equal_their_formulas(found: list[Retrieved]) -> None:
    scores = trec_scores(found)
    for number, one in enumerate(found):
        for measure, value in by_formula(one).items():
            assert scores[measure][number] == pytest.approx(value, abs=1e-6), measure


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(searches(), min_size=1, max_size=5))
def test_the_saved_run_gives_trec_eval_the_same_figures(tmp_path: Path, found: list[Retrieved]) -> None:
    import ir_measures

    outcomes = [replace(made(id=f"g{number}"), retrieved=one) for number, one in enumerate(found)]
    (tmp_path / "run").write_text("".join(f"{line}\n" for line in trec_run(outcomes)), encoding="utf-8")
    (tmp_path / "qrels").write_text("".join(f"{line}\n" for line in trec_qrels(outcomes)), encoding="utf-8")
    measures = [ir_measures.parse_measure(name) for name in ("RR", "nDCG@10", "R@5", "Success@1")]
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "qrels")))
    run = list(ir_measures.read_trec_run(str(tmp_path / "run")))
    ours = trec_scores(found)
    for value in ir_measures.iter_calc(measures, qrels, run):
        place = int(value.query_id.removeprefix("g"))
        if found[place].relevant and found[place].passages:
            assert value.value == pytest.approx(ours[str(value.measure)][place], abs=1e-6)


def official(predictions: dict[str, str], answers: dict[str, list[str]]) -> tuple[float, float]:
    """EM and F1 of a file of predictions, as the SQuAD 2.0 script adds them up: in percent, over all questions."""
    exact = [best_exact(predictions[key], accepted) for key, accepted in answers.items()]
    f1 = [best_f1(predictions[key], accepted) for key, accepted in answers.items()]
    return 100 * sum(exact) / len(exact), 100 * sum(f1) / len(f1)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([None, "forty bridges", "The forty bridges.", "bridges", "a ferry"]), min_size=1))
def test_the_saved_predictions_give_the_official_script_the_same_figures(said: Sequence[str | None]) -> None:
    outcomes: list[Outcome] = [
        made(said=text, id=f"g{number}", accepted=("forty bridges",) if number % 3 else ())
        for number, text in enumerate(said)
    ]
    answers = {outcome.gold.id: list(outcome.gold.answers) for outcome in outcomes}
    exact, f1 = official(squad_predictions(outcomes), answers)
    assert exact == pytest.approx(100 * np.mean([outcome.exact for outcome in outcomes]))
    assert f1 == pytest.approx(100 * np.mean([outcome.f1 for outcome in outcomes]))


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    """A search over stored indexes."""
    with Library.open(tmp_path_factory.mktemp("library"), create=True) as library:
        for name in REPORTS:
            put(library, name)
        made = Retriever(library, TOY)
        made.refresh()
        assert REPORTS[LONG]
        yield made


WORDS = ["heron", "post", "nine", "singers", "bridge", "?", "mill", "the", "", "Sorn", "12", "cellars"]


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), max_size=40), st.integers(1, 30))
def test_many_searches_equal_single_ones(
    retriever: Retriever, tally: Callable[[str, int, int], None], queries: list[str], k: int
) -> None:
    together = retriever.search_many(queries, k)
    well = sum(found == retriever.search(query, k) for query, found in zip(queries, together, strict=True))
    tally("batch equals single", len(queries), well)
    assert well == len(queries)
