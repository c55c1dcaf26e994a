"""Which questions are answered by whole sentences, on invented subjects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.breadth import wants_sentences

BROAD = """
Why was the bridge closed?
And why did they leave?
why
How come nobody was told?
For what reason was she dismissed?
How will the town pay for it?
How does the pump work?
How did the fire start?
How was the money spent?
How has the town changed since 2010?
How can farmers apply?
In what way does the law help tenants?
What measures did the council take?
Which four measures does the commission recommend?
What are the main goals of the plan?
What are its three aims?
What were the effects of the drought on farms?
What are the advantages and disadvantages of wind power?
What is the difference between the two plans?
What is the plan's aim?
What is the purpose of the fund?
What is the second measure?
What is the significance of the treaty?
What was Ana Silva's opinion of the plan?
What was his reaction?
What reason did he give?
What did Ana Silva say about the roof?
What does the report say about schools?
What did the mayor promise?
What does she think of the plan?
What else did he say?
What do fishermen fear?
What happened at the mill?
What has happened to the workers since then?
What was discussed at the meeting?
What is being done about it?
What is known about the thief?
What should parents do when a child is ill?
What are they going to do about the dam?
What role does the harbour play?
According to Ana Silva, why did the plan fail?
Could you tell me why the road is closed?
Do you know how the fire began?
Can you summarise the interview?
Please explain the new rule.
Tell me about the ferry.
Tell me more about the second measure.
Give me a short overview of the plan.
List the members of the jury.
"""
NARROW = """
Who closed the bridge?
Who explained the problems?
Who said why the bridge was closed?
How many people died?
How many measures does the report list?
How many goals did Berg score?
How much did it cost?
How long did it last?
How old is she?
How far is it to Pell?
How often do the ferries sail?
How fast can it go?
How high were the results?
How late is the museum open?
How is the company called?
How is her name spelled?
How are you?
What is the name of the ship?
What is the name of the measure?
What is the capital of Ruvia?
What is the price of a ticket?
What is the longest river?
What is her post?
What year was it built?
What time does it open?
What did the plant cost?
What did Ana Silva build?
What does FAO stand for?
What does he do for a living?
What name did the company choose?
What percentage of the projects failed?
What number of goals did he score?
What caused the landslide?
When did the fire start?
When will the results be published?
Where was the meeting held?
Which company built the dam?
Which city has the most problems?
Which of the projects costs most?
Which newspaper described the effects?
Did the mayor explain why?
In which year did the plan fail?
List price of the ferry?
Name of the ship?
"""


@pytest.mark.parametrize("question", BROAD.strip().splitlines())
def test_asks_for_sentences(question: str) -> None:
    assert wants_sentences(question)


@pytest.mark.parametrize("question", NARROW.strip().splitlines())
def test_asks_for_a_phrase(question: str) -> None:
    assert not wants_sentences(question)


@given(st.text(max_size=80) | st.sampled_from(["what " * 400, "could you tell me " * 100, "in " * 300, "and, " * 500]))
def test_any_text_is_judged(question: str) -> None:
    assert wants_sentences(question) in (True, False)


@pytest.mark.parametrize("question", BROAD.strip().splitlines())
def test_small_words_before_it_change_nothing(question: str) -> None:
    assert wants_sentences(f"And {question[0].lower()}{question[1:]}")
    assert wants_sentences(f"  “{question}”")
