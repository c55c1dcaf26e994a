"""The recipe of a run: what is mixed and how it is learned, as one JSON file.

``{"sources": {"squad1_train": {"count": 22000}, "authored_near": {}}, "rate": 5e-05}``; a name that is not known is
an error, everything left out has the value given here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from corpus.errors import InputError

__all__ = ["DEFAULT_RECIPE", "News", "Portion", "Recipe"]

DEFAULT_RECIPE = Path(__file__).parent / "recipes" / "mixed.json"


@dataclass(frozen=True, slots=True)
class Portion:
    """How much of a source is seen.

    ``count`` questions at most (all if ``None``), ``passes`` times, after the share ``after`` of the run (0 to 1).
    ``paired`` takes the questions first whose context also has a near-miss question.
    """

    count: int | None = None
    passes: int = 1
    after: float = 0.0
    paired: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """How news articles are seen: passages without the answer a question, share of whole-text windows.

    ``own`` adds the articles that were written for the project (``training/own_articles.json``), ``written`` names
    sources of ``training/written/`` to be seen in the same way.
    """

    passes: int = 2
    nulls: int = 2
    whole: float = 0.25
    own: bool = False
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a run besides the data and the weights that it begins with.

    ``far`` counts questions asked of a foreign context. ``rate`` is the peak learning rate, ``warmup`` its steps;
    ``layer_decay`` multiplies the rate once for each layer below the head; ``words`` trains the word embeddings too.
    ``noise`` is the share of questions with a slip, ``hidden`` the largest share of a window's words that are masked.
    ``ema`` is the decay of the average of weights that is exported (0: the last weights are). ``checkpoint`` counts
    steps.
    """

    name: str = "run"
    seed: int = 1
    sources: Mapping[str, Portion] = field(default_factory=dict)
    news: News | None = None
    far: int = 0
    noise: float = 0.1
    hidden: float = 0.0
    null_share: float = 0.5
    max_length: int = 384
    stride: int = 128
    epochs: int = 1
    batch: int = 32
    rate: float = 5e-5
    warmup: int = 150
    weight_decay: float = 0.01
    layer_decay: float = 1.0
    words: bool = False
    clip: float = 1.0
    dropout: float = 0.0
    ema: float = 0.0
    checkpoint: int = 200

    @classmethod
    def load(cls, path: Path) -> Self:
        """The recipe in a JSON file; ``InputError`` names what is wrong with it."""
        try:
            return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise InputError(f"cannot use the recipe {path}: {error}") from error

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """The recipe of parsed JSON; ``ValueError`` at an unknown name, ``TypeError`` at an unfit value."""
        unknown = set(raw) - {known.name for known in fields(cls)}
        if unknown:
            raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
        values = dict(raw)
        values["sources"] = {name: Portion(**portion) for name, portion in raw.get("sources", {}).items()}
        news = raw.get("news")
        values["news"] = News(**{**news, "written": tuple(news.get("written", ()))}) if news else None
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """The recipe as JSON-ready values; ``Recipe.from_dict`` reads them back."""
        return asdict(self)
