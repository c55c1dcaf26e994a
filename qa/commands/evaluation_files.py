"""The files that an evaluation writes beside what it prints."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from corpus.errors import InputError
from qa.evaluation.gold import GoldProblem
from qa.evaluation.outcome import Outcome
from qa.evaluation.predictions import squad_predictions, trec_qrels, trec_run
from qa.evaluation.setup import Setup
from qa.evaluation.summary import Summary
from qa.whole_file import write_whole

__all__ = ["Files"]


@dataclass(frozen=True, slots=True)
class Files:
    """The files that were asked for."""

    report: str | None
    predictions: str | None
    run: str | None
    qrels: str | None

    @classmethod
    def of(cls, options: argparse.Namespace) -> Self:
        """The files that the options name; ``InputError`` where one cannot be written or would overwrite another."""
        named = (options.report, options.predictions, options.trec_run, options.qrels)
        taken = {Path(options.gold).resolve()} | ({Path(options.against).resolve()} if options.against else set())
        for name in filter(None, (*named, options.outcomes)):
            if Path(name).resolve() in taken:
                raise InputError(f"{name} is named twice, and writing it would destroy it; name another file")
            taken.add(Path(name).resolve())
        for name in filter(None, (*named, options.outcomes)):
            _refuse_unwritable(Path(name))
        return cls(*named)

    def write(
        self,
        outcomes: Sequence[Outcome],
        problems: Sequence[GoldProblem],
        summary: Summary,
        *,
        gold: str,
        setup: Setup | None,
        titles: Mapping[str, str],
    ) -> None:
        """Write each; ``gold`` is the gold file's name, ``titles`` those of the articles by id."""
        if self.report is not None:
            from qa.evaluation.report import facts_of, render_report  # not above: it may bring a drawing library

            facts = {"Gold file": gold, "Date": date.today().isoformat(), **(facts_of(setup) if setup else {})}
            page = render_report(
                f"Evaluation on {gold}", outcomes, problems, facts=facts, articles=titles, summary=summary
            )
            _write(self.report, page)
        if self.predictions is not None:
            _write(self.predictions, json.dumps(squad_predictions(outcomes), ensure_ascii=False, indent=1) + "\n")
        if self.run is not None:
            _write(self.run, _lines(trec_run(outcomes)))
        if self.qrels is not None:
            _write(self.qrels, _lines(trec_qrels(outcomes)))


def _refuse_unwritable(path: Path) -> None:
    """Said now if it cannot be written, not after the work; what is there stays until there is something to write."""
    is_new = not path.exists()
    try:
        with path.open("ab"):
            pass
        if is_new:
            path.unlink()
    except OSError as error:
        raise _cannot(str(path), error) from error


def _write(name: str, text: str) -> None:
    try:
        write_whole(Path(name), text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise _cannot(name, error) from error


def _cannot(name: str, error: OSError) -> InputError:
    return InputError(f"cannot write {name}: {error.strerror or error}; name a file you may write")


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
