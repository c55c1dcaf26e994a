from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluation.gold import GoldProblem
from qa.evaluation.outcome import Outcome
from qa.evaluation.page.filters import filter_form
from qa.evaluation.page.headline import facts_list
from qa.evaluation.page.questions import question_list, titles_of
from qa.evaluation.page.tables import confusion_table, score_table
from qa.evaluation.report import facts_of, figure, render_report
from qa.evaluation.scores import Scores, scores_by_kind
from qa.evaluation.setup import Setup
from qa.evaluation.summary import summarize
from qa.marking import parts_of
from qa.types import Citation

if TYPE_CHECKING:
    from tests.qa.evaluation.conftest import MakeOutcome

    MakeOutcomes = Callable[[int], list[Outcome]]

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> & \"'{style} $x^ label-0-"


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text, the script's and the style's apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.raw: dict[str, str] = {}
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside in ("script", "style"):
            self.raw[self._inside] = self.raw.get(self._inside, "") + data
        else:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def citation(text: str, start: int, end: int, sentence: tuple[int, int]) -> Citation:
    said = text[sentence[0] : sentence[1]]
    return Citation("a", "Title", None, None, None, text[start:end], start, end, said, said)


def hostile(make_outcome: MakeOutcome, text: str = HOSTILE) -> list[Outcome]:
    turns = ({"role": "user", "content": text},)
    shared = {"kind": text, "title": text, "history": turns, "id": text}
    found = {"article_ids": (text, "b"), "ranks": (2,), "isolated_exact": 0.0, "isolated_f1": 0.5}
    return [
        make_outcome(text, text, (text,), around=(text, text), **shared, **found),
        make_outcome(text, None, (text, "x"), guess=text, **shared, **found),
        make_outcome(text, "other", (text,), **{**shared, "kind": f"{text}2"}),
    ]


def test_each_question_is_listed_with_answer_and_verdict(make_outcome: MakeOutcome) -> None:
    outcomes = [make_outcome(), make_outcome(said=None, guess="forty boats", milliseconds=3.0)]
    page = render_report("A title", outcomes, [GoldProblem("line 9", "not JSON")])
    assert "The town of Tarn has <mark>forty bridges</mark>, more than any other." in page
    text = Page(page).text
    for words in (
        "✓ right",
        "– wrongly declined",
        "best guess: forty boats",
        "accepted: forty bridges",
        "A harbour bridge for Tarn · Tarn Post · 2024-05-08",
        "line 9: not JSON",
        "2 questions; 3 ms a question (median), 12 ms",
    ):
        assert words in text


def test_one_sees_whether_the_passage_was_not_found_or_misread(make_outcome: MakeOutcome) -> None:
    misread = make_outcome(said="a ferry", ranks=(1, 4), isolated_exact=0.0, isolated_f1=0.25)
    lost = make_outcome(said="a ferry", ranks=())
    listed = Page(question_list([misread, lost], {})).text
    assert "search: right passage at rank 1, 4 · reader alone with the right passage: not right, F1 25.0" in listed
    assert "misread: the right passage was found" in listed
    assert "search: right passage not found" in listed
    assert "not found: no passage that was looked at" in listed


def test_the_main_figures_are_those_of_the_summary(make_outcomes: MakeOutcomes) -> None:
    outcomes = make_outcomes(120)
    page = Page(render_report("A title", outcomes)).text
    scores = {one.group: one for one in scores_by_kind(outcomes)}
    low, high = scores["unanswerable"].intervals["abstained"]
    declined = scores["unanswerable"]
    assert f"Rightly declined\n{figure(declined.abstained)} %\n95 % interval {figure(low)}–{figure(high)}" in page
    kept = sum(not one.answer.answered and not one.gold.answerable for one in outcomes)
    assert f"to {kept} of {declined.questions} questions without an answer" in page
    given = summarize(outcomes)
    assert render_report("A title", outcomes, summary=given) == render_report("A title", outcomes)


def test_answers_given_and_declined_are_counted(make_outcome: MakeOutcome) -> None:
    outcomes = [
        make_outcome(),
        make_outcome(said="forty big bridges"),
        make_outcome(said=None),
        make_outcome(accepted=()),
        make_outcome(said=None, accepted=()),
    ]
    cells = [" ".join(row.split()) for row in Page(confusion_table(outcomes)).text.split("\n")]
    assert "the articles hold an answer3✓ 2 (66.7 %)1 right, 1 partly right✗ 1 (33.3 %)" in cells
    assert "the articles hold none2✗ 1 (50.0 %)✓ 1 (50.0 %)" in cells


def test_what_does_not_apply_is_left_out_with_the_reason(make_outcome: MakeOutcome) -> None:
    page = Page(render_report("A title", [make_outcome(said=None)]))
    for words in (
        "Left out: all questions are of one kind.",
        "Left out: nothing was searched for",
        "Left out: the engine found no span",
    ):
        assert words in page.text
    assert "Rightly declined" not in page.text
    assert page.tags.count("svg") == 2


def test_facts_tell_what_was_evaluated(make_outcome: MakeOutcome) -> None:
    setup = Setup("0.1.0", "bundled", "minilm", "f00", 7, 2, 1, False)
    text = Page(render_report("A title", [make_outcome()], facts={"Gold file": "my.jsonl", **facts_of(setup)})).text
    assert (
        "Gold filemy.jsonl\nVersion0.1.0\nReaderbundled\nEmbedderminilm\nLibrary2 articles (f00, generation 7)" in text
    )
    assert "Library" not in facts_of(Setup("0.1.0", "bundled", "minilm", None, None, None, 1, False))


def test_articles_are_called_as_known_as_cited_or_by_id(make_outcome: MakeOutcome) -> None:
    outcomes = [make_outcome(article_ids=("a1", "a2", "a3"))]
    assert titles_of(outcomes, {"a2": "Known"}) == {"a1": "A harbour bridge for Tarn", "a2": "Known", "a3": "a3"}


def test_nothing_in_a_text_becomes_markup(make_outcome: MakeOutcome) -> None:
    problems = [GoldProblem(HOSTILE, HOSTILE)]
    page = Page(render_report(HOSTILE, hostile(make_outcome), problems, facts={HOSTILE: HOSTILE}))
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert page.text.count(HOSTILE) > 10
    assert "alert" not in page.raw["script"]


@settings(deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_leaves_the_same_tags(make_outcome: MakeOutcome, text: str) -> None:
    def tags(text: str) -> list[str]:
        outcomes = hostile(make_outcome, text)
        titles = titles_of(outcomes, {text: text})
        parts = question_list(outcomes, titles), filter_form(outcomes, titles), facts_list({text: text})
        return Page("".join((*parts, score_table("x", "y", [Scores(text, 1, 1.0, 1.0, None, None, 0.0, None)])))).tags

    assert tags(text) == tags("plain")


def test_the_page_loads_nothing_and_lets_only_its_own_script_run(make_outcomes: MakeOutcomes) -> None:
    page = render_report("A title", make_outcomes(40))
    assert not re.search(r"https?:|//|<link|@import|url\((?!#)| style=| xmlns", page)
    parsed = Page(page)
    policy = next(value or "" for name, value in parsed.attributes if name == "content" and "default-src" in str(value))
    hashes = {tag: b64encode(sha256(raw.encode()).digest()).decode() for tag, raw in parsed.raw.items()}
    assert policy.split("; ") == [
        "default-src 'none'",
        f"script-src 'sha256-{hashes['script']}'",
        f"style-src 'sha256-{hashes['style']}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_no_two_things_of_the_page_have_one_id(make_outcomes: MakeOutcomes) -> None:
    page = render_report("A title", make_outcomes(60))
    ids = [value for name, value in Page(page).attributes if name == "id"]
    assert len(ids) == len(set(ids))
    aims = set(re.findall(r'(?:href="#|url\(#|aria-(?:labelledby|describedby)=")([\w.-]+)[")]', page))
    assert len(aims) > 60
    assert aims <= set(ids)


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
