"""The command line: ``python -m training train | export | average | calibrate | score``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus.errors import QAError
from qa.reader import DEFAULT_READER
from training.average import average
from training.calibrate import calibrate
from training.export import export_run
from training.loop import Progress, train
from training.memory import keep_memory
from training.recipe import DEFAULT_RECIPE, Recipe
from training.score import score_folder, table

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 if it went well, 2 with one line on stderr if not."""
    options = _parser().parse_args(arguments)
    try:
        options.run_command(options)
    except QAError as error:
        print(f"training: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description="Train, export and score the reader.")
    commands = parser.add_subparsers(required=True)
    learn = commands.add_parser("train", help="train a reader from a data folder")
    learn.add_argument("--data", type=Path, required=True, help="folder of questions, see training/data.py")
    learn.add_argument("--out", type=Path, required=True, help="folder of the run")
    learn.add_argument("--init", type=Path, default=DEFAULT_READER, help="model folder to begin with")
    learn.add_argument("--recipe", type=Path, default=DEFAULT_RECIPE, help="JSON file, see training/recipe.py")
    learn.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    learn.add_argument("--limit", type=int, help="stop after this many examples; the schedule is fitted to them")
    learn.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    learn.add_argument("--stop", type=int, metavar="STEP", help="end this sitting at a step of the whole run")
    learn.set_defaults(run_command=_train)
    out = commands.add_parser("export", help="write a run's last checkpoint as a model folder")
    out.add_argument("run", type=Path)
    out.add_argument("--to", type=Path, required=True)
    out.add_argument("--figures", type=Path, help="what `score --json` wrote, for the card")
    out.set_defaults(run_command=_export)
    mean = commands.add_parser("average", help="write the mean of several model folders as one")
    mean.add_argument("folders", type=Path, nargs="+", help="model folders; one named twice counts twice")
    mean.add_argument("--to", type=Path, required=True)
    mean.add_argument("--figures", type=Path, help="what `score --json` wrote, for the card")
    mean.set_defaults(run_command=_average)
    trust = commands.add_parser("calibrate", help="fit a model folder's confidence on held-out questions")
    trust.add_argument("folder", type=Path)
    trust.add_argument("--data", type=Path, required=True, help="data folder")
    trust.add_argument("--all-news", action="store_true", help="for a reader trained on none of the news articles")
    trust.add_argument("--sample", type=int, default=1200, help="questions of each set at most")
    trust.add_argument("--json", type=Path, help="also write the report here")
    trust.set_defaults(run_command=_calibrate)
    judge = commands.add_parser("score", help="score a model folder on held-out questions")
    judge.add_argument("folder", type=Path)
    judge.add_argument("--data", type=Path, required=True, help="data folder, or one file of questions")
    judge.add_argument("--sample", type=int, help="questions of each set at most")
    judge.add_argument("--only", nargs="+", default=[], metavar="SET", help="these sets alone; a pattern names several")
    judge.add_argument("--json", type=Path, help="also write the figures here")
    judge.set_defaults(run_command=_score)
    return parser


def _train(options: argparse.Namespace) -> None:
    recipe = Recipe.load(options.recipe)
    keep_memory()
    train(
        options.out,
        recipe,
        options.data,
        options.init,
        device=options.device,
        limit=options.limit,
        resume=options.resume,
        report=_say,
        stop=options.stop,
    )


def _say(progress: Progress) -> None:
    print(
        f"step {progress.step}/{progress.steps}  loss {progress.loss:.3f}  {progress.speed:.1f} examples/s", flush=True
    )


def _export(options: argparse.Namespace) -> None:
    step = export_run(options.run, options.to, _figures(options))
    print(f"step {step} of {options.run} written to {options.to}")


def _average(options: argparse.Namespace) -> None:
    average(options.folders, options.to, _figures(options))
    print(f"the mean of {len(options.folders)} readers written to {options.to}")


def _figures(options: argparse.Namespace) -> dict[str, Any] | None:
    found: dict[str, Any] | None = json.loads(options.figures.read_text(encoding="utf-8")) if options.figures else None
    return found


def _calibrate(options: argparse.Namespace) -> None:
    report = calibrate(options.folder, options.data, all_news=options.all_news, sample=options.sample)
    written = json.dumps(report, indent=1)
    if options.json:
        options.json.write_text(written + "\n", encoding="utf-8")
    print(written)


def _score(options: argparse.Namespace) -> None:
    figures = score_folder(options.folder, options.data, options.sample, options.only)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(table(figures))


if __name__ == "__main__":
    sys.exit(main())
