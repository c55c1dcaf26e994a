"""Looks over what an answer needs, part by part: packages, library, processor, models, and a question timed."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from corpus.errors import QAError

__all__ = ["Check", "checks", "product_version"]

PACKAGES = ("torch", "tokenizers", "safetensors", "faiss-cpu", "tantivy", "numpy", "gradio")
SLOW_SECONDS = 5.0  # for one question of a short text with loaded models; 0.05 s is usual

_TEXT = "The old lighthouse of Farsund was painted white in 1961. Until then it had been grey for ninety years."
_QUESTION = "When was the lighthouse painted?"


@dataclass(frozen=True, slots=True)
class Check:
    """One part with what was found; where ``ok`` is false, ``finding`` says how to mend it."""

    part: str
    ok: bool
    finding: str


def product_version() -> str:
    """The installed version of this product."""
    try:
        return version("qa-articles")
    except PackageNotFoundError:
        return "of an uninstalled source folder"


def checks(library: str | None = None, embedder: str | None = None, reader: str | None = None) -> Iterator[Check]:
    """One check after the other, as each is done; the library is looked at and never made or changed."""
    yield Check("version", True, f"qa-articles {product_version()}, Python {platform.python_version()}")
    yield _packages()
    parts: tuple[tuple[str, Callable[[], str]], ...] = (
        ("library", lambda: _library(library)),
        ("processor", _processor),
        ("embedder", lambda: _embedder(embedder)),
        ("reader", lambda: _reader(reader)),
        ("question", lambda: _timed_question(embedder, reader)),
    )
    for part, look in parts:
        try:
            yield Check(part, True, look())
        except QAError as error:
            yield Check(part, False, str(error))
        except ImportError as error:
            yield Check(part, False, f"{error}; install the product again: pip install --force-reinstall qa-articles")


def _packages() -> Check:
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check("packages", False, f"missing: {', '.join(missing)}; run: pip install {' '.join(missing)}")
    return Check("packages", True, ", ".join(found))


def _library(named: str | None) -> str:
    from corpus.errors import LibraryError
    from corpus.schema import FILE_NAME
    from index.stores import open_store
    from qa.default_library import default_folder

    place = named or str(default_folder())
    if not named and not (Path(place) / FILE_NAME).exists():
        return f"{place}: not there yet; the first question makes it"
    with closing(open_store(place)) as library:
        if problems := library.check():
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            raise LibraryError(f"library {place}: {problems[0]}{more}; or move it away and add the articles again")
        articles = library.articles()
        state = ", may only be read" if library.read_only else ""
    return f"{place}: {len(articles)} articles, {sum(a.passages for a in articles)} passages, sound{state}"


def _processor() -> str:
    import torch

    from index.bert import fast_dtype

    kind = "bfloat16 in hardware" if fast_dtype() == torch.bfloat16 else "no bfloat16 units, float32 is used (slower)"
    return f"{platform.machine()}, {torch.get_num_threads()} threads, {kind}"


def _embedder(named: str | None) -> str:
    from index.embed import DEFAULT_EMBEDDER, load_embedder

    found = load_embedder(named or DEFAULT_EMBEDDER)
    checked = ", the published weights" if named is None else ""
    return f"{found.id}, {found.dimension} dimensions{checked}"


def _reader(named: str | None) -> str:
    from qa.reader import DEFAULT_READER, load_reader

    found = load_reader(named)
    listing = (Path(named) if named else DEFAULT_READER) / "checksums.json"
    return f"{found.id}, {'checksums match' if listing.is_file() else 'no checksums.json to check it against'}"


def _timed_question(embedder: str | None, reader: str | None) -> str:
    from corpus.errors import ModelError
    from qa.batch import Answerer, Asked

    asked = [Asked(_QUESTION, context=_TEXT)]
    with Answerer(embedder=embedder, reader=reader) as answerer:
        started = time.perf_counter()
        answerer.answer(asked)
        loaded = time.perf_counter()
        answerer.answer(asked)
        spent = time.perf_counter() - loaded
    if spent > SLOW_SECONDS:
        raise ModelError(
            f"a short question takes {spent:.1f} s; end what else keeps the processor busy, then try again"
        )
    return f"answered in {1000 * spent:.0f} ms, {loaded - started:.1f} s with loading the models"
