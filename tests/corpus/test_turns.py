"""Turns: who is heard in interviews and reports of many styles, and who is not."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.turns import find_turns, speaker_at
from corpus.types import Span, Turn

TEXTS = Path(__file__).parent.parent / "data" / "texts"
PIECES = st.sampled_from(
    [
        *("Reporter: Why?\n\n", "Ana Ruiz: Because.\n\n", "Ana Ruiz said that ", "she said", '"Go," ', "“", "”"),
        *("He stressed that x. ", "According to Bo Lind, ", "\r\n", "\n\n", "e\u0301", "😀", "\u200b", "مرحبا: نعم.\n"),
        *("记者：好吗？\n\n", "; ", ", ", "\t", ". ", "The mayor, Ana Ruiz, added: ", "\ue000", "Q: ", "A: "),
        *("MUST READ\n\n", chr(0xD800)),
    ]
)


def read(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8")


def heard(text: str) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.kind) for turn in find_turns(text)]


def who_says(text: str, words: str) -> str | None:
    at = text.index(words)
    turn = speaker_at(find_turns(text), Span(at, at + len(words)))
    return turn.speaker if turn else None


def test_an_interview_gives_one_turn_a_label() -> None:
    text = read("interview_reporter")
    expected = ["Reporter", "Arben Leka", "Drita Shehu-Marku", "Reporter", "Drita Shehu-Marku", "Arben Leka"]
    assert [speaker for speaker, kind in heard(text) if kind == "label"] == expected
    assert who_says(text, "We paid a third") == "Arben Leka"
    assert who_says(text, "What comes next") is None
    assert who_says(text, "has led the port") is None
    assert who_says(text, "press@port.example") is None


def test_questions_and_answers_are_speakers() -> None:
    text = read("interview_q_and_a")
    assert [speaker for speaker, _ in heard(text)] == ["Q", "A", "Q", "A"]
    assert who_says(text, "Calle Mayor") is None


def test_labels_in_capitals_on_single_lines() -> None:
    text = read("interview_capitals")
    assert who_says(text, "None of them touched") == "CAPTAIN OLE BRATTLI"
    assert who_says(text, "a gift from the university") == "DR INGRID SOLHEIM"
    assert who_says(text, "Thank you both") == "COASTLINE"


def test_chinese_labels_with_a_wide_colon() -> None:
    text = read("interview_chinese")
    assert [speaker for speaker, _ in heard(text)] == ["记者", "林海燕", "记者", "林海燕"]


def test_markdown_remnants_do_not_belong_to_the_name() -> None:
    text = "**Host:** Why now?\n\n**Ana Ruiz:** Because it rains.\n\n**Host:** And then?\n\n**Ana Ruiz:** It stops."
    assert [turn.label.of(text) for turn in find_turns(text)] == ["Host", "Ana Ruiz", "Host", "Ana Ruiz"]


def test_fact_boxes_times_and_notes_are_no_speakers() -> None:
    assert find_turns(read("report_box")) == ()


def test_a_report_is_read_by_its_verbs() -> None:
    text = read("report_meeting")
    assert who_says(text, "The pipes had already been laid") == "Rosa Elena Quintero"
    assert who_says(text, "price of water would not rise") == "Rosa Elena Quintero"
    assert who_says(text, "samples every week") == "Tomás Iriarte"
    assert who_says(text, "she welcomed every sample") == "Quintero"
    assert who_says(text, "Ships were not discussed") is None
    assert who_says(text, "ten years to recover") == "Mr Iriarte"


def test_a_pronoun_stands_for_the_speaker_named_before() -> None:
    text = read("report_meeting")
    turn = next(turn for turn in find_turns(text) if "She added" in turn.span.of(text))
    assert turn.label.of(text) == "Rosa Elena Quintero"
    assert turn.label.end < turn.span.start


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Bo Lind agreed. A protest came from Inés Vidal, a student. She had seen it, she recalled.", "Inés Vidal"),
        ("Bo Lind agreed. It was mended by its keeper, Inés Vidal. She complained of the cold.", "Inés Vidal"),
        ("The café's landlady, Inés Vidal, keeps the name. She fears the bill.", "Inés Vidal"),
        ("Vidal, 58, stood up. Then she denied everything.", "Vidal"),
    ],
)
def test_a_pronoun_stands_for_whom_the_sentence_before_introduced(text: str, speaker: str) -> None:
    assert find_turns(text)[-1].label.of(text) == speaker


def test_quotations_with_an_attribution() -> None:
    text = read("report_quotes")
    assert who_says(text, "the sun sends no bill") == "Yusuf Adeyemi-Clarke"
    assert who_says(text, "we sell biscuits") == "Yusuf Adeyemi-Clarke"
    assert who_says(text, "The loaves leave the roof") is None
    assert who_says(text, "Who eats warm stones?") == "Mrs Okonjo"
    assert who_says(text, "Now I eat them myself") == "Mrs Okonjo"
    assert who_says(text, "12,000 loaves") is None
    assert who_says(text, "It is only bread") == "an old man"


def test_bodies_are_no_speakers_and_he_may_be_a_family_name() -> None:
    text = read("report_plenary")
    assert who_says(text, "forests of the district") is None
    assert who_says(text, "as many again next year") == "Hu Wenlan"
    assert who_says(text, "state of the roads") == "He Zhiqiang"
    assert who_says(text, "on the schools") == "Gao Min"


@pytest.mark.parametrize(
    "sentence",
    [
        "South Korea said that talks would go on.",
        "The Fisheries Agency announced that boats must stay in port.",
        "Bo Lind was told that the road was closed.",
        "Bo Lind built a machine that sorts stones.",
        "The plan, called Blue Water, concerns nine villages.",
        "Reno Transport expects 12,000 passengers a day.",
        "Residents say that the dust is worse.",
        "Updated: 4 May 2021. Source: the town hall.",
    ],
)
def test_sentences_in_which_no_person_speaks(sentence: str) -> None:
    assert find_turns(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Said al-Maamari noted that the gate is open.", "Said al-Maamari"),
        ("But Jean-Luc d'Este van der Berg has repeatedly warned that it leaks.", "Jean-Luc d'Este van der Berg"),
        ("Transport Minister Inés Vidal, who was born here, argued that it was late.", "Inés Vidal"),
        ("Its director, Anna-Lena Ek, admitted the mistake.", "Anna-Lena Ek"),
        ("The bridge, Inés Vidal argued, was late.", "Inés Vidal"),
        ("Asked about the price, J. R. Tamm of the Harbour Trust declined to comment.", "J. R. Tamm"),
        ("Ana Ruiz and Bo Lind stressed that both sides agree.", "Ana Ruiz and Bo Lind"),
        ("A spokesman said that the bridge is closed.", "A spokesman"),
        ("Finance director Inés Vidal insisted that it was paid.", "Inés Vidal"),
        ("Senior forecaster Bo Lind said it would rain.", "Bo Lind"),
        ("Boatmen's league chairman Bo Lind is sure that it will hold.", "Bo Lind"),
        ("The wine critic Inés Vidal called it thin.", "Inés Vidal"),
        ("The driver, travelling salesman Bo Lind, told reporters that he had stopped.", "Bo Lind"),
        ("The oldest of them, Inés Vidal, fears that it will sink.", "Inés Vidal"),
        ("Her colleague at Lugo, Bo Lind, disagrees.", "Bo Lind"),
        ("The head of the growers' league, Inés Vidal, wants a vote.", "Inés Vidal"),
        ("That had been looked into, the bursar, Bo Lind, told this newspaper.", "Bo Lind"),
        ("The price, Dr Inés Vidal remembered, had been lower.", "Inés Vidal"),
        ("Lawyer Inés Vidal thinks so.", "Inés Vidal"),
        ("A glaciologist said that the ice was thin.", "A glaciologist"),
        ('"I did not ask for it," Vidal insisted.', "Vidal"),
    ],
)
def test_the_speaker_is_the_name_as_written(sentence: str, speaker: str) -> None:
    (turn,) = find_turns(sentence)
    assert (turn.speaker, turn.label.of(sentence)) == (speaker, speaker)


def test_speaker_at_needs_the_whole_span_inside() -> None:
    turns = (Turn(Span(0, 5), "A", Span(0, 1)), Turn(Span(8, 12), "B", Span(8, 9)))
    assert speaker_at(turns, Span(9, 12)) == turns[1]
    assert speaker_at(turns, Span(4, 6)) is None
    assert speaker_at(turns, Span(6, 7)) is None
    assert speaker_at((), Span(0, 0)) is None


@given(st.lists(PIECES | st.text(max_size=10), max_size=40).map("".join))
def test_turns_are_sorted_disjoint_and_name_characters_of_the_text(text: str) -> None:
    turns = find_turns(text)
    assert all(before.span.end <= after.span.start for before, after in itertools.pairwise(turns))
    for turn in turns:
        assert len(turn.span) > 0
        assert turn.span.end <= len(text)
        assert turn.label.of(text) == turn.speaker != ""
