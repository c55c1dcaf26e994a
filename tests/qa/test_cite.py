from dataclasses import replace

from corpus.article import article_from_text
from corpus.passages import split_passages
from corpus.types import Passage, Span
from qa.cite import cite, sentence_around

TEXT = (
    "Reporter: Why did the port close?\n\n"
    "Ana Silva: The storm was strong. It broke two cranes, and nobody was hurt.\n\n"
    "We will open again in May.\n\nReporter: Who pays?\n\nBo Lund: The insurers do."
)
ARTICLE = replace(article_from_text(TEXT, clean=False), title="Storm at the port", publisher="Harbour News")


def cited(words: str):
    start = TEXT.index(words)
    span = Span(start, start + len(words))
    passage = next(p for p in split_passages(ARTICLE) if p.span.contains(span))
    return cite(ARTICLE, passage, span)


def test_a_citation_names_words_speaker_and_place() -> None:
    found = cited("two cranes")
    assert TEXT[found.start : found.end] == found.quote == "two cranes"
    assert found.sentence == "It broke two cranes, and nobody was hurt."
    assert (found.speaker, found.title, found.publisher) == ("Ana Silva", "Storm at the port", "Harbour News")
    assert found.quote in found.passage


def test_a_paragraph_without_a_label_belongs_to_the_speaker_before_it() -> None:
    assert cited("in May").speaker == "Ana Silva"


def test_a_span_over_two_sentences_is_cited_with_both() -> None:
    found = cited("strong. It broke")
    assert found.sentence == "Ana Silva: The storm was strong. It broke two cranes, and nobody was hurt."


def test_a_label_outside_its_passage_is_cited_with_its_own_sentence() -> None:
    label = Span(TEXT.index("Ana Silva"), TEXT.index("Ana Silva") + 9)
    start = TEXT.index("We will")
    passage = Passage("p", ARTICLE.id, Span(start, start + 26), speaker=label)
    assert sentence_around(ARTICLE, passage, label).of(TEXT).startswith("Ana Silva: The storm")
