from __future__ import annotations

from dataclasses import replace

import numpy as np

from qa.evaluation.predictions import squad_predictions, trec_qrels, trec_run
from qa.evaluation.ranked import Retrieved


def test_silence_is_an_empty_prediction(make_outcome) -> None:
    outcomes = [make_outcome(said="64", id="a"), make_outcome(said=None, id="b")]
    assert squad_predictions(outcomes) == {"a": "64", "b": ""}


def test_a_run_has_a_line_for_each_passage(make_outcome) -> None:
    searched = replace(make_outcome(id="g1"), retrieved=Retrieved((("p1", 0.75), ("p2", 0.5)), ("p2", "p9")))
    given_a_text = make_outcome(id="g2")
    assert list(trec_run([searched, given_a_text], "my run")) == ["g1 Q0 p1 1 0.75 my_run", "g1 Q0 p2 2 0.5 my_run"]
    assert list(trec_qrels([searched, given_a_text])) == ["g1 0 p2 1", "g1 0 p9 1"]


def test_equal_scores_keep_their_order_in_single_precision(make_outcome) -> None:
    scores = (0.3, 0.3, 0.3, 0.3 - 1e-12, -0.1, -0.1)
    searched = replace(
        make_outcome(id="line 3"), retrieved=Retrieved(tuple((f"p{n}", s) for n, s in enumerate(scores)))
    )
    rows = [line.split(" ") for line in trec_run([searched])]
    assert {len(row) for row in rows} == {6}
    assert {row[0] for row in rows} == {"line_3"}
    read = [np.float32(row[4]) for row in rows]
    assert read == sorted(set(read), reverse=True)
    assert np.allclose(read, scores)
