from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.article import article_from_text, read_article
from corpus.errors import InputError, LibraryError, UnknownArticleError
from corpus.files import ReadFailure
from corpus.library import Library
from corpus.metadata import Metadata
from qa import Engine

INTERVIEW = """Why the port of Karlshavn closed

By Nora Field | 3 March 2024

The port of Karlshavn was closed for eleven days in February. Ana Silva, Director of the Port \
Authority, and Bo Lund, Chair of the Seamen's Union, answered our questions.

Reporter: What happened?

Ana Silva: A storm broke two cranes on 11 February. Repairs cost 4.6 million crowns.

We hired 35 welders from Gdynia.

Reporter: Were the crews warned?

Bo Lund: The crews were told nothing until the gates were shut. That must never happen again."""
REPORT = """Library opens in Mirani

MIRANI, 9 May 2023 - The town of Mirani opened a public library on Monday. It holds 48,000 books and was \
paid for by the Halden Foundation.

"Children were the first at the door," said Ruta Malik, the head librarian.

Opening hours are from nine to seven on weekdays."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine.open(tmp_path_factory.mktemp("engine") / "library", create=True) as opened:
        for text, author, date in [(INTERVIEW, "Nora Field", "2024-03-03"), (REPORT, None, "2023-05-09")]:
            metadata = Metadata(title=text.splitlines()[0], author=author, published=date)
            opened.add_article(article_from_text(text, metadata=metadata))
        yield opened


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many books does the library in Mirani hold?", "48,000"),
        ("How much did the repairs cost?", "4.6 million crowns"),
        ("Who paid for the library?", "Halden Foundation"),
        ("Who said that the crews were not told anything?", "Bo Lund"),
        ("What post does Bo Lund hold?", "Chair of the Seamen's Union"),
        ("Who is the Director of the Port Authority?", "Ana Silva"),
        ("Who wrote the interview about the port?", "Nora Field"),
    ],
)
def test_questions_are_answered_with_the_articles_own_words(engine: Engine, question: str, answer: str) -> None:
    found = engine.answer(question)
    assert found.text is not None
    assert answer in found.text or found.text in answer
    citation = found.citations[0]
    assert (
        engine.library.article(citation.article_id).text[citation.start : citation.end] == citation.quote == found.text
    )
    assert citation.quote in citation.sentence


@pytest.mark.parametrize(
    "question", ["What is the capital of Peru?", "Who won the chess championship in 1972?", "How tall is Mount Elgon?"]
)
def test_what_the_articles_do_not_hold_is_not_answered(engine: Engine, question: str) -> None:
    found = engine.answer(question)
    assert found.text is None
    assert not found.answered
    assert found.citations == ()
    assert found.confidence > 0.5
    assert found.alternatives[0].confidence < 0.5


def test_alternatives_are_distinct_ordered_and_slices(engine: Engine) -> None:
    found = engine.answer("Who answered the questions?")
    chances = [alternative.confidence for alternative in found.alternatives]
    assert chances == sorted(chances, reverse=True)
    for alternative in found.alternatives:
        text = engine.library.article(alternative.article_id).text
        assert text[alternative.start : alternative.end] == alternative.text


def test_several_questions_at_once_are_answered_like_one_at_a_time(engine: Engine) -> None:
    questions = ["When did the storm break the cranes?", "What is the capital of Peru?", "Who is the head librarian?"]
    together = engine.answer_many(questions)
    for question, found in zip(questions, together, strict=True):
        alone = engine.answer(question)
        assert (found.question, found.text) == (question, alone.text)
        assert found.confidence == pytest.approx(alone.confidence, abs=0.05)


def test_the_time_of_each_step_is_told(engine: Engine) -> None:
    spent = engine.answer("Who is the head librarian?").timings_ms
    assert {"retrieve", "read", "decide", "total"} <= set(spent)
    assert spent["total"] == pytest.approx(sum(v for k, v in spent.items() if k != "total"), abs=0.1)


def test_a_question_can_be_kept_to_some_articles(engine: Engine) -> None:
    port, library = (article.id for article in engine.articles())
    assert engine.answer("How many books are there?", articles=[library]).text is not None
    kept = engine.answer("How many books are there?", articles=[port])
    assert all(alternative.article_id == port for alternative in kept.alternatives)
    with pytest.raises(UnknownArticleError):
        engine.answer("How many?", articles=["nothing"])


def test_one_given_text_is_answered_from_alone(engine: Engine) -> None:
    context = "The kiln  was built in 1911.\r\nIt burned down in 1954."
    found = engine.answer_context("When was the kiln built?", context)
    assert found.text == "1911"
    assert context[found.citations[0].start : found.citations[0].end] == "1911"
    assert engine.answer_context("Who owns the moon?", context).text is None
    assert engine.answer_context("Who?", "").alternatives == ()


@pytest.mark.parametrize("question", ["", "   ", "?!", "x" * 100_000, "\x00\x01"])
def test_an_unusable_question_is_refused_in_one_line(engine: Engine, question: str) -> None:
    with pytest.raises(InputError) as caught:
        engine.answer(question)
    assert "\n" not in str(caught.value)


def test_a_missing_library_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="there is none"):
        Engine.open(tmp_path / "nowhere")


def test_an_empty_library_answers_that_it_holds_nothing(tmp_path: Path, engine: Engine) -> None:
    with Engine.open(tmp_path / "empty", create=True) as empty:
        empty.__dict__["embedder"], empty.__dict__["asker"] = engine.embedder, engine.asker
        found = empty.answer("Who wrote it?")
        assert found.text is None
        assert found.alternatives == ()


def test_adding_twice_is_adding_once_and_removing_takes_the_answer_away(tmp_path: Path, engine: Engine) -> None:
    with Engine.open(tmp_path / "grow", create=True) as grown:
        grown.__dict__["embedder"], grown.__dict__["asker"] = engine.embedder, engine.asker
        article = article_from_text(REPORT)
        assert grown.add_article(article)
        assert not grown.add_article(article)
        assert len(grown.articles()) == 1
        assert grown.answer("How many books does the library hold?").text == "48,000"
        grown.add_article(replace(article_from_text(INTERVIEW)))
        grown.remove(article.id)
        assert grown.answer("How many books does the library hold?").text is None
        with pytest.raises(UnknownArticleError):
            grown.remove(article.id)


def test_one_path_or_several_are_added_and_each_file_is_told_of(tmp_path: Path, engine: Engine) -> None:
    for name, text in {"port.txt": INTERVIEW, "library.txt": REPORT, "empty.txt": ""}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with engine.beside(Library.open(tmp_path / "added", create=True)) as added:
        port, library = read_article(tmp_path / "port.txt"), read_article(tmp_path / "library.txt")
        assert added.add(str(tmp_path / "port.txt")) == [(port, True)]
        assert added.add(tmp_path / "port.txt") == [(port, False)]
        failed, new = added.add([tmp_path / "empty.txt", tmp_path / "library.txt"])
        assert isinstance(failed, ReadFailure)
        assert new == (library, True)
        assert len(added.articles()) == 2
        assert len(added.add(tmp_path)) == 3


def test_files_are_told_in_order_once_they_are_in(tmp_path: Path, engine: Engine) -> None:
    for name, text in {"1.txt": INTERVIEW, "2.txt": REPORT}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with engine.beside(Library.open(tmp_path / "added", create=True)) as added:
        each = added.add_each(tmp_path)
        assert added.articles() == []
        found = next(each)
        assert isinstance(found, tuple)
        first, is_new = found
        assert is_new
        assert first == added.library.article(first.id) == read_article(tmp_path / "1.txt")
        assert len(list(each)) == 1
        assert len(added.articles()) == 2


def test_an_engine_beside_another_has_its_models_and_a_library_of_its_own(tmp_path: Path, engine: Engine) -> None:
    with engine.beside(Library.open(tmp_path / "beside", create=True)) as other:
        assert other.embedder is engine.embedder
        assert other.asker is engine.asker
        assert other.answer("How many books does the library in Mirani hold?").text is None
        other.add_article(article_from_text(REPORT))
        assert other.answer("How many books does the library in Mirani hold?").text == "48,000"
        assert len(engine.articles()) == 2
    assert len(engine.articles()) == 2, "still open"


HARD = [
    "Ana",
    "said",
    "café",
    "e\u0301",
    "😀",
    "שלום",
    "\t",
    "\u200b",
    "12",
    "Bo:",
    "3 May 2024.",
    "“yes”",
    "\r\n",
    "\n\n",
    "中文。",
    "and",
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(HARD), min_size=1, max_size=150))
def test_every_answer_is_a_slice_of_its_text(engine: Engine, words: list[str]) -> None:
    context = " ".join(words)
    for question in ("Who said yes?", "When was it?"):
        found = engine.answer_context(question, context)
        places = [(place.start, place.end, place.text) for place in found.alternatives]
        places += [(place.start, place.end, place.quote) for place in found.citations]
        for start, end, quote in places:
            assert context[start:end] == quote
