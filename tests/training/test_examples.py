"""Targets stand for the answer's own characters, whatever the text looks like."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.types import Span
from qa.reader import DEFAULT_READER
from qa.windows import Piece, Windower
from training.augment import noisy, with_hidden_words
from training.batches import collate, plan_batches
from training.data import GoldText, Question
from training.examples import context_examples, example_of, target_tokens

WINDOWER = Windower.from_folder(DEFAULT_READER, max_length=64, stride=16)
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=9)
PIECES = ["Ana", "naïve", "日本", "3.5", "it's", "“so”", "\n\n", "—", "😀", "reef-safe"]
TEXTS = st.lists(st.sampled_from(PIECES) | WORDS, min_size=1, max_size=120)


@given(TEXTS, st.integers(0, 10**6), st.integers(0, 5))
@settings(max_examples=150, deadline=None)
def test_a_target_is_the_answer_widened_to_whole_words(words: list[str], at: int, extra: int) -> None:
    text = " ".join(words)
    first = at % len(words)
    last = min(len(words) - 1, first + extra)
    start = len(" ".join(words[:first])) + (first > 0)
    answer = Span(start, start + len(" ".join(words[first : last + 1])))
    for window in WINDOWER.build("Who?", [[Piece(text, 0)]]):
        target = target_tokens(window, answer)
        if target is None:
            continue
        found = window.span(*target)
        assert found.contains(answer)
        assert found.of(text).strip() == found.of(text)
        assert window.heads[target[0]]
        assert window.tails[target[1]]
        example = example_of(window, "s", target)
        assert example.may_start[example.first]
        assert example.may_end[example.last]


def _long(answers: tuple[GoldText, ...]) -> Question:
    filler = " ".join(f"word{number}" for number in range(90))
    context = f"{filler} Ana Ruiz {filler}"
    found = tuple(GoldText(answer.text, context.index(answer.text)) for answer in answers)
    return Question("s", "1", "Who is named?", context, found)


def test_a_long_context_gives_a_window_with_the_answer_and_one_without() -> None:
    question = _long((GoldText("Ana Ruiz", 0),))
    examples = list(context_examples(WINDOWER, question, "s", random.Random(1), null_share=1.0))
    assert [example.first > 0 for example in examples] == [True, False]
    assert all(len(example) <= 64 for example in examples)


def test_an_unanswerable_question_gives_one_window_without_a_target() -> None:
    examples = list(context_examples(WINDOWER, _long(()), "s", random.Random(1)))
    assert [(example.first, example.last) for example in examples] == [(0, 0)]


@given(st.lists(st.integers(1, 384), max_size=400), st.integers(0, 99))
def test_batches_hold_every_example_once_and_depend_on_the_seed_alone(lengths: list[int], seed: int) -> None:
    plan = plan_batches(lengths, 4, seed)
    assert sorted(position for batch in plan for position in batch) == list(range(len(lengths)))
    assert plan == plan_batches(lengths, 4, seed)
    assert all(len(batch) <= 4 for batch in plan)


def test_a_batch_marks_its_padding() -> None:
    short, long = (
        next(context_examples(WINDOWER, Question("s", "1", "Who?", text, (GoldText("Ana", 0),)), "s", random.Random(1)))
        for text in ("Ana", "Ana lives in Rome")
    )
    batch = collate([short, long])
    assert batch.real.sum(1).tolist() == [len(short), len(long)]
    assert batch.types.sum(1).tolist() == [2, 5]
    assert not batch.may_start[0, len(short) :].any()
    assert batch.first.tolist() == batch.last.tolist() == [4, 4]
    assert not batch.is_full


@given(st.text(min_size=1, max_size=60), st.integers(0, 999))
def test_noise_is_repeatable_and_never_empties_a_question(question: str, seed: int) -> None:
    assert noisy(question, 1.0, random.Random(seed)) == noisy(question, 1.0, random.Random(seed))
    assert noisy(question, 1.0, random.Random(seed))
    assert noisy(question, 0.0, random.Random(seed)) == question


@given(TEXTS, st.integers(0, 999))
@settings(max_examples=50, deadline=None)
def test_hidden_words_spare_the_answer_and_the_special_tokens(words: list[str], seed: int) -> None:
    text = " ".join(words)
    mask = WINDOWER.id_of("[MASK]")
    (window, *_) = WINDOWER.build("Who was it?", [[Piece(text, 0)]])
    target = target_tokens(window, Span(0, len(words[0]))) or (0, 0)
    example = example_of(window, "s", target)
    shown = with_hidden_words(example, 1.0, mask, random.Random(seed))
    changed = {at for at, (was, now) in enumerate(zip(example.ids, shown.ids, strict=True)) if was != now}
    assert all(shown.ids[at] == mask for at in changed)
    assert not changed & {0, example.question_length - 1, len(example) - 1}
    assert not target[0] or not changed & set(range(target[0], target[1] + 1))
    assert (with_hidden_words(example, 0.0, mask, random.Random(seed)).ids == example.ids).all()


def test_more_words_are_hidden_where_more_may_be() -> None:
    mask = WINDOWER.id_of("[MASK]")
    (window, *_) = WINDOWER.build("Who was it?", [[Piece(" ".join(["rain fell on the roof"] * 8), 0)]])
    example = example_of(window, "s", (0, 0))
    hidden = [
        sum((with_hidden_words(example, most, mask, random.Random(seed)).ids == mask).sum() for seed in range(60))
        for most in (0.1, 0.9)
    ]
    # Half of the most on average, of 60 windows of 47 tokens or so.
    assert 0.03 < hidden[0] / (60 * len(example)) < 0.07
    assert 0.35 < hidden[1] / (60 * len(example)) < 0.55
