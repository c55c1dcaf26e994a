"""The quality that the answers to the gold questions must keep: floors, the noise allowed below them, verdicts.

Floors are figures once reached, kept in ``floors.json`` with the checksum of the questions and articles that they
were reached on. They hold for one set of questions each: a figure on other questions says nothing about them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import InputError

__all__ = [
    "BAND_QUESTIONS",
    "Figure",
    "Floors",
    "Verdict",
    "checksum",
    "load_floors",
    "lowered",
    "save_floors",
    "table",
    "verdicts",
]

BAND_QUESTIONS = 2.0
"""Questions whose answer may change before it counts as worse.

Arithmetic differs between processors (bfloat16 or float32, other kernels), so a close decision can fall otherwise
elsewhere; what a change of the code costs beyond that is no noise.
"""

ROUNDING = 5e-5
"""Floors are written to four digits: a figure that was rounded up must not fail against itself."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A share from 0 to 1 and the number of questions that it was measured on."""

    value: float
    questions: int

    @property
    def band(self) -> float:
        """How far below a floor the share may be for noise: what ``BAND_QUESTIONS`` of its questions make."""
        return BAND_QUESTIONS / self.questions


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors of each set of questions, by the measure's name; ``reader`` tells with which weights they were met."""

    corpus: str
    reader: str
    sets: Mapping[str, Mapping[str, Figure]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One measure now against its floor."""

    measure: str
    floor: float
    band: float
    now: float

    @property
    def holds(self) -> bool:
        """Whether it is at most the band below the floor."""
        return self.now >= self.floor - self.band - ROUNDING

    @property
    def word(self) -> str:
        """The verdict in a word or two."""
        if self.now > self.floor + ROUNDING:
            return "better"
        if self.now >= self.floor - ROUNDING:
            return "kept"
        return "within noise" if self.holds else "WORSE"


def verdicts(floors: Mapping[str, Figure], now: Mapping[str, Figure]) -> list[Verdict]:
    """A verdict for each floor; ``InputError`` where a measure is missing or was taken on other questions."""
    found = []
    for measure, floor in floors.items():
        figure = now.get(measure)
        if figure is None or figure.questions != floor.questions:
            count = 0 if figure is None else figure.questions
            raise InputError(f"{measure} is of {count} questions, its floor of {floor.questions}; run with --update")
        found.append(Verdict(measure, floor.value, floor.band, figure.value))
    return found


def lowered(old: Floors | None, new: Floors) -> list[str]:
    """One line for each floor that ``new`` sets lower than ``old`` or leaves out."""
    if old is None:
        return []
    lines = []
    for name, floors in old.sets.items():
        for measure, floor in floors.items():
            figure = new.sets.get(name, {}).get(measure)
            if figure is None:
                lines.append(f"{name}, {measure}: left out")
            elif figure.value < floor.value - ROUNDING:
                lines.append(f"{name}, {measure}: {floor.value:.4f} to {figure.value:.4f}")
    return lines


def checksum(files: Iterable[Path]) -> str:
    """The SHA-256 of the files' names and contents, whatever order they come in."""
    whole = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.name):
        whole.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def load_floors(path: Path) -> Floors | None:
    """The floors in a file, or ``None`` where there is none; ``InputError`` for a file that is not of this form."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        sets = {
            name: {measure: Figure(float(f["value"]), int(f["questions"])) for measure, f in floors.items()}
            for name, floors in raw["sets"].items()
        }
        return Floors(str(raw["corpus"]), str(raw["reader"]), sets)
    except FileNotFoundError:
        return None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} holds no floors ({error}); restore it from git or delete it") from error


def save_floors(path: Path, floors: Floors) -> None:
    """Write the floors, rounded to four digits."""
    raw: dict[str, Any] = {
        "corpus": floors.corpus,
        "reader": floors.reader,
        "band_questions": BAND_QUESTIONS,
        "sets": {name: _rounded(figures) for name, figures in floors.sets.items()},
    }
    path.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")


def table(name: str, found: Sequence[Verdict]) -> list[str]:
    """The verdicts of one set as the lines of a Markdown table, in percent."""
    lines = [f"| {name} | floor | band | now | |", "|---|---:|---:|---:|---|"]
    for one in found:
        numbers = " | ".join(f"{100 * share:.1f}" for share in (one.floor, one.band, one.now))
        lines.append(f"| {one.measure} | {numbers} | {one.word} |")
    return lines


def _rounded(figures: Mapping[str, Figure]) -> dict[str, dict[str, float]]:
    return {measure: {**asdict(figure), "value": round(figure.value, 4)} for measure, figure in figures.items()}
