"""HTML as a browser reads it, and a library that needs no model as long as nothing is asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from corpus.article import article_from_text
from corpus.library import Library
from corpus.metadata import Metadata
from corpus.passages import split_passages
from corpus.types import Article
from qa import Engine
from qa.cli import main
from tests.qa.shell import Qa, Ran

SPEECH = """New quays for Lugo

The council met on Monday, and Ana Silva, Mayor of Lugo, opened the session.

Ana Silva: We build two quays. We build them in stone, and we pay for them ourselves.

Reporter: And when?

Ana Silva: In May. The second quay follows in October."""
WEATHER = "Rain over Bo\n\nIt rained for nine days. Nobody in Bo minded."


@dataclass(slots=True)
class Element:
    """An element of a page; ``start`` and ``end`` tell which part of the page's text stands in it."""

    tag: str
    attributes: dict[str, str | None]
    start: int
    end: int = -1


@dataclass
class Shown(HTMLParser):
    """A piece of HTML as a browser has it: its text, and its elements with their places in the text."""

    source: str
    text: str = ""
    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Python would drop some of the characters that a browser decodes, so that this decodes them itself.
        super().__init__(convert_charrefs=False)
        self.feed(self.source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(Element(tag, dict(attrs), len(self.text)))
        self.elements.append(self.open[-1])

    def handle_endtag(self, tag: str) -> None:
        element = self.open.pop()
        assert element.tag == tag
        element.end = len(self.text)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_charref(self, name: str) -> None:
        self.text += chr(int(name))

    def handle_entityref(self, name: str) -> None:
        raise AssertionError(f"an entity that was not made here: {name}")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def of_class(self, name: str) -> list[Element]:
        """The elements of a class, in order."""
        return [one for one in self.elements if name in (one.attributes.get("class") or "").split()]

    def of_tag(self, tag: str) -> list[Element]:
        """The elements of a tag, in order."""
        return [one for one in self.elements if one.tag == tag]

    def words(self, element: Element) -> str:
        """The text in an element."""
        return self.text[element.start : element.end]

    @property
    def addresses(self) -> list[str]:
        """Where the links lead, in order."""
        return [one.attributes["href"] or "" for one in self.elements if "href" in one.attributes]


@pytest.fixture(scope="session")
def shown() -> Callable[[str], Shown]:
    """Reads HTML as a browser does; fails at tags that do not match."""
    return Shown


@pytest.fixture(scope="session")
def speech() -> Article:
    """An interview with a mayor."""
    facts = Metadata(title="New quays for Lugo", publisher="Lugo Post", published="2021-03-02")
    return article_from_text(SPEECH, metadata=facts, clean=False)


@pytest.fixture(scope="session")
def weather() -> Article:
    """An article of few facts."""
    return article_from_text(WEATHER, clean=False)


@pytest.fixture
def unread(tmp_path: Path, speech: Article, weather: Article) -> Iterator[Engine]:
    """An engine over those two articles with vectors that mean nothing."""
    with Library.open(tmp_path / "unread", create=True) as library:
        for article in (speech, weather):
            passages = split_passages(article)
            library.add(article, passages, np.ones((len(passages), 4), dtype=np.float32), model_id="none")
        yield Engine(library)


@pytest.fixture
def qa(capsys: pytest.CaptureFixture[str]) -> Qa:
    def run(*line: str | Path) -> Ran:
        code = main([str(part) for part in line])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Ran(code, said.out, said.err)

    return run


@pytest.fixture
def library_copy(library_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(library_folder, tmp_path / "copy"))
