"""What an evaluation was made with: models, library and the options that change its figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from qa.batch import Answerer
from qa.doctor import product_version
from qa.evaluation.gold import GoldQuestion

__all__ = ["Setup", "setup_of"]


@dataclass(frozen=True, slots=True)
class Setup:
    """``reader`` and ``embedder`` are named with their checksums; ``library`` and its ``generation``, a number that
    every change of it raises, are ``None`` where every question has a text of its own. ``threshold`` is the probability
    of "no answer" above which a question is declined, the library's where there is one.
    """

    version: str
    reader: str
    embedder: str
    library: str | None
    generation: int | None
    articles: int | None
    batch: int
    fast: bool
    threshold: float = 0.5

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that change with anything of it."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """The setup as JSON-ready values."""
        return asdict(self)


def setup_of(questions: Sequence[GoldQuestion], answerer: Answerer, *, batch: int, fast: bool) -> Setup:
    """What will answer the questions; loads the models."""
    asker = answerer.asker
    is_searched = any(gold.asked.context is None for gold in questions)
    library = answerer.engine.library if is_searched else None
    return Setup(
        product_version(),
        asker.reader.id,
        asker.embedder.id,
        None if library is None else library.uuid,
        None if library is None else library.generation,
        None if library is None else len(library.articles()),
        batch,
        fast,
        asker.settings["library" if is_searched else "context"].threshold,
    )
