"""What looking up fewer words of a question saves in a large library, and what it costs in quality.

::

    python -m benchmarks.words --data TRAIN.jsonl.xz                       # quality over the paragraphs of the file
    python -m benchmarks.words --data TRAIN.jsonl.xz --passages 1000000    # speed over passages made of its sentences

The file holds one JSON object a line: ``question``, ``context``, ``answers``. Times are of the processor, so that other
work on the machine counts little.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from corpus.library import PassageFields
from index.lexical import LexicalIndex

BUDGETS: Final = (200_000, 500_000, 1_000_000, 2_000_000, 10**12)
TIMES: Final = (0.2, 0.5, 1, 2, 1000)  # the same budgets as multiples of the number of passages
DEPTH: Final = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one of the two tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.words", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="questions with their paragraphs (.jsonl.xz)")
    parser.add_argument("--passages", type=int, help="measure the speed over so many passages instead")
    parser.add_argument("--questions", type=int, help="how many to ask (default 1,500; for speed 100)")
    options = parser.parse_args(arguments)
    texts, asked = _read(options.data)
    chance = random.Random(3)  # noqa: S311 - not for secrets
    if options.passages is None:
        _quality(texts, chance.sample(asked, min(options.questions or 1500, len(asked))))
    else:
        _speed(texts, options.passages, [question for question, _ in chance.sample(asked, options.questions or 100)])
    return 0


def _read(file: Path) -> tuple[dict[str, int], list[tuple[str, int]]]:
    """The paragraphs of up to 3,000 characters with their numbers, and the answerable questions with theirs."""
    texts: dict[str, int] = {}
    asked = []
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["context"] and len(row["context"]) <= 3000:
                number = texts.setdefault(row["context"], len(texts) + 1)
                if row["answers"]:
                    asked.append((row["question"], number))
    return texts, asked


def _quality(texts: dict[str, int], asked: Sequence[tuple[str, int]]) -> None:
    index = LexicalIndex.build(PassageFields(number, str(number), text, "", "", "") for text, number in texts.items())
    print("| passages looked at, times all | MRR | first 8 | first 100 |\n|---|---|---|---|")
    for times in TIMES:
        ranks = [_rank(index, question, number, int(times * len(index))) for question, number in asked]
        mrr = 100 * float(np.mean([1 / rank if rank else 0 for rank in ranks]))
        eight, all_of_them = (100 * float(np.mean([0 < rank <= cut for rank in ranks])) for cut in (8, DEPTH))
        print(f"| {times:g} | {mrr:.1f} | {eight:.1f} | {all_of_them:.1f} |", flush=True)


def _rank(index: LexicalIndex, question: str, number: int, postings: int) -> int:
    """Where the right paragraph stands, from 1; 0 where it is not found."""
    places = np.flatnonzero(index.search(question, DEPTH, postings=postings)[0] == number)
    return int(places[0]) + 1 if len(places) else 0


def _speed(texts: dict[str, int], passages: int, asked: Sequence[str]) -> None:
    sentences = [part for text in texts for part in re.split(r"(?<=[.!?])\s+", text) if 30 < len(part) < 400]
    print("| passages looked at, at most | p50, ms | p95, ms | share of the words looked up |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        index = LexicalIndex.build(_made_of(sentences, passages), Path(folder))
        for budget in BUDGETS:
            spent, kept = [], []
            for question in asked:
                started = time.process_time()
                index.search(question, DEPTH, postings=budget)
                spent.append(1000 * (time.process_time() - started))
                terms = index.terms(question)
                kept.append(len(index.rarest(terms, budget)) / max(1, len(terms)))
            p50, p95 = np.percentile(spent, [50, 95])
            print(f"| {budget:,} | {p50:.1f} | {p95:.1f} | {np.mean(kept):.2f} |", flush=True)


def _made_of(sentences: Sequence[str], passages: int) -> Iterator[PassageFields]:
    chance = random.Random(2)  # noqa: S311 - not for secrets
    for number in range(1, passages + 1):
        article = number // 20
        text = " ".join(chance.choice(sentences) for _ in range(4))
        yield PassageFields(number, str(article), text, sentences[article % len(sentences)][:50], "", "")


if __name__ == "__main__":
    raise SystemExit(main())
