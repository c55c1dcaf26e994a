"""News articles are learned as they are served, and the held-out ones are not."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from qa.reader import DEFAULT_READER
from qa.windows import Windower
from training.data import GoldText, Question, held_out_news, is_held_out, news_questions, written_questions
from training.news import news_examples, serve
from training.recipe import News

WINDOWER = Windower.from_folder(DEFAULT_READER, max_length=384)
TOKENIZER = Tokenizer.from_file(str(DEFAULT_READER / "tokenizer.json"))
TEXT = """The tide mill turns again

By Joan Pryce

Reporter: Who paid for the wheel?

Gwen Rhys: The parish paid for the wheel, with a loan from the Severn Trust.

Reporter: When does it open?

Tomos Bevan: It opens on 4 May 2031, if the weather holds.
"""


def _asked(question: str, answer: str, kind: str = "fact", last: bool = False) -> Question:
    start = TEXT.rindex(answer) if last else TEXT.index(answer)
    return Question("authored_news", question, question, TEXT, (GoldText(answer, start),), kind)


def _shown(question: Question) -> list[tuple[str, str]]:
    examples = news_examples(WINDOWER, [question], News(passes=1, nulls=2, whole=0.0), noise=0.0, seed=1)
    decoded = [
        (TOKENIZER.decode(e.ids[e.question_length :].tolist()), e.ids[e.first : e.last + 1].tolist()) for e in examples
    ]
    return [(text, TOKENIZER.decode(ids)) for text, ids in decoded]


def test_the_article_is_not_held_out_and_has_passages() -> None:
    assert not is_held_out(TEXT)
    assert len(serve(TEXT).passages) >= 3


def test_the_answer_is_learned_in_its_passage_and_other_passages_without_it() -> None:
    (text, answer), *others = _shown(_asked("When does the mill open?", "4 May 2031"))
    assert answer == "4 may 2031"
    assert "tomos bevan" in text
    assert others
    assert all(not found and "4 may 2031" not in shown for shown, found in others)


def test_who_said_it_is_answered_by_the_label() -> None:
    (text, answer), *_ = _shown(_asked("Who said that the parish paid for the wheel?", "Gwen Rhys", "speaker"))
    assert answer == "gwen rhys"
    assert "the parish paid" in text


def test_held_out_articles_give_nothing() -> None:
    held = next(f"{TEXT}\n{number}" for number in range(99) if is_held_out(f"{TEXT}\n{number}"))
    question = Question(
        "authored_news", "1", "When does it open?", held, (GoldText("4 May 2031", held.index("4 May")),)
    )
    assert not list(news_examples(WINDOWER, [question], News(), noise=0.0, seed=1))


def test_held_out_news_shares_no_article_with_what_is_trained_on(data: Path) -> None:
    held = held_out_news(data)
    assert {"own_articles_dev", "own_speakers_dev"} <= {question.source for question in held}
    trained = {question.context for question in news_questions(data) if not is_held_out(question.context)}
    trained |= {question.context for question in written_questions(held_out=False)}
    assert trained.isdisjoint(question.context for question in held)
    assert all(
        answer.text == question.span.of(question.context) for question in held for answer in question.answers[:1]
    )
