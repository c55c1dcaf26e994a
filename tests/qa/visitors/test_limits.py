"""What visitors may take, what becomes of what they may not, and when it is deleted."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import LibraryError
from qa import Engine
from qa.visitors import Intake, Upload, Visitors

BRICKS = "How many bricks a year did the kiln make?"

Make = Callable[..., Visitors]
Save = Callable[[str | bytes, str], Upload]


def libraries(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "private").glob("*/*/library.db"))


def titles(visitors: Visitors, visitor: str) -> list[str | None]:
    with visitors.using(visitor) as engine:
        return [article.title for article in engine.articles()]


def test_limits_hold_and_say_what_to_do(make: Make, kiln: Upload, orchard: Upload) -> None:
    def told(visitors: Visitors, *uploads: Upload) -> list[Intake]:
        return list(visitors.add("ann", uploads))

    visitors, size = make(files=1), kiln.path.stat().st_size
    first, second = told(visitors, kiln, orchard)
    assert first.added
    assert "remove some first" in second.message
    visitors.remove("ann", first.article_id or "")
    assert told(visitors, orchard)[0].added, "what was removed makes room"

    assert "larger than 0.0002 MB" in told(make(file_bytes=200), kiln)[0].message
    assert told(make(file_bytes=size), kiln)[0].added
    first, second = told(make(visitor_bytes=size + 1), kiln, orchard)
    assert first.added
    assert "together; remove some first" in second.message
    assert "longer than 50 characters" in told(make(characters=50), kiln)[0].message


def test_a_library_too_large_to_copy_is_said_before_anything_is_read(make: Make, server: Engine, kiln: Upload) -> None:
    visitors = make(copy_bytes=1000)
    (told,) = visitors.add("ann", [kiln])
    assert "--shared-library" in told.message
    assert "qa add" in told.message
    with pytest.raises(LibraryError, match="--shared-library"):
        visitors.remove("ann", server.articles()[0].id)


def test_a_file_that_hangs_its_reader_is_given_up(make: Make, kiln: Upload) -> None:
    visitors = make(read_seconds=0.01)
    (told,) = visitors.add("ann", [kiln])
    assert "longer than 0.01 seconds" in told.message


def test_the_longest_unused_visitor_makes_room_and_none_in_use(make: Make, kiln: Upload, tmp_path: Path) -> None:
    visitors = make(visitors=2)
    kiln = kiln
    for who in ("ann", "bob"):
        list(visitors.add(who, [kiln]))
    with visitors.using("ann"):
        list(visitors.add("carl", [kiln]))
        assert len(titles(visitors, "ann")) == len(titles(visitors, "carl")) == 3
        assert len(titles(visitors, "bob")) == 2, "forgotten"
        with visitors.using("carl"):
            (told,) = visitors.add("bob", [kiln])
            assert "try again in a few minutes" in told.message
    assert len(libraries(tmp_path)) == 2


def test_who_is_idle_is_forgotten(make: Make, kiln: Upload, tmp_path: Path) -> None:
    visitors = make(idle_seconds=0.0)
    list(visitors.add("ann", [kiln]))
    assert len(titles(visitors, "bob")) == len(titles(visitors, "ann")) == 2
    assert not libraries(tmp_path)


def test_forgetting_waits_for_the_question_in_flight(make: Make, kiln: Upload, tmp_path: Path) -> None:
    visitors = make()
    list(visitors.add("ann", [kiln]))
    with visitors.using("ann") as engine:
        visitors.forget("ann")
        visitors.forget("ann")
        assert "9 million" in (engine.answer(BRICKS).text or "")
        assert len(titles(visitors, "ann")) == 2
        assert libraries(tmp_path)
    assert not libraries(tmp_path)


def test_who_leaves_while_files_are_added_leaves_nothing(
    make: Make, save: Save, kiln: Upload, orchard: Upload, tmp_path: Path
) -> None:
    visitors = make()
    adding = visitors.add("ann", [kiln, orchard])
    assert next(adding).added
    visitors.forget("ann")
    assert "visit was ended" in next(adding).message
    adding = visitors.add("bob", [save(b"", "empty.txt"), kiln])
    next(adding)
    del adding
    gc.collect()
    assert not libraries(tmp_path)


def test_after_closing_nothing_is_added(make: Make, kiln: Upload, tmp_path: Path) -> None:
    visitors = make()
    list(visitors.add("ann", [kiln]))
    visitors.close()
    assert not any((tmp_path / "private").iterdir())
    with pytest.raises(LibraryError, match="being stopped"):
        next(visitors.add("ann", [kiln]))
    visitors.close()
