"""One process of the stress test: adds and removes, or asks and checks every answer, until a time.

``python tests/store/stress_worker.py write|ask LIBRARY FILE SECONDS NUMBER`` prints one JSON object.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from corpus.article import article_from_text
from corpus.errors import UnknownArticleError
from corpus.library import Addition, Library
from corpus.types import Article, Passage, Span


def churn(number: int, vectors: np.ndarray, chance: random.Random) -> Addition:
    """An article that comes and goes: each of its passages names it, so that no passage can pass for another's."""
    name = f"zwk{number:05}"
    lines = [
        f"Notice {line} of {name}: the depot of {name} moved {chance.randint(2, 99)} wagons." for line in range(12)
    ]
    article = article_from_text("\n\n".join(lines), clean=False)
    starts = [article.text.index(line) for line in lines]
    passages = [
        Passage(
            f"{article.id}:{row}",
            article.id,
            Span(start, start + len(line)),
            sentences=(Span(start, start + len(line)),),
        )
        for row, (start, line) in enumerate(zip(starts, lines, strict=True))
    ]
    return Addition(article, passages, vectors[: len(lines)], source=f"/{name}.txt")


def write(library: Library, vectors: np.ndarray, model: str, until: float, seed: int) -> dict[str, int]:
    chance = random.Random(seed)
    counts = {"added": 0, "replaced": 0, "removed": 0}
    mine: dict[int, str] = {}
    while time.time() < until:
        number = seed * 1000 + chance.randrange(40)
        if number in mine and chance.random() < 0.5:
            library.remove(mine.pop(number))
            counts["removed"] += 1
        else:
            addition = churn(number, vectors, chance)
            library.add_many([addition], model_id=model)
            counts["replaced" if number in mine else "added"] += 1
            mine[number] = addition.article.id
    for article_id in mine.values():
        library.remove(article_id)
    return counts


def ask(folder: Path, expected: list[list[str]], until: float, seed: int) -> dict[str, Any]:
    from qa import Engine

    chance = random.Random(seed)
    wrong: list[str] = []
    asked = searched = 0
    with Engine.open(folder) as engine:
        while time.time() < until:
            question, right = chance.choice(expected)
            given = engine.answer(question)
            asked += 1
            if given.text != right:
                wrong.append(f"{question} -> {given.text!r}, not {right!r}")
            wrong += [
                f"{question}: a quotation that is not in its article"
                for citation in given.citations
                if engine.library.article(citation.article_id).text[citation.start : citation.end] != citation.quote
            ]
            searched += 1
            wrong += check_search(engine, f"zwk{chance.randint(1, 2)}{chance.randrange(40):04}")
    return {"asked": asked, "searched": searched, "wrong": wrong[:10]}


def check_search(engine: Any, name: str) -> list[str]:
    """What is wrong with a search for an article that comes and goes: other state, other text, twice the same."""
    wrong = []
    with engine.library.snapshot():  # what is found and what is read must be one state
        hits = engine.search(f"wagons of {name}", 20)
        seen = [hit.passage.id for hit in hits]
        if len(set(seen)) != len(seen):
            wrong.append(f"{name}: a passage twice")
        for hit in hits:
            try:
                article: Article = engine.library.article(hit.passage.article_id)
            except UnknownArticleError:
                wrong.append(f"{name}: a passage of an article that is gone")
                continue
            text = hit.passage.span.of(article.text)
            if name in article.text and name not in text:
                wrong.append(f"{name}: a passage with the text of another")
        named = [hit for hit in hits if name in engine.library.article(hit.passage.article_id).text]
        if named and len({hit.passage.article_id for hit in named}) > 1:
            wrong.append(f"{name}: an article beside the one that replaced it")
    return wrong


def main() -> None:
    what, folder, file, until, number = (
        sys.argv[1],
        Path(sys.argv[2]),
        Path(sys.argv[3]),
        float(sys.argv[4]),
        int(sys.argv[5]),
    )
    if what == "ask":
        print(json.dumps(ask(folder, json.loads(file.read_text("utf-8")), until, number)))
        return
    with np.load(file, allow_pickle=False) as held, Library.open(folder) as library:
        print(json.dumps(write(library, held["vectors"], str(held["model"]), until, number)))


if __name__ == "__main__":
    main()
