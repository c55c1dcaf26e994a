"""The gold questions stay honest: well formed, of the declared make-up, every answer verbatim in its article."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corpus.article import read_article
from corpus.bundled import bundled_articles
from qa.evaluation.gold import read_gold
from qa.evaluation.gold_articles import Shelf
from qa.evaluation.gold_checkup import check_gold

CORPUS = Path(__file__).parents[2] / "corpus"
FIELDS = {"id", "set", "kind", "question", "answers"}
ANSWERABLE = {"fact", "number", "date", "role", "speaker", "list", "meta", "reason", "follow_up"}
UNANSWERABLE = {"none_near", "none_far"}

# How many questions of each kind each half holds: figures reported on this set mean nothing if it drifts.
MAKE_UP = {
    "core": {
        "fact": 14,
        "number": 8,
        "date": 6,
        "role": 10,
        "speaker": 10,
        "list": 6,
        "meta": 4,
        "reason": 3,
        "none_near": 18,
        "none_far": 12,
    },
    "more": {
        "fact": 15,
        "number": 10,
        "date": 8,
        "role": 9,
        "speaker": 10,
        "list": 14,
        "meta": 9,
        "reason": 15,
        "follow_up": 24,
        "none_near": 16,
        "none_far": 6,
    },
}

Question = dict[str, Any]


@pytest.fixture(scope="module")
def gold() -> list[Question]:
    lines = (CORPUS / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def articles() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in (CORPUS / "articles").glob("*.txt")}


def test_ids_count_up_from_the_question_everyone_asks_first(gold: list[Question]) -> None:
    assert [question["id"] for question in gold] == [f"g{number:03d}" for number in range(1, len(gold) + 1)]
    assert gold[0]["question"] == "How many major projects were launched?"


def test_each_half_holds_the_declared_kinds(gold: list[Question]) -> None:
    counts = {half: Counter(q["kind"] for q in gold if q["set"] == half) for half in MAKE_UP}
    assert counts == MAKE_UP
    assert sum(sum(kinds.values()) for kinds in counts.values()) == len(gold)


def test_the_core_opens_with_61_answerable_questions_and_30_without_an_answer(gold: list[Question]) -> None:
    has_answer = [bool(question["answers"]) for question in gold if question["set"] == "core"]
    assert has_answer == [True] * 61 + [False] * 30


def test_fields_are_valid(gold: list[Question]) -> None:
    for question in gold:
        expected = FIELDS | {"history"} if question["kind"] == "follow_up" else FIELDS
        assert set(question) == expected, question["id"]
        assert question["kind"] in ANSWERABLE | UNANSWERABLE, question["id"]
        text = question["question"]
        assert text == text.strip(), question["id"]
        assert text.endswith("?"), question["id"]


def test_no_question_stands_twice(gold: list[Question]) -> None:
    asked = Counter(json.dumps([q.get("history", []), q["question"].casefold()]) for q in gold)
    assert max(asked.values()) == 1


def test_exactly_the_answerable_kinds_have_one_to_five_answers(gold: list[Question]) -> None:
    for question in gold:
        allowed = range(1, 6) if question["kind"] in ANSWERABLE else range(1)
        assert len(question["answers"]) in allowed, question["id"]


def test_every_answer_is_verbatim_in_the_article_it_names(gold: list[Question], articles: dict[str, str]) -> None:
    for question in gold:
        for answer in question["answers"]:
            assert set(answer) - {"in_text"} == {"article", "text"}, question["id"]
            text = answer["text"]
            assert text, question["id"]
            assert text == text.strip(), question["id"]
            assert text in articles[answer["article"]], (question["id"], text)


def test_the_check_that_users_have_finds_nothing_to_say() -> None:
    read = [read_article(path) for path in bundled_articles()]
    named = [(article.id, (str(path),)) for article, path in zip(read, bundled_articles(), strict=True)]
    shelf = Shelf(named, {article.id: article for article in read}.__getitem__)
    found = check_gold(read_gold(CORPUS / "gold.jsonl"), shelf)
    assert found.problems == ()
    assert found.warnings == ()
    assert found.drafts == 0


def test_every_kind_has_enough_questions_for_a_figure(gold: list[Question]) -> None:
    assert min(Counter(question["kind"] for question in gold).values()) >= 12


def test_a_question_about_words_that_cleaning_took_away_still_counts_as_answerable(gold: list[Question]) -> None:
    lost = [q["id"] for q in gold if any(answer.get("in_text") is False for answer in q["answers"])]
    assert lost == ["g007", "g142", "g143", "g178"]


def test_accepted_answers_differ_and_share_an_article(gold: list[Question]) -> None:
    for question in gold:
        texts = [answer["text"] for answer in question["answers"]]
        assert len(set(texts)) == len(texts), question["id"]
        assert len({answer["article"] for answer in question["answers"]}) <= 1, question["id"]


def test_both_articles_are_asked_about_evenly(gold: list[Question], articles: dict[str, str]) -> None:
    asked = Counter(q["answers"][0]["article"] for q in gold if q["answers"])
    assert set(asked) == set(articles)
    assert min(asked.values()) >= 0.4 * sum(asked.values())


def test_a_dialogue_alternates_and_ends_with_the_reply(gold: list[Question]) -> None:
    for question in (q for q in gold if q["kind"] == "follow_up"):
        roles = [turn["role"] for turn in question["history"]]
        assert roles, question["id"]
        assert roles == ["user", "assistant"] * (len(roles) // 2), question["id"]
        assert all(turn["content"].strip() for turn in question["history"]), question["id"]
