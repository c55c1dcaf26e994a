"""What the reader is shown of a passage, and that a reply is understood by the question before it."""

from collections.abc import Iterator

import pytest

from corpus.article import article_from_text
from corpus.passages import split_passages
from corpus.types import Article, Passage
from qa import Engine
from qa.read import pieces_of

INTERVIEW = """The ferry of Sundvik

By Mona Aas | 3 March 2021

Reporter: The ferry of Sundvik was out of service for a month. What was the cause of the delay?

Ulla Strand: Ice in the gearbox.

Reporter: What does the crew fear most?

Ulla Strand: Fog. We had eleven days of it in the spring, and on each of them we lay at the pier.

Jon Berge: A second winter like that one.

Reporter: What did the repair of the engine cost?

Jon Berge: Two million crowns, without the oil.
"""


@pytest.fixture(scope="module")
def article() -> Article:
    return article_from_text(INTERVIEW)


@pytest.fixture(scope="module")
def engine(article: Article, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine.open(tmp_path_factory.mktemp("interview"), create=True) as made:
        made.add_article(article)
        yield made


@pytest.fixture(scope="module")
def passages(article: Article) -> tuple[Passage, ...]:
    return split_passages(article)


def test_a_reply_is_shown_behind_its_question(article: Article, passages: tuple[Passage, ...]) -> None:
    shown = {passage.span.of(article.text): pieces_of(article, passage) for passage in passages}
    question, *rest = shown["Jon Berge: A second winter like that one."]
    assert (question.text, question.start) == ("What does the crew fear most?", None)
    assert "".join(piece.text for piece in rest) == "Jon Berge: A second winter like that one."


def test_a_question_and_prose_are_shown_alone(article: Article, passages: tuple[Passage, ...]) -> None:
    asked = [passage for passage in passages if passage.span.of(article.text).startswith("Reporter")]
    assert len(asked) == 3
    for passage in asked:
        (body,) = pieces_of(article, passage)
        assert (body.text, body.start) == (passage.span.of(article.text), passage.span.start)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What was the cause of the delay?", "Ice in the gearbox"),
        ("What did the repair of the engine cost?", "Two million crowns"),
        ("What does the crew fear most?", "Fog"),
    ],
)
def test_a_reply_that_is_no_sentence_answers(engine: Engine, question: str, words: str) -> None:
    best = engine.answer(question).alternatives[0]
    assert INTERVIEW[best.start : best.end] == best.text
    assert best.text.startswith(words)
