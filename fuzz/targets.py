"""Every reader of files and of JSON as a function of bytes, which raises where a promise is broken.

The promise: an article that keeps the laws, survives its round trips and can be cut into passages, or one of our own
errors. Any other exception is a find.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from corpus import rows
from corpus.article import article_from_text, read_article
from corpus.errors import QAError
from corpus.laws import broken_laws
from corpus.locate import locate
from corpus.one_line import one_line
from corpus.passages import split_passages
from corpus.rows import article_from_row, passage_from_row, row_from_article, row_from_passage
from corpus.sent_article import received, sent
from corpus.sidecar import read_sidecar
from corpus.types import Article
from index.bert import load_config
from qa.confidence import load_confidence
from qa.evaluation.compare import compare, read_records
from qa.evaluation.gold import read_gold
from qa.evaluation.gold_feedback import drafts_from_ratings, read_ratings
from qa.links import link_to_article, link_to_edit, link_to_place, link_to_removal, read_link
from qa.predict import read_tasks
from qa.reader import verify_checksums
from qa.resume import read_written

__all__ = ["FILES", "JSONS", "TARGETS", "BrokenPromiseError", "check_article", "check_message"]

_SCRATCH = tempfile.TemporaryDirectory(prefix="fuzz-")
_FOLDER = Path(_SCRATCH.name)

Target = Callable[[bytes], None]


class BrokenPromiseError(Exception):
    """What a reader promises does not hold."""


def check_article(article: Article, path: Path) -> None:
    """Raise where an article breaks a law, is lost on one of its ways, or is not covered by its passages."""
    _require(not broken_laws(article), f"laws: {broken_laws(article)}")
    _require(article_from_row(row_from_article(article)) == article, "the round trip through the library")
    _require(received(sent(article), path) == article, "the round trip through the child")
    _require(all(span.of(article.text) for span in locate(article).values()), "the places of its facts")
    covered: set[int] = set()
    for passage in split_passages(article):
        _require(passage_from_row((*row_from_passage(passage), 1)) == passage, "the round trip of a passage")
        _require(bool(passage.span.of(article.text).strip()), "a passage without words")
        _require(all(passage.span.contains(sentence) for sentence in passage.sentences), "the places of sentences")
        covered.update(range(passage.span.start, passage.span.end))
    left_out = (place for place, letter in enumerate(article.text) if not letter.isspace() and place not in covered)
    _require(next(left_out, None) is None, "a character in no passage")


def check_message(error: QAError) -> None:
    """Raise where an error is not one line that can be shown."""
    shown = one_line(str(error))
    _require(bool(shown) and len(shown) < 2_000 and "\n" not in shown, f"an error's line: {shown[:200]!r}")


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise BrokenPromiseError(what)


def _saved(name: str, data: bytes) -> Path:
    path = _FOLDER / name
    path.write_bytes(data)
    return path


def _refusing(read: Callable[[bytes], object]) -> Target:
    """The same function, which may refuse its input with an error of ours."""

    def checked(data: bytes) -> None:
        try:
            read(data)
        except QAError as error:
            check_message(error)

    return checked


def _of_file(extension: str) -> Target:
    def read(data: bytes) -> None:
        path = _saved(f"file.{extension}", data)
        check_article(read_article(path), path)

    return _refusing(read)


def _sidecar(data: bytes) -> None:
    _saved("beside.txt.meta.json", data)
    facts = read_sidecar(_FOLDER / "beside.txt")
    check_article(article_from_text("The ferry sailed again.", metadata=facts), _FOLDER)


def _records(data: bytes) -> None:
    records = read_records(_saved("records.json", data))
    json.dumps(compare(records, records).to_dict())


def _ratings(data: bytes) -> None:
    ratings, _ = read_ratings(data.decode("utf-8", "replace"))
    json.dumps(drafts_from_ratings(ratings, {}))


def _stored(data: bytes) -> None:
    """The JSON columns of a library's rows, sealed as they stand."""
    text = data.decode("utf-8", "replace")
    article = article_from_text("The ferry sailed again.")
    *plain, _, pages, _ = row_from_article(article)
    for row in ((*plain, text, pages), (*plain, "[]", text)):
        try:
            article_from_row(rows._sealed(*row))
        except QAError as error:
            check_message(error)
    passage_from_row((*rows._sealed("p", article.id, 0, 5, None, None, None, None, text), 1))


def _links(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    link = read_link(text)
    if link is None or link.kind == "list":
        return
    written = {
        "place": link_to_place(link.turn, link.number),
        "edit": link_to_edit(link.turn),
        "article": link_to_article(link.article_id),
        "remove": link_to_removal(link.article_id),
    }
    _require(written[link.kind] == text, "a link that is written in two ways")


def _model(name: str, load: Callable[[Path], object]) -> Callable[[bytes], object]:
    folder = _FOLDER / name
    folder.mkdir()

    def read(data: bytes) -> object:
        (folder / name).write_bytes(data)
        return load(folder)

    return read


FILES: Mapping[str, Target] = {extension: _of_file(extension) for extension in ("txt", "md", "html", "docx", "pdf")}
JSONS: Mapping[str, Target] = {
    "sidecar": _refusing(_sidecar),
    "gold": _refusing(lambda data: read_gold(_saved("gold.jsonl", data))),
    "ratings": _refusing(_ratings),
    "predict": _refusing(lambda data: list(read_tasks(data.splitlines(keepends=True)))),
    "resume": _refusing(lambda data: read_written(_saved("written.jsonl", data))),
    "records": _refusing(_records),
    "config": _refusing(_model("config.json", load_config)),
    "confidence": _refusing(_model("confidence.json", load_confidence)),
    "checksums": _refusing(_model("checksums.json", lambda folder: verify_checksums(folder))),
    "stored": _refusing(_stored),
    "answer": _refusing(lambda data: received(data, _FOLDER)),
    "link": _refusing(_links),
}
TARGETS: Mapping[str, Target] = {**FILES, **JSONS}
"""Each by its name: the formats, and what is read as JSON or from addresses."""
