from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.batch import Asked
from qa.evaluation.evaluate import outcome_of
from qa.evaluation.gold import GoldProblem, GoldQuestion
from qa.evaluation.report import figure, render_report
from qa.marking import parts_of
from qa.types import Alternative, Answer, Citation

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'{style}"


class Page(HTMLParser):
    """The tags of a page and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def citation(text: str, start: int, end: int, sentence: tuple[int, int]) -> Citation:
    said = text[sentence[0] : sentence[1]]
    return Citation("a", "Title", None, None, None, text[start:end], start, end, said, said)


def page_of(text: str, problems: tuple[GoldProblem, ...] = ()) -> str:
    gold = GoldQuestion(text, Asked(text, ({"role": "user", "content": text},)), (text,), text, None, "line 1")
    cited = citation(text, 0, len(text), (0, len(text)))
    given = Answer(text, text, 0.9, (cited,), (Alternative(text, 0.9, "a", 0, len(text)),))
    silent = Answer(text, None, 0.8, (), (Alternative(text, 0.2, "a", 0, len(text)),))
    outcomes = [outcome_of(gold, given, 12.0, ("before ", text, " after")), outcome_of(gold, silent, 3.0)]
    return render_report(text, outcomes, problems)


def test_each_question_is_listed_with_answer_and_verdict() -> None:
    page = page_of("forty bridges", (GoldProblem("line 9", "not JSON"),))
    assert "before <mark>forty bridges</mark> after" in page
    assert '<li class="right">' in page
    assert '<li class="abstained">' in page
    text = Page(page).text
    assert "best guess: forty bridges" in text
    assert "line 9: not JSON" in text
    assert "2 questions; 3 ms a question (median), 12 ms" in text


def test_nothing_in_a_text_becomes_markup() -> None:
    page = Page(page_of(HOSTILE, (GoldProblem(HOSTILE, HOSTILE),)))
    assert {"script", "img"}.isdisjoint(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert HOSTILE in page.text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_leaves_the_same_tags(text: str) -> None:
    assert Page(page_of(text)).tags == Page(page_of("plain")).tags


def test_the_page_loads_nothing() -> None:
    page = page_of("plain")
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|//|<link|<script|@import|url\(", page)


@pytest.mark.parametrize(("value", "shown"), [(None, "–"), (0.0, "0.0"), (1.0, "100.0"), (0.7034, "70.3")])
def test_figures(value: float | None, shown: str) -> None:
    assert figure(value) == shown


def test_the_quotation_is_marked_where_it_stands_not_where_its_words_come_first() -> None:
    text = "No. In 40 years 40 bridges were built. In 40 years 40 bridges were built."
    second = text.rindex("40 bridges")
    sentence = (text.rindex("In 40"), len(text))
    assert parts_of(citation(text, second, second + 2, sentence), text) == (
        "In 40 years ",
        "40",
        " bridges were built.",
    )
    assert parts_of(citation(text, second, second + 2, sentence), "another text") == ("", "40", "")


@given(st.text("ab ", min_size=1, max_size=30), st.data())
def test_the_parts_make_up_the_sentence(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    cited = citation(text, cuts[1], cuts[2], (cuts[0], cuts[3]))
    before, quote, after = parts_of(cited, text)
    assert (before + quote + after, quote) == (cited.sentence, cited.quote)
