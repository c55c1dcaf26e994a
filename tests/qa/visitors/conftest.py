"""A server's engine, visitors of it, and files that they send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa import Engine
from qa.visitors import Limits, Upload, Visitors

KILN = """The brickworks of Sorvala

By Petra Hjelm | 4 April 2021

The kiln at Sorvala fired its first bricks in 1911. It made 9 million bricks a year and employed 130 people.

"My grandfather carried the first one out," said Aino Lehto, who runs the museum there now."""
ORCHARD = """Pears of Belcombe

By Dan Orme | 9 September 2022

The orchard at Belcombe holds 412 pear trees. A storm felled 37 of them in March."""
Make = Callable[..., Visitors]
Save = Callable[[str | bytes, str], Upload]


@pytest.fixture(scope="session")
def server(library_folder: Path) -> Iterator[Engine]:
    with Engine.open(library_folder) as engine:
        before = engine.library.generation
        yield engine
        assert engine.library.generation == before, "no visitor changes the server's library"


@pytest.fixture
def make(server: Engine, tmp_path: Path) -> Iterator[Make]:
    """Makes visitors of the server, or of a given engine, and closes them."""
    made: list[Visitors] = []

    def make_visitors(engine: Engine | None = None, *, shared: bool = False, **limits: float) -> Visitors:
        visitors = Visitors(
            engine or server,
            shared=shared,
            folder=tmp_path / "private",
            limits=Limits(**limits),  # type: ignore[arg-type]
        )
        made.append(visitors)
        return visitors

    yield make_visitors
    for visitors in made:
        visitors.close()
    assert not any(path.is_dir() for path in (tmp_path / "private").glob("*"))


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Puts an upload where a web server would: under a name of its own choosing."""
    count = 0

    def save_upload(content: str | bytes, name: str) -> Upload:
        nonlocal count
        count += 1
        path = tmp_path / f"arrived-{count}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Upload(path, name)

    return save_upload


@pytest.fixture
def kiln(save: Save) -> Upload:
    return save(KILN, "kiln.txt")


@pytest.fixture
def orchard(save: Save) -> Upload:
    return save(ORCHARD, "orchard.txt")
