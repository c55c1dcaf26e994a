import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.types import Passage, Span
from qa.decode import MAX_ANSWER_TOKENS, candidates, distinct, span_scores, top_spans
from qa.reader import DEFAULT_READER, Logits
from qa.types import Candidate
from qa.windows import Piece, Windower

WINDOWER = Windower.from_folder(DEFAULT_READER)
TEXT = "The old bridge in Tromsø was closed in uncharacteristically warm weather."
PASSAGE = Passage("p", "a", Span(0, len(TEXT)))


def window_of(text: str = TEXT, label: str | None = None):
    pieces = [Piece(text, 0)] if label is None else [Piece(label, 500), Piece(":"), Piece(text, 0)]
    return WINDOWER.build("What was closed?", [pieces])[0]


def logits_of(seed: int, length: int) -> Logits:
    rng = np.random.default_rng(seed)
    return Logits(rng.normal(size=length).astype(np.float32), rng.normal(size=length).astype(np.float32))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_the_best_span_is_the_best_of_all_pairs(seed: int) -> None:
    window = window_of()
    logits = logits_of(seed, len(window))
    by_hand = max(
        (float(logits.start[i] + logits.end[j]), window.span(i, j))
        for i in range(len(window))
        for j in range(i, min(len(window), i + MAX_ANSWER_TOKENS))
        if window.starts[i] >= 0 and window.heads[i] and window.starts[j] >= 0 and window.tails[j]
    )
    span, score = top_spans(window, logits, 1)[0]
    assert span == by_hand[1]
    assert abs(score - by_hand[0]) < 1e-5


def test_answers_begin_and_end_with_whole_words() -> None:
    window = window_of()
    for seed in range(20):
        for span, _ in top_spans(window, logits_of(seed, len(window)), 30):
            assert span.start == 0 or not (TEXT[span.start - 1].isalnum() and TEXT[span.start].isalnum())
            assert span.end == len(TEXT) or not (TEXT[span.end - 1].isalnum() and TEXT[span.end].isalnum())


def test_no_span_runs_from_the_label_into_the_text() -> None:
    window = window_of(label="Ingrid Moe")
    scores = span_scores(window, logits_of(1, len(window)))
    label = np.flatnonzero(window.starts >= 500)
    body = np.flatnonzero((window.starts >= 0) & (window.starts < 500))
    assert scores[label[0], label[-1]] > -1e8
    assert (scores[np.ix_(label, body)] < -1e8).all()


def test_scores_compare_by_the_margin_over_each_windows_own_null() -> None:
    low, high = window_of(), window_of("It was the harbour that closed.")
    first, second = logits_of(3, len(low)), logits_of(4, len(high))
    second.start[0] = second.end[0] = 20.0  # this window is sure that it holds no answer
    other = Passage("q", "b", Span(0, 31))
    windows = [low, high]
    object.__setattr__(high, "source", 1)
    found = candidates([PASSAGE, other], windows, [first, second])
    assert found[0].passage is PASSAGE
    assert [c.margin for c in found] == sorted((c.margin for c in found), reverse=True)


def test_the_same_span_in_overlapping_windows_appears_once() -> None:
    window = window_of()
    found = candidates([PASSAGE], [window, window], [logits_of(5, len(window))] * 2)
    assert len({c.span for c in found}) == len(found)


def test_distinct_candidates_do_not_overlap_in_one_article() -> None:
    def at(start: int, end: int, article: str, score: float) -> Candidate:
        return Candidate(Passage("p", article, Span(0, 99)), Span(start, end), score, 0.0)

    ranked = [at(0, 10, "a", 5), at(5, 12, "a", 4), at(5, 12, "b", 3), at(20, 25, "a", 2), at(30, 31, "a", 1)]
    assert [c.score for c in distinct(ranked, 3)] == [5, 3, 2]
