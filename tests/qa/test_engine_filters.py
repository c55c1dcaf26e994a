"""Questions kept to some articles, publishers, dates and speakers, with the real models."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import qa
from corpus.article import article_from_text
from corpus.errors import InputError
from corpus.metadata import Metadata
from corpus.types import Article
from qa import Engine, Filter

INTERVIEW = """The salt pans of Vellory

By Nora Field | 31 May 2021

Reporter: What has the sea done to the pans?

Ilse Brandt: It has taken 34 of the 90 pans since 1998. The worst year was 2013, when the wall broke twice.

Reporter: What does the town pay?

Omar Haddad: The town pays 2.6 million crowns a year for the dykes. Nobody asks us for more."""
PROSE = """Vellory to raise the north dyke

By Pavel Roth | 30 June 2021

The council of Vellory will raise the north dyke by 80 centimetres. The work costs 5.1 million crowns and begins in \
September.

"We cannot raise every dyke before the winter," said Omar Haddad, the mayor.

"The wall will come too late for the salt," said Ruta Malik, a salt maker.

The council sat for four hours."""
OLDER = """Salt prices fall

By Nora Field | 2 March 2019

A sack of salt from Vellory sold for 12 crowns in February, the lowest price since 2004."""

TEXTS = (
    (INTERVIEW, "Nora Field", "Coast Weekly", "2021-05-31"),
    (PROSE, "Pavel Roth", "Vellory Gazette", "2021-06-30"),
    (OLDER, "Nora Field", "Coast Weekly", "2019-03-02"),
)


def make(text: str, author: str, publisher: str, published: str) -> Article:
    facts = Metadata(title=text.splitlines()[0], author=author, publisher=publisher, published=published)
    return article_from_text(text, metadata=facts)


ARTICLES = [make(*facts) for facts in TEXTS]
BY_ID = {article.id: article for article in ARTICLES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("filters") / "library"


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Engine]:
    with Engine.open(folder, create=True) as opened:
        for article in ARTICLES:
            opened.add_article(article)
        yield opened


def by_speaker(name: str) -> Filter:
    return Filter(speakers=frozenset({name}))


def test_the_same_question_has_another_answer_under_another_filter(engine: Engine) -> None:
    question = "How many crowns is it?"
    for where, figure in ((WHERE["article"], "2.6 million"), (WHERE["since"], "5.1 million"), (OLD, "12")):
        found = engine.answer(question, where=where)
        assert figure in found.alternatives[0].text


WHERE = {
    "article": Filter(articles=frozenset({ARTICLES[0].id})),
    "publisher": Filter(publishers=frozenset({"vellory GAZETTE"})),
    "since": Filter(since=date(2021, 6, 30)),
    "until": Filter(until=date(2021, 5, 31)),
}
OLD = Filter(until=date(2020, 1, 1))
LEFT = {"article": [0], "publisher": [1], "since": [1], "until": [0, 2]}
QUESTIONS = ["What does the town pay?", "Who wrote the article?", "When was it published?", "Who said that?"]


@pytest.mark.parametrize("kind", sorted(WHERE))
@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_outside_the_filter_is_said(engine: Engine, kind: str, question: str) -> None:
    left = {ARTICLES[number].id for number in LEFT[kind]}
    found = engine.answer(question, where=WHERE[kind])
    assert found.alternatives
    assert {alternative.article_id for alternative in found.alternatives} <= left
    assert {citation.article_id for citation in found.citations} <= left


@pytest.mark.parametrize(
    ("question", "where", "answer"),
    [
        ("Who wrote the article?", WHERE["since"], "Pavel Roth"),
        ("Who wrote the interview?", WHERE["article"], "Nora Field"),
        ("When was the article published?", WHERE["publisher"], "30 June 2021"),
    ],
)
def test_facts_about_an_article_are_those_of_the_ones_left(
    engine: Engine, question: str, where: Filter, answer: str
) -> None:
    assert engine.answer(question, where=where).text == answer


@pytest.mark.parametrize("name", ["Ilse Brandt", "omar  HADDAD", "Malik", "Mr Haddad"])
@pytest.mark.parametrize("question", [*QUESTIONS, "What will come too late?", "How many pans has the sea taken?"])
def test_only_words_of_the_speaker_or_the_name_are_said(engine: Engine, name: str, question: str) -> None:
    last = name.split()[-1].casefold()
    for place in engine.answer(question, where=by_speaker(name)).alternatives:
        article = BY_ID[place.article_id]
        turns = [turn for turn in article.turns if turn.speaker.casefold().endswith(last)]
        assert any(
            span.start <= place.start and place.end <= span.end for turn in turns for span in (turn.span, turn.label)
        ), place


def test_what_a_speaker_says_is_found(engine: Engine) -> None:
    assert engine.answer("How many pans has the sea taken?", where=by_speaker("Ilse Brandt")).text in (
        "34",
        "34 of the 90",
    )
    assert engine.answer("How many pans has the sea taken?", where=by_speaker("Ruta Malik")).text is None
    found = engine.answer("Who said that the wall will come too late?", where=by_speaker("Malik"))
    assert found.text in ("Ruta Malik", None)


def test_a_fact_about_an_article_is_nobody_s_words(engine: Engine) -> None:
    assert engine.answer("Who wrote the interview?", where=by_speaker("Ilse Brandt")).text is None


def test_a_filter_that_leaves_nothing_says_that_there_is_no_answer(engine: Engine) -> None:
    for where in (
        Filter(since=date(2030, 1, 1)),
        Filter(publishers=frozenset({"Coast Weekly"}), speakers=frozenset({"Ruta Malik"})),
    ):
        found = engine.answer("What does the work cost?", where=where)
        assert (found.text, found.citations, found.alternatives) == (None, (), ())
        assert engine.search("work", where=where) == []


def test_an_unknown_name_is_refused_in_one_line(engine: Engine) -> None:
    with pytest.raises(InputError, match="no publisher “Coast Weakly” in this library; the nearest is “Coast Weekly”"):
        engine.answer("What?", where=Filter(publishers=frozenset({"Coast Weakly"})))


def test_several_questions_share_a_filter(engine: Engine) -> None:
    questions = ["Who wrote the article?", "What does the work cost?"]
    together = engine.answer_many(questions, where=WHERE["publisher"])
    alone = [engine.answer(question, where=WHERE["publisher"]) for question in questions]
    assert [found.text for found in together] == [found.text for found in alone]


def test_facets_tell_what_can_be_chosen(engine: Engine) -> None:
    facets = engine.facets()
    assert [(facet.name, facet.articles) for facet in facets.publishers] == [
        ("Coast Weekly", 2),
        ("Vellory Gazette", 1),
    ]
    assert {"Ilse Brandt", "Omar Haddad", "Ruta Malik"} <= {facet.name for facet in facets.speakers}
    assert (facets.first, facets.last, facets.undated) == (date(2019, 3, 2), date(2021, 6, 30), 0)


def test_the_one_call_answer_takes_a_filter(engine: Engine, folder: Path) -> None:
    found = qa.answer("Who wrote the article?", library=folder, where=WHERE["since"])
    assert found.text == "Pavel Roth"
