import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from corpus.errors import InputError
from training.data import ASKED, Question, asked_questions, digest_of

CONTEXT = "The lighthouse at Tarn was lit in 1874 by two sisters."
KNOWN = [Question("tydiqa_en", "1", "Where?", CONTEXT), Question("tydiqa_en", "2", "Who?", CONTEXT)]


def asked(folder: Path, *rows: Mapping[str, object]) -> list[Question]:
    (folder / "wiki.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return asked_questions(KNOWN, folder)


def test_a_question_finds_the_paragraph_that_it_names_by_a_digest(tmp_path: Path) -> None:
    year = CONTEXT.index("1874")
    found = asked(
        tmp_path,
        {"context": digest_of(CONTEXT), "question": "Since when does it shine?", "answer": [year, year + 4]},
        {"context": digest_of("another"), "question": "Whose?", "answer": [0, 3]},
        {"context": digest_of(CONTEXT), "question": "Who put it out?", "answer": None},
    )
    assert [(one.source, one.id, one.context, one.impossible) for one in found] == [
        ("asked_wiki", "asked_wiki-1", CONTEXT, False),
        ("asked_wiki", "asked_wiki-3", CONTEXT, True),
    ]
    assert asked_questions(KNOWN, tmp_path, sources={"asked_wiki"}) == found
    assert asked_questions(KNOWN, tmp_path, sources={"asked_other", "written_notices"}) == []
    assert found[0].answers[0].text == found[0].span.of(CONTEXT) == "1874"


@pytest.mark.parametrize("row", [{"answer": [40, 400]}, {"answer": [9, 9]}, {"answer": 7}, {"question": None}, {}])
def test_a_bad_line_is_named(tmp_path: Path, row: Mapping[str, object]) -> None:
    good = {"context": digest_of(CONTEXT), "question": "When?", "answer": None}
    bad = {"context": digest_of(CONTEXT)} if not row else {**good, **row}
    with pytest.raises(InputError, match="question 2"):
        asked(tmp_path, good, bad)


def test_the_questions_that_come_along_are_whole() -> None:
    for path in ASKED.glob("*.jsonl"):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert len({(row["context"], row["question"].casefold()) for row in rows}) == len(rows) > 1000
        assert all(len(row["context"]) == 16 and row["question"].strip() == row["question"] for row in rows)
        spans = [row["answer"] for row in rows if row["answer"] is not None]
        assert all(0 <= start < end for start, end in spans)
        assert 0.1 < 1 - len(spans) / len(rows) < 0.3
