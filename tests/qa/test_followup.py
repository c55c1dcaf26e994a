"""Dialogues on invented subjects, each question with the form in which it stands alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.followup import MAX_STANDALONE_CHARACTERS, Message, standalone

SAME = ""
Turn = tuple[str, str, str]
"""What is typed, what it should become (``SAME``: itself), and the answer that follows."""

DIALOGUES: dict[str, list[Turn]] = {
    "port interview": [
        ("Who runs the harbour of Velmora?", SAME, "Ines Tavaro"),
        ("What post does she hold?", "What post does Ines Tavaro hold?", "harbour master"),
        ("Since when?", "Since when does Ines Tavaro hold the post of harbour master?", "2016"),
        ("What else did she say?", "What else did Ines Tavaro say?", "The quay is too short."),
        ("And Rolf Brandt?", "What else did Rolf Brandt say?", ""),
    ],
    "port works": [
        ("How much did the first phase of the quay cost?", SAME, "3.4 million euros"),
        ("And the second?", "How much did the second phase of the quay cost?", "5 million"),
        ("What about the third phase?", "How much did the third phase of the quay cost?", "not in these articles"),
        ("When will it be finished?", "When will the third phase of the quay be finished?", "2031"),
    ],
    "salt fair": [
        ("Where was the salt fair held?", SAME, "Bremlach"),
        ("When was it held?", "When was the salt fair held?", "in May 2019"),
        ("Who opened it?", "Who opened the salt fair?", "Mayor Tomas Ruel"),
        ("How many firms exhibited there?", "How many firms exhibited at the salt fair?", "212"),
    ],
    "why after where": [
        ("Where was the salt fair held?", SAME, "Bremlach"),
        ("Why?", "Why was the salt fair held in Bremlach?", ""),
    ],
    "by whom": [
        ("When was the mill of Orsk built?", SAME, "1871"),
        ("By whom?", "By whom was the mill of Orsk built?", ""),
    ],
    "council budget": [
        ("How much did the council spend on roads in 2021?", SAME, "12 million crowns"),
        ("And in 2022?", "How much did the council spend on roads in 2022?", "14 million crowns"),
        ("And on schools?", "How much did the council spend on schools in 2022?", "9 million crowns"),
        ("Why?", "Why did the council spend 9 million crowns on schools in 2022?", ""),
    ],
    "libraries": [
        ("What did the council decide about the schools?", SAME, "to close two of them"),
        ("And the libraries?", "What did the council decide about the libraries?", "to keep them"),
        ("When will they reopen?", "When will the libraries reopen?", ""),
    ],
    "provinces": [
        ("How many people live in Karsena?", SAME, "40,000"),
        ("And Dolvik?", "How many people live in Dolvik?", "9,000"),
        ("And in Upper Brenn?", "How many people live in Upper Brenn?", ""),
    ],
    "months": [
        ("How many visitors came in May?", SAME, "300"),
        ("And in June?", "How many visitors came in June?", "200"),
        ("What about last year?", "How many visitors came last year?", ""),
    ],
    "year added": [
        ("How many trees were planted?", SAME, "5,000"),
        ("And in 2018?", "How many trees were planted in 2018?", ""),
    ],
    "science story": [
        ("What did Dr Maja Lindqvist discover?", SAME, "a frog that freezes in winter"),
        (
            "Where did she find it?",
            "Where did Dr Maja Lindqvist find the frog that freezes in winter?",
            "on Mount Halden",
        ),
        ("How long did her study last?", "How long did Dr Maja Lindqvist's study last?", "six years"),
    ],
    "glacier": [
        ("Which glacier lost the most ice?", SAME, "the Torvald Glacier"),
        ("How thick is it?", "How thick is the Torvald Glacier?", "80 metres"),
        ("How fast is it melting?", "How fast is the Torvald Glacier melting?", ""),
    ],
    "sports release": [
        ("Who won the Lake Ostra regatta?", SAME, "Pia Nordahl"),
        ("How old is she?", "How old is Pia Nordahl?", "24"),
        ("Who coaches her?", "Who coaches Pia Nordahl?", "Emil Hauge"),
        ("What did he say about her training?", "What did Emil Hauge say about her training?", ""),
    ],
    "regatta years": [
        ("Who won the 2021 regatta?", SAME, "Pia Nordahl"),
        ("And in 2022?", "Who won the 2022 regatta?", "Leo Fisk"),
        ("And 2023?", "Who won the 2023 regatta?", ""),
    ],
    "second place": [
        ("Who came first in the race?", SAME, "Leo Fisk"),
        ("And second?", "Who came second in the race?", ""),
    ],
    "company": [
        ("Which company builds the ferries?", SAME, "Norrland Ferries"),
        ("Where is it based?", "Where is Norrland Ferries based?", "Brenn"),
        ("When was the company founded?", "When was Norrland Ferries founded?", "1990"),
        ("How many people does it employ?", "How many people does Norrland Ferries employ?", "300"),
    ],
    "aims": [
        ("What are the three aims of the reform plan?", SAME, "less paper, more time and fair fees"),
        ("What is the second one?", "What is the second aim of the reform plan?", "more time"),
        ("And the third?", "What is the third aim of the reform plan?", "fair fees"),
        ("The first of them?", "What is the first aim of the reform plan?", ""),
    ],
    "challenges": [
        ("Which challenges did Karel Vondra name?", SAME, "money, staff and weather"),
        ("And the last?", "What is the last challenge that Karel Vondra named?", "weather"),
        ("What else did he mention?", "What else did Karel Vondra mention?", ""),
    ],
    "winners": [
        ("How many villages were flooded?", SAME, "eleven"),
        ("Which ones?", "Which villages were flooded?", "Asen, Bro and Dal"),
        ("Why?", "Why were Asen, Bro and Dal flooded?", ""),
    ],
    "volunteers": [
        ("How many volunteers cleaned the beach?", SAME, "340"),
        ("Where did they come from?", "Where did the volunteers that cleaned the beach come from?", "three villages"),
    ],
    "treaty": [
        ("Who did Aru Tamm meet?", SAME, "Lio Pereti"),
        ("When did they meet?", "When did Aru Tamm and Lio Pereti meet?", "on Monday"),
        ("Where?", "Where did Aru Tamm and Lio Pereti meet?", ""),
    ],
    "two people": [
        ("What did Vera Kolm say about the strike?", SAME, "It was needed."),
        ("When did she join the union?", "When did Vera Kolm join the union?", "2003"),
        ("Who leads the union?", SAME, "Oskar Brill"),
        ("What did he promise?", "What did Oskar Brill promise?", "higher pay"),
        ("What did she answer?", "What did Vera Kolm answer?", ""),
    ],
    "names itself": [
        ("Who leads the union?", SAME, "Oskar Brill"),
        ("Why did Ana Silva say she would leave?", SAME, "She was tired."),
        ("Did Ana Silva keep her seat?", SAME, ""),
    ],
    "never a body": [
        ("When did the Ministry of Fisheries publish its report?", SAME, "in April"),
        ("What did he say?", SAME, ""),
    ],
    "office": [
        ("When was the mayor of Lunden elected?", SAME, "2017"),
        ("Which party does he belong to?", "Which party does the mayor of Lunden belong to?", ""),
    ],
    "that meeting": [
        ("Who attended the second meeting of harbour masters?", SAME, "Ines Tavaro"),
        ("Where was that meeting held?", "Where was the second meeting of harbour masters held?", "Oslo"),
        ("Who spoke there?", "Who spoke at the second meeting in Oslo?", ""),
    ],
    "this project": [
        ("Who pays for the wind farm project near Asen?", SAME, "the county"),
        ("When does this project start?", "When does the wind farm project near Asen start?", "in spring"),
        ("How many jobs will the project create?", "How many jobs will the wind farm project near Asen create?", ""),
    ],
    "the plan": [
        ("Who wrote the flood protection plan?", SAME, "engineers"),
        ("How much will the plan cost?", "How much will the flood protection plan cost?", "2 million"),
        ("Who supports the plan for a new school?", SAME, ""),
    ],
    "that city": [
        ("In which city was the congress of beekeepers held?", SAME, "Lunden"),
        ("How many people live in that city?", "How many people live in Lunden?", ""),
        ("When was it held?", "When was the congress of beekeepers held?", ""),
    ],
    "topic change": [
        ("Where was the salt fair held?", SAME, "Bremlach"),
        ("How many schools did Dolvik close in 2020?", SAME, "three"),
        ("Who is the director of the Halden Observatory?", SAME, "Maja Lindqvist"),
        ("What is the main cause of hay fever?", SAME, "pollen"),
        ("And who is the mayor of Lunden?", SAME, ""),
    ],
    "topic change and back to a pronoun": [
        ("Who leads the union?", SAME, "Oskar Brill"),
        ("When does the new tram line open?", SAME, "in 2027"),
        ("How long is it?", "How long is the new tram line?", "9 km"),
    ],
    "empty it": [
        ("When does the new tram line open?", SAME, "in 2027"),
        ("Is it true that bees can count?", SAME, "yes"),
        ("How long does it take to climb Mount Halden?", SAME, "a day"),
        ("Are there wolves in Brenn?", SAME, ""),
    ],
    "own antecedent": [
        ("Who leads the union?", SAME, "Oskar Brill"),
        ("What did the museum say about its roof?", SAME, "It leaks."),
        ("Why did the farmers say they would strike?", SAME, ""),
    ],
    "attribute": [
        ("What is the cost of the Sund tunnel?", SAME, "80 million"),
        ("When will it open?", "When will the Sund tunnel open?", "2030"),
        ("And the bridge?", "When will the bridge open?", ""),
    ],
    "their": [
        ("Why are the ferry pilots on strike?", SAME, "low pay"),
        ("What are their demands?", "What are the ferry pilots' demands?", ""),
    ],
    "its": [
        ("When was the Lunden Opera House built?", SAME, "1911"),
        ("Who designed its roof?", "Who designed the Lunden Opera House's roof?", "Greta Holm"),
        ("Where was she born?", "Where was Greta Holm born?", "Asen"),
        ("How many people live there?", "How many people live in Asen?", ""),
    ],
    "who else": [
        ("Who spoke at the opening of the clinic?", SAME, "Nadia Ferro"),
        ("Who else?", "Who else spoke at the opening of the clinic?", "Paul Ek"),
        ("Anyone else?", "Who else spoke at the opening of the clinic?", ""),
    ],
    "anything else": [
        ("What did Nadia Ferro say about nurses?", SAME, "They need rest."),
        ("Anything else?", "What else did Nadia Ferro say about nurses?", ""),
        ("And about doctors?", "What else did Nadia Ferro say about doctors?", ""),
    ],
    "how much": [
        ("Who paid for the clinic?", SAME, "the Ferro Foundation"),
        ("How much?", "How much did the Ferro Foundation pay for the clinic?", "4 million"),
        ("When?", "When did the Ferro Foundation pay 4 million for the clinic?", ""),
    ],
    "when after who": [
        ("Who was appointed head of the orchestra?", SAME, "Ivo Marek"),
        ("When?", "When was Ivo Marek appointed head of the orchestra?", "2020"),
        ("What is his salary?", "What is Ivo Marek's salary?", ""),
    ],
    "who said": [
        ("Who said that the bridge is unsafe?", SAME, "Ivo Marek"),
        ("What is his job?", "What is Ivo Marek's job?", "an engineer"),
        ("What does he propose?", "What does Ivo Marek propose?", ""),
    ],
    "mayors": [
        ("Who is the mayor of Lunden?", SAME, "Tomas Ruel"),
        ("And Brenn?", "Who is the mayor of Brenn?", "Eva Sand"),
        ("And the deputy mayor?", "Who is the deputy mayor of Brenn?", ""),
    ],
    "yes and no": [
        ("Did the city approve the new stadium?", SAME, "no"),
        ("Why not?", "Why did the city not approve the new stadium?", "It is too dear."),
    ],
    "preposition": [
        ("How much is a ticket for adults?", SAME, "12 francs"),
        ("And for students?", "How much is a ticket for students?", ""),
    ],
    "not answered": [
        ("What did Leo Fisk win?", SAME, "not in these articles"),
        ("When did he win it?", "When did Leo Fisk win it?", ""),
    ],
    "chat message": [
        (
            "Who leads the union?",
            SAME,
            "**Oskar Brill**\n\n> Oskar Brill, who leads the union, spoke first. [1]\n\nLunden Post",
        ),
        ("Where does he live?", "Where does Oskar Brill live?", ""),
    ],
}


def play(turns: list[Turn]) -> list[tuple[str, str]]:
    """What each question of a dialogue became, beside what it should."""
    history: list[Message] = []
    played = []
    for question, expected, answer in turns:
        played.append((standalone(question, history), expected or question))
        history.append({"role": "user", "content": question})
        if answer:
            history.append({"role": "assistant", "content": answer})
    return played


@pytest.mark.parametrize("name", DIALOGUES)
def test_each_question_stands_alone(name: str) -> None:
    played = play(DIALOGUES[name])
    assert [became for became, _ in played] == [expected for _, expected in played]


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "text": "Oskar Brill"}],
        [["Oskar Brill"]],
        {"text": "Oskar Brill"},
        "<p><b>Oskar Brill</b></p>",
    ],
)
def test_the_forms_of_a_message_are_read(content: Any) -> None:
    history: list[Any] = [
        {"role": "user", "content": "Who leads the union?"},
        {"role": "assistant", "content": content},
    ]
    assert standalone("Where does he live?", history) == "Where does Oskar Brill live?"


@pytest.mark.parametrize(
    "history", [None, 5, "text", {"role": "user"}, [None], [[]], [{"role": "user"}], [{"content": "x"}]]
)
def test_odd_histories_change_nothing(history: Any) -> None:
    assert standalone("When did she leave?", history) == "When did she leave?"


def test_a_rewritten_question_is_bounded_and_on_one_line() -> None:
    long = "Who runs the " + "grey " * 200 + "old harbour of Velmora?"
    history = [{"role": "user", "content": long}]
    assert standalone("When was it built?", history) == "When was it built?"
    line = standalone("When\nwas it\tbuilt?", [{"role": "user", "content": "Who runs the harbour\nof Velmora?"}])
    assert line == "When was the harbour of Velmora built?"


def test_only_the_last_turns_count() -> None:
    filler = [{"role": "user", "content": "Is rain wet?"}] * 6
    assert (
        standalone("Where was he born?", [{"role": "user", "content": "Who is Leo Fisk?"}, *filler])
        == "Where was he born?"
    )


PIECES = st.sampled_from(
    """And But What Who Why How many else did does was is it he she they them their there that this the a third
    second last one ones of in by whom about when 2021 2022 May Ana Silva Porto Ministry of Trade fair
    meeting held said cost plan people mayor its her ? . , 's … é""".split()
)
QUESTIONS = st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=60)
ENTRIES = st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]), "content": QUESTIONS})


@given(QUESTIONS)
def test_without_history_nothing_changes(question: str) -> None:
    assert standalone(question, []) == question


@settings(max_examples=400, deadline=None)
@given(QUESTIONS, st.lists(ENTRIES, max_size=10))
def test_never_raises_and_stays_short(question: str, history: list[Message]) -> None:
    became = standalone(question, history)
    assert became == question or (len(became) <= MAX_STANDALONE_CHARACTERS and len(became.splitlines()) == 1)


@settings(max_examples=200, deadline=None)
@given(st.lists(ENTRIES, max_size=6))
def test_a_question_of_its_own_is_never_touched(history: list[Message]) -> None:
    question = "How many schools did Dolvik close in 2020?"
    assert standalone(question, history) == question


@settings(deadline=None)
@given(
    st.lists(
        st.none() | st.text(max_size=5) | st.dictionaries(st.text(max_size=7), st.none() | st.integers()), max_size=5
    )
)
def test_never_raises_on_odd_entries(history: list[Any]) -> None:
    assert standalone("And Porto?", history) == "And Porto?"
