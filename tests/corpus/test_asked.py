"""What an interviewer asked before a reply, and who is no interviewer."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from corpus.asked import LONGEST, SHORT, questions_answered
from corpus.turns import find_turns
from tests.corpus.test_turns import PIECES, read

SMOKEHOUSE = """Reporter: The smokehouse burned down in May. What was lost?

Ada Holm: Nine tons of eel.

Per Lind: And my pipe.

Reporter: Will you rebuild it?

Ada Holm: In brick.

It will have a chimney of steel.

Per Lind: Who says so?

Ada Holm: The insurer.
"""


def answered(text: str) -> list[tuple[str, str]]:
    turns = find_turns(text)
    return [(turn.speaker, span.of(text)) for turn, span in questions_answered(text, turns).items()]


def test_everyone_who_replies_has_the_question_until_somebody_asks_anew() -> None:
    assert answered(SMOKEHOUSE) == [
        ("Ada Holm", "The smokehouse burned down in May. What was lost?"),
        ("Per Lind", "The smokehouse burned down in May. What was lost?"),
        ("Ada Holm", "Will you rebuild it?"),
    ]


def test_of_a_long_question_the_end_is_kept() -> None:
    long = SMOKEHOUSE.replace(
        "The smokehouse burned", "It was a long night with much smoke. " * 12 + "The house burned"
    )
    question = answered(long)[0][1]
    assert question.endswith("The house burned down in May. What was lost?")
    assert len(question) <= LONGEST
    assert question.startswith("It was a long night")


def test_a_long_reply_stands_by_itself() -> None:
    long = SMOKEHOUSE.replace("In brick.", "In brick, from the kiln at Norra. " * 12)
    assert ("Ada Holm", "Will you rebuild it?") in answered(SMOKEHOUSE)
    assert [speaker for speaker, _ in answered(long)] == ["Ada Holm", "Per Lind"]


def test_people_who_talk_with_each_other_are_no_interviewers() -> None:
    talk = """Ada Holm: We lost nine tons of eel.

Per Lind: Was it nine?

Ada Holm: It was nine and a half.

Per Lind: I had counted eight.

Ada Holm: You cannot count eels.

Per Lind: That is true of you as well.
"""
    assert len(find_turns(talk)) == 6
    assert answered(talk) == []


def test_prose_has_no_replies() -> None:
    assert answered("Ana Ruiz, Mayor of Lugo, said that the bridge is safe. Who doubts it? Nobody, she said.") == []


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_gives_questions_of_its_own_before_their_replies(text: str) -> None:
    for turn, span in questions_answered(text, find_turns(text)).items():
        assert span.end <= turn.span.start
        assert len(span) <= 2 * LONGEST
        assert len(turn.span) <= SHORT


def test_the_texts_of_many_styles_are_gone_through() -> None:
    folder = Path(__file__).parent.parent / "data" / "texts"
    found = {path.stem: answered(read(path.stem)) for path in sorted(folder.glob("*.txt"))}
    assert any(found.values())
    assert all(question.strip() == question and question for pairs in found.values() for _, question in pairs)
