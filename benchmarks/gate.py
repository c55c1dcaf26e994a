"""The gate: the bundled gold questions are asked, and it fails where the answers are worse than they have been.

::

    python -m benchmarks.gate                      # every set of questions; exit code 1 where a measure got worse
    python -m benchmarks.gate --set core           # the questions of one set alone
    python -m benchmarks.gate --update             # keep the present figures as floors, unless one is lower
    python -m benchmarks.gate --update --lower     # keep them all the same
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean

from benchmarks.floors import Figure, Floors, checksum, load_floors, lowered, save_floors, table, verdicts
from corpus.bundled import bundled_articles
from corpus.errors import InputError, QAError
from qa.batch import Answerer
from qa.engine import Engine
from qa.evaluation.evaluate import Outcome, evaluate
from qa.evaluation.gold import GoldProblem, GoldQuestion, read_gold

__all__ = ["ALL", "FLOORS", "corpus_files", "figures_of", "keep", "main", "measure"]

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "corpus" / "gold.jsonl"
FLOORS = Path(__file__).with_name("floors.json")

ALL = "all"
"""The name under which the floors of all questions together are kept."""

RECALL_DEPTH = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and judge, or keep the figures; 1 where something got worse, 2 and one line where nothing can be said."""
    options = _parser().parse_args(arguments)
    try:
        return _update(options) if options.update else _judge(options)
    except QAError as error:
        print(f"benchmarks.gate: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.gate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", metavar="NAME", dest="subset", default=ALL, help="only the questions of this set")
    parser.add_argument("--update", action="store_true", help="keep the present figures of every set as floors")
    parser.add_argument("--lower", action="store_true", help="with --update: also where that lowers a floor")
    parser.add_argument("--floors", type=Path, default=FLOORS, help=argparse.SUPPRESS)
    return parser


def _judge(options: argparse.Namespace) -> int:
    floors = load_floors(options.floors)
    if floors is None:
        raise InputError(f"no floors in {options.floors}; run with --update")
    if floors.corpus != checksum(corpus_files()):
        raise InputError("the articles or the gold questions have changed since the floors were set; run with --update")
    if options.subset not in floors.sets:
        raise InputError(f"no floors for the set {options.subset}; there are: {', '.join(floors.sets)}")
    figures, _ = measure(options.subset)
    found = verdicts(floors.sets[options.subset], figures[options.subset])
    print("\n".join(table(options.subset, found)))
    return 0 if all(verdict.holds for verdict in found) else 1


def _update(options: argparse.Namespace) -> int:
    sets, reader = measure(ALL)
    keep(options.floors, Floors(checksum(corpus_files()), reader, sets), lower=options.lower)
    for name, figures in sets.items():
        print("\n".join(table(name, verdicts(figures, figures))))
    return 0


def keep(path: Path, new: Floors, *, lower: bool) -> None:
    """Write new floors; ``InputError`` where they are lower than those in the file and that is not said to be meant."""
    sunk = lowered(load_floors(path), new)
    if sunk and not lower:
        raise InputError(f"this would lower floors ({'; '.join(sunk)}); if that is meant, add --lower")
    save_floors(path, new)


def corpus_files() -> list[Path]:
    """What the figures are measured on: the bundled articles with their sidecars, and the gold questions."""
    return [GOLD, *(path for article in bundled_articles() for path in article.parent.glob(f"{article.stem}.*"))]


def measure(subset: str = ALL) -> tuple[dict[str, dict[str, Figure]], str]:
    """The figures of a set, or of all questions and of each set, by the set's name; and the reader's id."""
    entries = read_gold(GOLD)
    questions = [entry for entry in entries if isinstance(entry, GoldQuestion) and subset in (ALL, entry.subset)]
    with tempfile.TemporaryDirectory(prefix="gate-") as folder:
        library = Path(folder) / "library"
        with Engine.open(library, create=True) as engine:
            engine.add(bundled_articles())
        with Answerer(library) as answerer:
            outcomes = [_answered(found) for found in evaluate(questions, answerer, fast=True)]
            reader = answerer.asker.reader.id
    recalls = {
        one.gold.id: float(any(r <= RECALL_DEPTH for r in one.ranks)) for one in outcomes if one.ranks is not None
    }
    groups = {subset: outcomes}
    if subset == ALL:
        for name in dict.fromkeys(gold.subset for gold in questions if gold.subset):
            groups[name] = [outcome for outcome in outcomes if outcome.gold.subset == name]
    return {name: figures_of(members, recalls) for name, members in groups.items()}, reader


def figures_of(outcomes: Sequence[Outcome], recalls: Mapping[str, float]) -> dict[str, Figure]:
    """Every measure that applies to at least one outcome; ``recalls`` by the question's id."""
    silent = [float(not outcome.answer.answered) for outcome in outcomes if not outcome.gold.answerable]
    measured: dict[str, Iterable[float | None]] = {
        "EM": (outcome.exact for outcome in outcomes),
        "F1": (outcome.f1 for outcome in outcomes),
        "EM, forced": (outcome.forced_exact for outcome in outcomes),
        "F1, forced": (outcome.forced_f1 for outcome in outcomes),
        "declined": silent,
        "cited rightly": (_cited(outcome) for outcome in outcomes),
        f"recall@{RECALL_DEPTH}": (recalls.get(outcome.gold.id) for outcome in outcomes),
    }
    known = {name: [value for value in values if value is not None] for name, values in measured.items()}
    return {name: Figure(fmean(values), len(values)) for name, values in known.items() if values}


def _cited(outcome: Outcome) -> float | None:
    """Of all answerable questions, not only of those answered: their number must not change with the answers."""
    return float(bool(outcome.cited)) if outcome.gold.answerable else None


def _answered(found: Outcome | GoldProblem) -> Outcome:
    if isinstance(found, GoldProblem):
        raise InputError(f"{GOLD.name}, {found.place}: {found.message}")
    return found


if __name__ == "__main__":
    sys.exit(main())
