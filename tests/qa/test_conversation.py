from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import InputError
from corpus.types import Span
from qa import Engine
from qa.choices import Choices
from qa.conversation import Turn, answer_as_json, history_of, messages_of, next_turn, waiting
from qa.excerpts import excerpt_of_span
from qa.links import Link, read_link
from qa.panel import panel_of
from qa.reply import reply_to


@pytest.fixture(scope="module")
def engine(library_folder: Path) -> Iterator[Engine]:
    with Engine.open(library_folder) as opened:
        yield opened


def test_a_turn_holds_the_words_and_what_is_shown(engine: Engine) -> None:
    turn = next_turn(engine, "What does the mirror measure?", ())
    assert "3.6 metres" in turn.said
    assert "<mark>" in turn.shown
    assert history_of((turn,)) == [
        {"role": "user", "content": "What does the mirror measure?"},
        {"role": "assistant", "content": turn.said},
    ]


def test_an_error_is_shown_and_not_referred_to(engine: Engine) -> None:
    turn = next_turn(engine, "why " * 1000, ())
    assert turn.failed
    assert "qa-notice" in turn.shown
    assert history_of((turn,)) == []
    assert len(messages_of((turn,))) == 2


def test_a_fault_of_the_program_does_not_end_the_talk(
    engine: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(engine.asker, "answer_hits", fail)
    turn = next_turn(engine, "How many?", ())
    assert turn.failed
    assert "qa-notice" in turn.shown
    assert caplog.records


def test_every_number_of_an_answer_opens_its_place(engine: Engine, shown: Callable[[str], Any]) -> None:
    turns: tuple[Turn, ...] = (Turn("?", "", "", failed=True),)
    for question in ("How many passengers were on board the first tram?", "Who paid the pope?"):
        turns = (*turns, next_turn(engine, question, turns))
        reply = turns[-1].reply
        assert reply is not None
        chips = shown(turns[-1].shown).of_class("qa-chip")
        assert len(chips) == len(reply.places) > 0
        for number, (chip, place) in enumerate(zip(chips, reply.places, strict=True)):
            link = read_link(chip.attributes["href"])
            assert link == Link("place", len(turns) - 1, number)
            page = shown(panel_of(engine, turns, link) or "")
            assert "".join(map(page.words, page.of_class("qa-current"))) == place.quote


def test_only_what_was_chosen_is_looked_in(engine: Engine) -> None:
    trams = next(article for article in engine.articles() if "Tram" in (article.title or ""))
    turn = next_turn(engine, "What does the mirror measure?", (), Choices([trams.id]))
    assert turn.only == "1 article"
    assert turn.reply is not None
    assert {place.article_id for place in turn.reply.places} == {trams.id}
    assert next_turn(engine, "What does the mirror measure?", (), Choices()).only == ""


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        (Choices(["00ff"]), "00ff"),
        (Choices(publishers=["Gone Post"]), "Gone Post"),
        (Choices(speakers=["Nobody Here"]), "Nobody Here"),
        (Choices(since="some day"), "some day"),
        (Choices(since="2024-01-01", until="2021-01-01"), "swap the two"),
    ],
)
def test_a_choice_that_cannot_be_kept_is_told_and_the_talk_goes_on(
    engine: Engine, shown: Callable[[str], Any], choices: Choices, told: str
) -> None:
    turn = next_turn(engine, "What does the mirror measure?", (), choices)
    assert turn.failed
    assert told in shown(turn.shown).text
    with pytest.raises(InputError, match=told):
        answer_as_json(engine, "What does the mirror measure?", choices=choices)


def test_an_empty_library_says_so(tmp_path: Path) -> None:
    with Engine.open(tmp_path / "empty", create=True) as empty:
        assert "no articles" in next_turn(empty, "Who?", ()).shown


def test_only_the_last_turns_are_remembered() -> None:
    turns = tuple(Turn(str(number), "x", "") for number in range(30))
    assert [message["content"] for message in history_of(turns)][::2] == [str(number) for number in range(20, 30)]


def test_the_question_is_shown_while_it_is_read() -> None:
    shown = waiting("Who?", (Turn("a", "b", "c"),))
    assert [message["role"] for message in shown] == ["user", "assistant"] * 2
    assert "Who" in shown[2]["content"]


def test_no_answer_comes_with_the_closest_passages(engine: Engine) -> None:
    reply = reply_to(engine, "What is the boiling point of tungsten?", ())
    assert reply.text is None
    assert reply.excerpts == ()
    assert 1 <= len(reply.passages) <= 3
    for offer in reply.passages:
        assert offer.excerpt.quote


def test_other_possibilities_say_something_else_than_the_answer(engine: Engine) -> None:
    reply = reply_to(engine, "How many passengers were on board the first tram?", ())
    shown = [offer.excerpt.quote.casefold() for offer in reply.alternatives]
    assert reply.text is not None
    assert reply.text.casefold() not in shown
    assert len(shown) == len(set(shown))


def test_an_excerpt_is_verbatim(engine: Engine) -> None:
    article = engine.library.article(engine.articles()[0].id)
    found = excerpt_of_span(article, Span(200, 210))
    assert found.quote == article.text[200:210]
    assert found.before + found.quote + found.after in article.text


@pytest.mark.parametrize(
    "history",
    ["text", [1], [{"role": "system", "content": "x"}], [{"role": "user"}], [{"role": "user", "content": 3}]],
)
def test_a_history_of_the_wrong_form_is_refused(engine: Engine, history: object) -> None:
    with pytest.raises(InputError, match="history"):
        answer_as_json(engine, "Who?", history)


def test_a_question_of_the_wrong_type_is_refused(engine: Engine) -> None:
    with pytest.raises(InputError, match="text"):
        answer_as_json(engine, 5)
