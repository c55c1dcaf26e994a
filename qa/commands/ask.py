"""``qa ask``: one question, answered in its sentence with a citation."""

from __future__ import annotations

import argparse
import sys

from corpus.filters import Filter
from corpus.pages import page_at
from qa.commands import options as shared
from qa.commands.printable import at, is_terminal, one_line, print_json, shortened, source_line
from qa.engine import DEFAULT_TOP_K, Engine
from qa.marking import parts_of
from qa.types import Answer, Citation
from qa.wording import in_words, percent

__all__ = ["add_command"]

CLOSEST = 3  # passages shown where the articles do not answer
EXAMPLES = """\
  qa ask "How many major projects were launched?"
  qa ask "Who chaired the meeting?" --library my-library --article c36c3053700209cd
  qa ask "What will change?" --speaker "Chen Miner" --since 2021-05-01 --until 2021-06-30
  echo "When was it published?" | qa ask - --json
"""
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def add_command(commands: shared.Commands) -> None:
    """Declare ``qa ask``."""
    parser = shared.declare(commands, "ask", run, "answer a question from the articles", EXAMPLES)
    parser.add_argument("question", metavar="QUESTION", help="the question, or - to read it from standard input")
    shared.add_library(parser)
    parser.add_argument(
        "--top-k",
        metavar="N",
        type=shared.positive,
        default=DEFAULT_TOP_K,
        help="passages to read (default: %(default)s)",
    )
    shared.add_filters(parser)
    shared.add_models(parser)
    shared.add_json(parser, "the answer")


def run(options: argparse.Namespace) -> int:
    """Answer the question; 0 also where the articles hold no answer."""
    question = sys.stdin.read() if options.question == "-" else options.question
    where = shared.filter_of(options)
    with shared.engine_of(options) as engine:
        answer = engine.answer(question, top_k=options.top_k, where=where)
        if options.json:
            print_json(answer.to_dict())
        elif answer.answered:
            _print_answer(answer, engine)
        else:
            _print_closest(answer, engine, where)
    return 0


def _print_answer(answer: Answer, engine: Engine) -> None:
    first, *others = answer.citations
    print(_marked(first, engine))
    print(f"\n  {_source(first)}")
    for other in others:
        print(f"  also {_source(other)}")
    print(f"  {in_words(answer.confidence)} ({percent(answer.confidence)})")


def _print_closest(answer: Answer, engine: Engine, where: Filter) -> None:
    print(f"Not in these articles.\n  {in_words(answer.confidence)} ({percent(answer.confidence)})")
    hits = engine.search(answer.question, CLOSEST, where=where)
    if hits:
        print("\nClosest passages:")
    for hit in hits:
        article, span = engine.library.article(hit.passage.article_id), hit.passage.span
        source = source_line(
            speaker=None,
            title=article.title,
            publisher=article.publisher,
            published=article.published,
            page=page_at(article.pages, span.start),
        )
        print(f"\n  {shortened(span.of(article.text))}\n  {source} ({at(article.id, span.start, span.end)})")


def _marked(citation: Citation, engine: Engine) -> str:
    """The sentence on one line, its quotation in bold for a person and in brackets for a file."""
    opening, closing = (_BOLD, _PLAIN) if is_terminal() else ("[", "]")
    before, quote, after = parts_of(citation, engine.library.article(citation.article_id).text)
    # A space at a cut must outlive the cleaning of the part that it ends or begins.
    gap_before = " " if before[-1:].isspace() else ""
    gap_after = " " if after[:1].isspace() else ""
    return f"{one_line(before)}{gap_before}{opening}{one_line(quote)}{closing}{gap_after}{one_line(after)}"


def _source(citation: Citation) -> str:
    source = source_line(
        speaker=citation.speaker,
        title=citation.title,
        publisher=citation.publisher,
        published=citation.published,
        page=citation.page,
    )
    return f"{source} ({at(citation.article_id, citation.start, citation.end)})"
