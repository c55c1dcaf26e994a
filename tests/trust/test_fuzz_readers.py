"""Thousands of inputs that nobody would write: each is read, or refused in one line and in time, and nothing else."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.article_reader import ArticleReader
from corpus.errors import ArticleError
from fuzz.mutations import hostile_input
from fuzz.targets import FILES, JSONS, BrokenPromiseError, check_article, check_message

if TYPE_CHECKING:
    from tests.trust.conftest import Tally

SECONDS = 20.0
"""For one input of at most 100 kB, on a machine that does something else besides; most take a few hundredths."""

_FALLEN = re.compile(r"too complex to read \((?!RecursionError)|reading it takes|broke down")
"""How a reader's own mistake, and a child that dies or is late, come out."""

FEW = settings(max_examples=8, derandomize=True)
SOME = settings(max_examples=30, derandomize=True)
MANY = settings(max_examples=1_200)
THOROUGH = pytest.param(MANY, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])


def inputs(name: str) -> st.SearchStrategy[bytes]:
    """Broken inputs of one kind, and now and then bytes that are of no kind."""
    broken = st.integers(0, 2**64).map(lambda seed: hostile_input(name, Random(seed)))
    return st.one_of(broken, broken, broken, broken, st.binary(max_size=500))


def run(what: str, amount: settings, name: str, check: Callable[[bytes], None], tally: Tally) -> None:
    """Try inputs of one kind until one breaks a promise."""
    cases = 0

    @settings(amount, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(inputs(name))
    def try_all(data: bytes) -> None:
        nonlocal cases
        cases += 1
        started = time.process_time()
        check(data)
        assert time.process_time() - started < SECONDS

    try:
        try_all()
    except BaseException:
        tally(what, cases, cases - 1)
        raise
    tally(what, cases, cases)


@pytest.fixture(scope="module")
def reader() -> Iterator[ArticleReader]:
    with ArticleReader(SECONDS) as opened:
        yield opened


@pytest.mark.parametrize("amount", [FEW, THOROUGH])
@pytest.mark.parametrize("name", ["html", "docx", "pdf"])
def test_what_foreign_parsers_read_is_an_article_or_one_line(
    reader: ArticleReader, tmp_path: Path, tally: Tally, name: str, amount: settings
) -> None:
    path = tmp_path / f"file.{name}"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        try:
            check_article(reader.read(path), path)
        except ArticleError as error:
            check_message(error)
            if _FALLEN.search(str(error)):
                raise BrokenPromiseError(str(error)) from error

    run("fuzzed files", amount, name, check, tally)


@pytest.mark.parametrize("amount", [FEW, THOROUGH])
@pytest.mark.parametrize("name", ["txt", "md"])
def test_what_is_read_here_is_an_article_or_one_line(tally: Tally, name: str, amount: settings) -> None:
    logging.getLogger("charset_normalizer").setLevel(logging.ERROR)
    run("fuzzed files", amount, name, FILES[name], tally)


@pytest.mark.parametrize("amount", [SOME, THOROUGH])
@pytest.mark.parametrize("name", sorted(JSONS))
def test_what_is_read_as_json_is_understood_or_refused(tally: Tally, name: str, amount: settings) -> None:
    run("fuzzed JSON and addresses", amount, name, JSONS[name], tally)


def test_a_case_can_be_made_again_from_its_number() -> None:
    for name in (*FILES, *JSONS):
        assert hostile_input(name, Random(7)) == hostile_input(name, Random(7))
