"""Measure the projects and print the tables.

::

    python -m benchmarks.peers                                      # the gold questions, over the bundled articles
    python -m benchmarks.peers --squad dev.json --sample 500        # each question asked of its own text
    python -m benchmarks.peers --squad dev.json --sample 500 --pool # all those texts indexed, and asked together
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks.peers.measure import ROOT, Entrant, Measured, measure
from benchmarks.peers.protocol import Document, Setup
from benchmarks.peers.quality import quality_by_kind, quality_of
from benchmarks.peers.speed import ratios_of, speed_of
from benchmarks.peers.table import Row, kind_lines, table_lines, to_dict
from corpus.article import article_from_text
from corpus.bundled import bundled_articles
from corpus.errors import InputError, QAError
from corpus.files import ReadFailure, read_files
from index.embed import default_folder
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.reader import DEFAULT_READER

GOLD = ROOT / "corpus" / "gold.jsonl"
OURS = "ours"
PEERS = ("haystack", "haystack_segments", "txtai")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run with the options given; 2 and one line where something is missing."""
    options = _parser().parse_args(arguments)
    try:
        documents, questions, left_out = _task(options)
        setup = _setup(options)
        about = _about(options, setup, questions, left_out)  # before measuring: the weights may be replaced meanwhile
        found = measure(_entrants(options), setup, documents, questions, rounds=options.rounds)
    except QAError as error:
        print(f"benchmarks.peers: {error}", file=sys.stderr)
        return 2
    rows = _rows(found, documents, questions)
    if options.json:
        print(json.dumps({**about, "projects": to_dict(rows)}, indent=1))
    else:
        _print(rows, about)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS, help="beside ours (default: all)")
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured (default: 3)")
    parser.add_argument("--squad", type=Path, metavar="FILE", help="questions with texts: SQuAD's JSON or JSON Lines")
    parser.add_argument("--sample", type=int, default=300, metavar="N", help="how many of them (default: 300)")
    parser.add_argument("--pool", action="store_true", help="index the texts of the sample and ask over all of them")
    parser.add_argument("--reader", type=Path, default=DEFAULT_READER, help="folder of the span model all use")
    parser.add_argument("--top-k", type=int, default=8, help="passages read for a question (default: 8)")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="of each process (default: all cores)")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="float32", help="the peers' arithmetic")
    parser.add_argument("--python", default=str(ROOT / ".venv-bench/bin/python"), help="interpreter with the peers")
    parser.add_argument("--json", action="store_true", help="print every figure as JSON")
    return parser


def _task(options: argparse.Namespace) -> tuple[list[Document], list[GoldQuestion], int]:
    """What is indexed, what is asked, and how many questions were left out."""
    if options.squad is None:
        questions = [entry for entry in read_gold(GOLD) if isinstance(entry, GoldQuestion)]
        asked = [gold for gold in questions if not gold.asked.history]  # no peer knows of a dialogue
        return _bundled(), asked, len(questions) - len(asked)
    questions = [e for e in read_gold(options.squad) if isinstance(e, GoldQuestion) and e.asked.context is not None]
    if not questions:
        raise InputError(f"{options.squad}: no question there has a text; name a file in SQuAD's format")
    drawn = random.Random(0).sample(questions, min(options.sample, len(questions)))  # noqa: S311 - no secret
    if not options.pool:
        return [], drawn, 0
    texts = dict.fromkeys(gold.asked.context or "" for gold in drawn)
    documents = [Document(article_from_text(text, clean=False).id, text) for text in texts]
    return documents, [replace(gold, asked=replace(gold.asked, context=None)) for gold in drawn], 0


def _bundled() -> list[Document]:
    """The bundled articles as our reading of the files leaves them: the same clean text for everybody."""
    documents = []
    for path, article in read_files(bundled_articles()):
        if isinstance(article, ReadFailure):
            raise InputError(f"{path}: {article.message}")
        documents.append(Document(article.id, article.text, str(path)))
    return documents


def _setup(options: argparse.Namespace) -> Setup:
    return Setup(
        reader=str(options.reader.resolve()),
        embedder=str(default_folder()),
        top_k=options.top_k,
        threads=options.threads,
        dtype=options.dtype,
    )


def _entrants(options: argparse.Namespace) -> list[Entrant]:
    ours = Entrant(OURS, "benchmarks.peers.ours", sys.executable)
    return [ours, *(Entrant(name, f"benchmarks.peers.{name}", options.python) for name in options.peers)]


def _rows(found: Sequence[Measured], documents: Sequence[Document], questions: Sequence[GoldQuestion]) -> list[Row]:
    texts = {document.id: document.text for document in documents}
    return [
        Row(
            name=measured.name,
            versions=measured.versions,
            quality=quality_of(questions, measured.replies, texts),
            kinds=quality_by_kind(questions, measured.replies, texts),
            speed=speed_of(measured),
            ratios=None if measured is found[0] else ratios_of(measured, found[0]),
        )
        for measured in found
    ]


def _about(
    options: argparse.Namespace, setup: Setup, questions: Sequence[GoldQuestion], left_out: int
) -> dict[str, Any]:
    weights = options.reader / "model.safetensors"
    if not weights.is_file():
        raise InputError(f"no reader in {options.reader}; name a folder with model.safetensors")
    return {
        "questions": (options.squad or GOLD).name,
        "asked": len(questions),
        "follow_ups_left_out": left_out,
        "rounds": options.rounds,
        "commit": _commit(),
        "reader_sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "setup": {key: value for key, value in asdict(setup).items() if key not in ("reader", "embedder")},
    }


def _commit() -> str:
    """What is measured of ours; "dirty" where files differ from it."""
    try:
        command = ["git", "describe", "--always", "--dirty"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _print(rows: Sequence[Row], about: dict[str, Any]) -> None:
    setup = about["setup"]
    print(
        f"{about['asked']} questions of {about['questions']} ({about['follow_ups_left_out']} follow-ups left out), "
        f"{about['rounds']} rounds, {setup['threads']} threads, peers in {setup['dtype']}, "
        f"reader {about['reader_sha256'][:12]}, ours at {about['commit']}\n"
    )
    print("\n".join([*table_lines(rows), "", *kind_lines(rows), ""]))
    for row in rows:
        print(f"{row.name}: " + ", ".join(f"{package} {number}" for package, number in row.versions.items()))


if __name__ == "__main__":
    sys.exit(main())
