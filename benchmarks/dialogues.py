"""Whole talks with follow-up questions, played as the chat plays them and judged turn by turn.

::

    python -m benchmarks.dialogues                 # the dialogues that the rules were developed on
    python -m benchmarks.dialogues FILE [--json]   # others; their articles lie in the folder "articles" beside FILE

A wrong turn has one cause: ``rewriting``, where its question lacks needed words even after right answers; ``earlier
answer``, where it lacks them only after the answers really given; ``reader``, where the question that stands by
itself is answered wrongly too; else ``wording``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.dialogue_data import Dialogue, DialogueTurn, is_right, keeps_words, read_dialogues
from corpus.bundled import bundled_articles
from corpus.errors import InputError, QAError
from qa.conversation import Turn, history_of
from qa.engine import Engine
from qa.followup import standalone

__all__ = ["DEVELOPED_ON", "HELD_BACK", "Played", "main", "opened", "play", "rewritings", "share"]

_FOLDER = Path(__file__).resolve().parents[1] / "tests" / "qa" / "dialogues"
DEVELOPED_ON = _FOLDER / "dialogues.json"
HELD_BACK = _FOLDER / "held_back.json"


@dataclass(frozen=True, slots=True)
class Played:
    """One turn as it went.

    ``asked`` is its question as it was read, ``ideal`` what it would have been after right answers only;
    ``alone_said`` is the answer to the question that stands by itself.
    """

    dialogue: str
    kind: str
    typed: str
    asked: str
    ideal: str
    said: str | None
    right: bool
    kept: bool
    ideal_kept: bool
    alone_said: str | None
    alone_right: bool

    @property
    def cause(self) -> str:
        """Why the turn is wrong; "" where it is right."""
        if self.right:
            return ""
        if not self.ideal_kept:
            return "rewriting"
        if not self.kept:
            return "earlier answer"
        return "wording" if self.alone_right else "reader"


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the dialogues of a file and print what became of each turn; 2 and one line where they cannot be played."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.dialogues", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, default=DEVELOPED_ON)
    parser.add_argument("--json", action="store_true", help="one JSON object a turn")
    options = parser.parse_args(arguments)
    try:
        dialogues = read_dialogues(options.file)
        with opened(options.file.parent / "articles") as engine:
            played = play(engine, dialogues)
    except QAError as error:
        print(f"benchmarks.dialogues: {error}", file=sys.stderr)
        return 2
    print("\n".join(_json_lines(played) if options.json else [*_turn_lines(played), "", *_totals(played)]))
    return 0


@contextmanager
def opened(articles: Path) -> Iterator[Engine]:
    """An engine over a passing library of a folder of articles and the two bundled ones."""
    with (
        tempfile.TemporaryDirectory(prefix="dialogues-") as folder,
        Engine.open(Path(folder) / "library", create=True) as engine,
    ):
        for added in engine.add([articles, *bundled_articles()]):
            if not isinstance(added, tuple):
                raise InputError(added.message)
        yield engine


def play(engine: Engine, dialogues: Sequence[Dialogue]) -> list[Played]:
    """Every turn of the dialogues asked after those before it, with the answers that were really given."""
    turns = [(dialogue, turn) for dialogue in dialogues for turn in dialogue.turns]
    alone = {turn.alone: turn for _, turn in turns}
    answers = {question: engine.answer(question).text for question in alone}
    talks = (result for dialogue in dialogues for result in _talk(engine, dialogue))
    return [
        Played(
            dialogue.name,
            turn.kind,
            turn.ask,
            asked,
            ideal,
            said,
            is_right(said, turn.answers),
            keeps_words(turn, asked),
            keeps_words(turn, ideal),
            answers[turn.alone],
            is_right(answers[turn.alone], turn.answers),
        )
        for (dialogue, turn), (asked, said), (_, ideal) in zip(turns, talks, rewritings(dialogues), strict=True)
    ]


def _talk(engine: Engine, dialogue: Dialogue) -> Iterator[tuple[str, str | None]]:
    past: tuple[Turn, ...] = ()
    for turn in dialogue.turns:
        history = history_of(past)
        said = engine.answer(turn.ask, history=history).text
        yield standalone(turn.ask, history), said
        past = (*past, Turn(turn.ask, said or "", ""))


def rewritings(dialogues: Sequence[Dialogue]) -> list[tuple[DialogueTurn, str]]:
    """Every turn and its question as it is read after right answers; needs no model."""
    found = []
    for dialogue in dialogues:
        past: tuple[Turn, ...] = ()
        for turn in dialogue.turns:
            found.append((turn, standalone(turn.ask, history_of(past))))
            past = (*past, Turn(turn.ask, turn.answers[0] if turn.answers else "", ""))
    return found


def share(played: Sequence[Played], field: str) -> float:
    """The share of turns (0 to 1) for which a yes-or-no field holds."""
    return sum(getattr(one, field) for one in played) / len(played) if played else 0.0


def _json_lines(played: Sequence[Played]) -> Iterator[str]:
    return (json.dumps({**asdict(one), "cause": one.cause}, ensure_ascii=False) for one in played)


def _turn_lines(played: Sequence[Played]) -> Iterator[str]:
    before = ""
    for one in played:
        if one.dialogue != before:
            yield f"\n{one.dialogue}"
            before = one.dialogue
        yield f"  {'right' if one.right else 'WRONG'}  {one.typed}"
        if one.asked != one.typed:
            yield f"         read as: {one.asked}"
        if one.ideal != one.asked:
            yield f"         after right answers: {one.ideal}"
        yield f"         answer: {one.said or '(not in these articles)'}"
        if not one.right:
            yield f"         cause: {one.cause}; by itself: {one.alone_said or '(not in these articles)'}"


def _totals(played: Sequence[Played]) -> Iterator[str]:
    yield f"{'kind':<16}{'turns':>6}{'right':>8}{'rewritten':>11}{'by itself':>11}"
    for kind in [*dict.fromkeys(one.kind for one in played), "all"]:
        some = [one for one in played if kind in (one.kind, "all")]
        figures = [share(some, field) for field in ("right", "ideal_kept", "alone_right")]
        yield f"{kind:<16}{len(some):>6}{figures[0]:>8.0%}{figures[1]:>11.0%}{figures[2]:>11.0%}"
    causes = [one.cause for one in played if one.cause]
    yield "wrong: " + (", ".join(f"{causes.count(name)} {name}" for name in dict.fromkeys(causes)) or "none")


if __name__ == "__main__":
    raise SystemExit(main())
