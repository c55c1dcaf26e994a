import pytest

from qa.intent import intent_of


@pytest.mark.parametrize(
    ("question", "kind", "topic"),
    [
        ("Who wrote the article?", "metadata", None),
        ("When was the interview about the ferry published?", "metadata", None),
        ("Which newspaper ran the story?", "metadata", None),
        ("What is the headline of the report?", "metadata", None),
        ("Who said that the bridge is unsafe?", "speaker", "that the bridge is unsafe"),
        ("Which minister warned about floods?", "speaker", "about floods"),
        ("According to whom is the dam safe?", "speaker", None),
        ("Who would like to see the harbour deepened?", "speaker", "to see the harbour deepened"),
        ("Which of the three experts brought up the cost of sand?", "speaker", "the cost of sand"),
        ("Who replied that the ferry was late?", "speaker", "that the ferry was late"),
        ("Who was convinced the roof would hold?", "speaker", "the roof would hold"),
        ("What post does Ana de Souza hold?", "post_of", "Ana de Souza"),
        ("What is Li Wei's position?", "post_of", "Li Wei"),
        ("Who is Kofi Mensah?", "post_of", "Kofi Mensah"),
        ("Who is the deputy director of the port authority?", "holder_of", "deputy director of the port authority"),
        ("Who heads the finance bureau?", "holder_of", "heads the finance bureau"),
        ("Who built the bridge?", "open", None),
        ("When was the bridge built?", "open", None),
        ("How many people said yes?", "open", None),
        ("When was the programme announced?", "open", None),
    ],
)
def test_the_form_of_a_question_tells_what_it_asks_for(question: str, kind: str, topic: str | None) -> None:
    found = intent_of(question)
    assert found.kind == kind
    if topic is not None:
        assert found.topic == topic


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("Who is the author of the report?", "author"),
        ("By whom was the interview conducted?", "author"),
        ("On what date was the press release issued?", "published"),
        ("What is the date of the announcement?", "published"),
        ("In which magazine did the interview appear?", "publisher"),
        ("Who published this article?", "publisher"),
        ("What is the title of the article?", "title"),
    ],
)
def test_a_fact_about_the_article_is_named(question: str, field: str) -> None:
    assert intent_of(question).field == field
