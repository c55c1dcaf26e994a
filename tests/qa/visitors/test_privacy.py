"""What one visitor adds or removes no other one sees, with the real models."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import InputError, UnknownArticleError
from qa import Engine
from qa.visitors import Upload, Visitors

BRICKS = "How many bricks a year did the kiln make?"
TREES = "How many pear trees does the orchard hold?"
MIRROR = "How wide is the mirror of the telescope?"

Make = Callable[..., Visitors]
Save = Callable[[str | bytes, str], Upload]


def titles(visitors: Visitors, visitor: str) -> list[str | None]:
    with visitors.using(visitor) as engine:
        return [article.title for article in engine.articles()]


def ask(visitors: Visitors, visitor: str, question: str) -> str | None:
    with visitors.using(visitor) as engine:
        return engine.answer(question).text


def test_two_visitors_see_their_own_uploads_and_the_servers_articles(
    make: Make, server: Engine, kiln: Upload, orchard: Upload
) -> None:
    visitors = make()
    (added,) = visitors.add("ann", [kiln])
    (other,) = visitors.add("bob", [orchard])
    assert (added.name, added.message, added.added, added.title) == (
        "kiln.txt",
        "added",
        True,
        "The brickworks of Sorvala",
    )
    assert added.line == "kiln.txt: added"
    assert "9 million" in (ask(visitors, "ann", BRICKS) or "")
    assert ask(visitors, "bob", BRICKS) is None
    assert ask(visitors, "bob", TREES) == "412"
    assert ask(visitors, "ann", TREES) is None
    assert ask(visitors, "carl", BRICKS) is ask(visitors, "carl", TREES) is None
    assert {ask(visitors, who, MIRROR) for who in ("ann", "bob", "carl")} == {server.answer(MIRROR).text}
    assert "The brickworks of Sorvala" not in titles(visitors, "bob")
    assert other.article_id is not None
    with visitors.using("ann") as engine, pytest.raises(UnknownArticleError):
        engine.library.article(other.article_id)


def test_an_article_is_removed_from_the_own_view_only(make: Make, server: Engine, kiln: Upload) -> None:
    visitors = make()
    telescope = next(article for article in server.articles() if "telescope" in (article.title or ""))
    visitors.remove("ann", telescope.id)
    assert ask(visitors, "ann", MIRROR) is None
    assert telescope.title not in titles(visitors, "ann")
    assert telescope.title in titles(visitors, "bob")
    with pytest.raises(UnknownArticleError):
        visitors.remove("ann", telescope.id)
    (added,) = visitors.add("ann", [kiln])
    assert added.article_id is not None
    visitors.remove("ann", added.article_id)
    assert ask(visitors, "ann", BRICKS) is None


def test_nothing_is_copied_before_something_changes(make: Make, save: Save, server: Engine, tmp_path: Path) -> None:
    visitors = make()
    with visitors.using("ann") as engine:
        assert engine is server
    with pytest.raises(UnknownArticleError):
        visitors.remove("ann", "0" * 16)
    known = server.library.article(server.articles()[0].id)
    told = list(visitors.add("ann", [save(b"\x00\x01" * 500, "noise.txt"), save(known.text, "again.txt")]))
    assert [(one.added, one.article_id) for one in told] == [(False, None), (False, known.id)]
    assert told[1].message == "already there"
    assert not list(tmp_path.rglob("library.db"))


def test_models_are_those_of_the_server(make: Make, server: Engine, kiln: Upload) -> None:
    visitors = make()
    list(visitors.add("ann", [kiln]))
    with visitors.using("ann") as engine:
        assert engine is not server
        assert engine.embedder is server.embedder
        assert engine.asker is server.asker
        ours, theirs = engine.search(MIRROR, k=3), server.search(MIRROR, k=3)
        assert ours[0].passage == theirs[0].passage
        assert ours[0].ranks.dense_score == pytest.approx(theirs[0].ranks.dense_score)


def test_a_shared_library_is_everybodys(
    make: Make, server: Engine, kiln: Upload, orchard: Upload, tmp_path: Path
) -> None:
    from corpus.copies import copy_library

    (tmp_path / "common").mkdir()
    with server.beside(copy_library(server.library, tmp_path / "common")) as common:
        visitors = make(common, shared=True, files=1)
        first, second = visitors.add("ann", [kiln, orchard])
        assert first.added
        assert not second.added
        (again,) = visitors.add("bob", [kiln])
        assert again.message == "already there"
        assert "9 million" in (ask(visitors, "bob", BRICKS) or "")
        visitors.forget("ann")
        visitors.remove("bob", first.article_id or "")
        assert ask(visitors, "ann", BRICKS) is None
        visitors.close()
        assert len(common.articles()) == 2, "the server's library stays open"


def test_a_request_of_nobody_changes_nothing(make: Make, server: Engine, kiln: Upload) -> None:
    visitors = make()
    with visitors.using("") as engine:
        assert engine is server
    with pytest.raises(InputError):
        next(visitors.add("", [kiln]))
    with pytest.raises(InputError):
        visitors.remove("", server.articles()[0].id)


def test_adding_and_asking_at_once_gives_an_old_or_a_new_state(make: Make, save: Save) -> None:
    visitors = make()
    wrong: list[object] = []
    done = threading.Event()
    uploads = {
        who: [
            save(f"The lamp of {who} number {number}\n\nIt is {number} metres high.", f"{number}.txt")
            for number in range(6)
        ]
        for who in ("ann", "bob")
    }

    def add(who: str) -> None:
        try:
            wrong.extend(one for one in visitors.add(who, uploads[who]) if not one.article_id)
        except BaseException as error:
            wrong.append(error)

    def look(who: str) -> None:
        other = {"ann": "bob", "bob": "ann"}[who]
        while not done.is_set():
            try:
                with visitors.using(who) as engine:
                    engine.answer("How high is the lamp?")
                    if any(f"lamp of {other}" in (article.title or "") for article in engine.articles()):
                        wrong.append(who)
            except BaseException as error:
                wrong.append(error)

    adding = [threading.Thread(target=add, args=(who,)) for who in ("ann", "bob", "ann")]
    looking = [threading.Thread(target=look, args=(who,)) for who in ("ann", "bob")]
    for thread in [*adding, *looking]:
        thread.start()
    for thread in adding:
        thread.join()
    done.set()
    for thread in looking:
        thread.join()
    assert not wrong
    assert len(titles(visitors, "ann")) == len(titles(visitors, "bob")) == 2 + 6
