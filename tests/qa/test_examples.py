from __future__ import annotations

from pathlib import Path

from corpus.article import article_from_text
from corpus.metadata import Metadata
from qa import Engine
from qa.examples import example_questions, questions_about, topic_of

SPEECH = """Nadia Berg, head of the port authority, said that the Northern Harbour Plan would bring work. \
She said the Northern Harbour Plan had waited ten years.

The ferries stay."""


def test_questions_come_from_the_facts_and_speakers() -> None:
    facts = Metadata(title="A plan for the port", author="Ole Vik", published="2024-03-02")
    article = article_from_text(SPEECH, metadata=facts, clean=False)
    asked = questions_about(article)
    assert "Who wrote “A plan for the port”?" in asked
    assert "When was “A plan for the port” published?" in asked
    assert "Who is Nadia Berg?" in asked
    assert "What did Nadia Berg say about Northern Harbour Plan?" in asked


def test_an_article_of_which_nothing_is_known_suggests_nothing() -> None:
    assert questions_about(article_from_text("rain fell on the roof all night.", clean=False)) == []


def test_a_topic_is_a_repeated_name_that_is_nobody_in_the_talk() -> None:
    assert topic_of("Mira Sol met Mira Sol.", ["Mira Sol"]) is None
    assert topic_of("The Lake Fund pays. The Lake Fund grows.") == "Lake Fund"
    assert topic_of("The Lake Fund pays.") is None
    assert topic_of("") is None


def test_every_example_is_answered(library_folder: Path) -> None:
    with Engine.open(library_folder) as engine:
        examples = example_questions(engine, count=2)
        assert 1 <= len(examples) <= 2
        assert all(engine.answer(question).answered for question in examples)


def test_an_empty_library_has_no_examples(tmp_path: Path) -> None:
    with Engine.open(tmp_path / "empty", create=True) as engine:
        assert example_questions(engine) == []
