"""Several processes add, remove and ask on one library at once: no wrong answer, no mixed one, nothing left behind."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from qa import Engine

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("stress_worker.py")
SECONDS = 60
START = 30  # seconds that loading the models may take
WRITERS = ASKERS = 2

STANDING = {
    "ferry.txt": """Ferry to Skarn sails again

The ferry Morgenrot returned to the route between Halden and Skarn on Monday. It carries 240 passengers and 38 cars.
Captain Ines Albrecht has commanded it since 2014. The repair of its engine cost 3.2 million crowns.""",
    "museum.txt": """Museum of glass opens in Tirna

The new museum of glass in Tirna opened its doors on 4 May. Its director, Pavel Osk, bought the oldest piece, a bowl
from Alexandria, for 90,000 euros. The building was designed by Lena Moraru.""",
    "bees.txt": """Beekeepers of Ostrava count their losses

Beekeepers around Ostrava lost a third of their colonies last winter. Mites were the main reason, said the
veterinarian Jana Holub. A new colony costs about 4,000 crowns.""",
}
QUESTIONS = (
    "How many passengers does the ferry carry?",
    "Who has commanded the ferry since 2014?",
    "Who designed the museum of glass?",
    "When did the museum of glass open?",
    "What was the main reason for the lost colonies?",
    "How much does a new colony cost?",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of articles that stay, among enough others that its lexical index is a stored one."""
    place = tmp_path_factory.mktemp("stress")
    with Engine.open(place / "library", create=True) as engine:
        for name, text in STANDING.items():
            (place / name).write_text(text, encoding="utf-8")
        for number in range(60):
            lines = [f"Entry {line}: barge number {number * 50 + line} passed the lock of Veld." for line in range(50)]
            (place / f"log{number}.txt").write_text(f"Log {number}\n\n" + "\n\n".join(lines), encoding="utf-8")
        engine.add([place / name for name in STANDING])
        engine.add([place / f"log{number}.txt" for number in range(60)])
        expected = [(question, engine.answer(question).text) for question in QUESTIONS]
        vectors = engine.embedder.embed([f"Notice {n} of a depot: it moved {n} wagons." for n in range(12)])
        np.savez(place / "vectors.npz", vectors=vectors, model=np.array(engine.embedder.id))
    assert sum(text is not None for _, text in expected) >= len(QUESTIONS) - 1
    (place / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
    return place


@pytest.mark.slow
def test_all_at_once(folder: Path) -> None:
    until = time.time() + START + SECONDS
    jobs = [("write", "vectors.npz", number + 1) for number in range(WRITERS)]
    jobs += [("ask", "expected.json", 10 + number) for number in range(ASKERS)]
    processes = [
        subprocess.Popen(
            [sys.executable, str(WORKER), what, str(folder / "library"), str(folder / file), str(until), str(number)],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for what, file, number in jobs
    ]
    told = []
    for process in processes:
        out, error = process.communicate(timeout=START + SECONDS + 120)
        assert process.returncode == 0, error[-2000:]
        told.append(json.loads(out))
    print(json.dumps(told))
    written, asked = told[:WRITERS], told[WRITERS:]
    assert [found["wrong"] for found in asked] == [[]] * ASKERS
    assert all(found["asked"] >= 10 for found in asked)
    assert all(min(found.values()) >= 5 for found in written)
    with Engine.open(folder / "library") as engine:
        assert engine.library.check() == []
        assert not [summary for summary in engine.articles() if any("zwk" in source for source in summary.sources)]
        assert all("zwk" not in hit.passage.article_id for hit in engine.search("wagons of the depot", 20))
