"""One target under atheris: ``python -m fuzz.drive NAME FOLDER`` (or a file to run again) with libFuzzer's options."""

from __future__ import annotations

import importlib
import logging
import sys
from random import Random

from fuzz.mutations import hostile_input, mutated

_WATCHED = ["corpus", "qa.evaluation", "qa.predict", "qa.links", "qa.resume", "markdown_it", "yaml", "trafilatura"]


def main() -> None:
    """Feed the target until time is up or a promise is broken."""
    atheris = importlib.import_module("atheris")  # an extra, and only for some systems
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=_WATCHED):
        from corpus import apart
        from fuzz.targets import TARGETS
    apart._is_bounded = True  # so that PDFs are read right here, where their reading is watched
    logging.disable(logging.CRITICAL)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)  # noqa: S311 - cases that can be made again
        kind = random.random()
        if kind < 0.3:
            made = hostile_input(name, random)
        elif kind < 0.5:
            made = mutated(data, random)
        else:
            made = bytes(atheris.Mutate(data, most))
        return made[:most]

    atheris.Setup(sys.argv, TARGETS[name], custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
