"""Passages: nothing lost, nobody's words mixed, and no more than the budget."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.passages import BUDGET, CEILING, estimate_tokens, split_passages
from corpus.turns import find_turns
from corpus.types import Article, Passage, Span

TEXTS = Path(__file__).parent.parent / "data" / "texts"
PIECES = st.sampled_from(
    [
        *("Reporter: Why?\n\n", "Ana Ruiz: Because it rains here. ", "Ana Ruiz said that it rains. ", "A heading\n\n"),
        *("“Go,” she said. ", "Bo Lind replied that it snows; Ana Ruiz argued that it hails. ", "By Ana Ruiz\n\n"),
        *("\n\n", "\r\n\r\n", "\n", "\t", "😀", "e\u0301", "\u200b", "مرحبا بكم. ", "你好。", "x" * 90),
        "A sentence of nine words stands in this place. ",
    ]
)


def article(text: str) -> Article:
    return Article(id="a", text=text, turns=find_turns(text))


def words(passages: Sequence[Passage], text: str) -> list[str]:
    return [passage.span.of(text) for passage in passages]


def test_the_lines_above_the_body_are_one_passage() -> None:
    text = (TEXTS / "interview_reporter.txt").read_text(encoding="utf-8")
    first = split_passages(article(text))[0]
    assert first.span.of(text).endswith("By Mirela Hoxhaj | 4 May 2022")
    assert (first.speaker, first.section) == (None, None)
    assert first.id == f"a:0-{first.span.end}"


def test_a_heading_opens_the_first_passage_below_it() -> None:
    text = (TEXTS / "interview_reporter.txt").read_text(encoding="utf-8")
    below = [p for p in split_passages(article(text)) if p.section and p.section.of(text) == "What comes next"]
    assert below[0].span.of(text).startswith("What comes next\n\nReporter:")
    assert below[0].speaker is not None
    assert below[0].speaker.of(text) == "Reporter"
    assert below[1].span.of(text).startswith("The interview was shortened")


def test_a_reply_stands_under_its_question() -> None:
    text = (TEXTS / "interview_reporter.txt").read_text(encoding="utf-8")
    asked = "Will the seagrass come back?"
    replies = [p.span.of(text) for p in split_passages(article(text)) if p.section and p.section.of(text) == asked]
    assert [reply.split(":")[0] for reply in replies] == ["Drita Shehu-Marku", "Arben Leka"]


def test_paragraphs_of_one_speaker_are_merged_up_to_the_budget() -> None:
    text = (TEXTS / "interview_reporter.txt").read_text(encoding="utf-8")
    merged = next(p for p in split_passages(article(text)) if "6.4 million" in p.span.of(text))
    assert "We paid a third" in merged.span.of(text)
    apart = split_passages(article(text), budget=30)
    assert not any("6.4 million" in piece and "We paid" in piece for piece in words(apart, text))


def test_a_long_paragraph_is_cut_between_sentences_with_an_overlap() -> None:
    text = " ".join(f"Sentence number {n} stands here." for n in range(12))
    passages = split_passages(article(text), budget=20, overlap=1)
    assert len(passages) > 3
    assert all(before.sentences[-1] == after.sentences[0] for before, after in itertools.pairwise(passages))
    bare = split_passages(article(text), budget=20, overlap=0)
    assert " ".join(words(bare, text)) == text


def test_a_long_sentence_stays_whole_below_the_ceiling_and_is_cut_above_it() -> None:
    long = "word " * (BUDGET + 40) + "end."
    text = f"Before it. {long} After it."
    assert long in words(split_passages(article(text)), text)
    line = "x" * 200_000
    passages = split_passages(article(line))
    assert "".join(words(passages, line)) == line
    assert max(estimate_tokens(words(passages, line))) <= CEILING


def test_quotations_break_no_passage() -> None:
    text = (TEXTS / "report_quotes.txt").read_text(encoding="utf-8")
    body = split_passages(article(text))[1:]
    assert [passage.speaker for passage in body] == [None]


def test_the_counter_of_tokens_decides() -> None:
    text = "One two. Three four. Five six."
    by_words = split_passages(
        article(text), budget=4, overlap=0, count_tokens=lambda many: [len(t.split()) for t in many]
    )
    assert words(by_words, text) == ["One two. Three four.", "Five six."]


@pytest.mark.parametrize("text", ["", " \n\n\t", "Title only", "A: b"])
def test_small_texts(text: str) -> None:
    assert words(split_passages(article(text)), text) == ([text] if text.strip() else [])


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=12), max_size=30).map("".join), st.integers(1, 60), st.integers(0, 2))
def test_passages_cover_the_article_and_never_cross_speakers_or_sections(text: str, budget: int, overlap: int) -> None:
    source = article(text)
    passages = split_passages(source, budget=budget, overlap=overlap)
    covered: set[int] = set()
    for passage in passages:
        assert passage.id == f"a:{passage.span.start}-{passage.span.end}"
        assert passage.sentences[0].start == passage.span.start
        assert passage.sentences[-1].end == passage.span.end
        covered |= {at for span in passage.sentences for at in range(span.start, span.end)}
        assert len(_speakers(source, passage)) <= 1
    assert all(at in covered or char.isspace() for at, char in enumerate(text))
    assert len({passage.id for passage in passages}) == len(passages)


def _count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def _speakers(source: Article, passage: Passage) -> set[str | None]:
    """Who is heard in a passage, the headings that open it left out."""
    body = passage.sentences
    while len(body) > 1 and not any(turn.span.overlaps(body[0]) for turn in source.turns) and passage.speaker:
        body = body[1:]
    heard: set[str | None] = set()
    for sentence in body:
        over = [t for t in source.turns if t.kind != "quoted" and t.span.overlaps(Span(sentence.start, sentence.end))]
        heard |= {turn.speaker.casefold() for turn in over} or {None}
    return heard
