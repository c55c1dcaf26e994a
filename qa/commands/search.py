"""``qa search``: the passages nearest to a query."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from corpus.pages import page_at
from corpus.types import Article
from qa.commands import options as shared
from qa.commands.printable import at, print_json, shortened, source_line
from qa.found import hit_to_dict, speaker_of

if TYPE_CHECKING:
    from index.types import Hit

__all__ = ["add_command"]

EXAMPLES = """\
  qa search "electric cars" -k 3
  qa search "new railway lines" --publisher iChongqing --speaker "Dong Jianguo"
  qa search "clean energy" --library my-library --json
"""


def add_command(commands: shared.Commands) -> None:
    """Declare ``qa search``."""
    parser = shared.declare(commands, "search", run, "find the passages nearest to a query", EXAMPLES)
    parser.add_argument("query", metavar="QUERY", help="words or a question")
    shared.add_library(parser)
    parser.add_argument("-k", metavar="N", type=shared.positive, default=10, help="passages (default: %(default)s)")
    shared.add_filters(parser)
    parser.add_argument("--embedder", metavar="FOLDER", type=shared.path, help="another embedding model")
    shared.add_json(parser, "the passages")


def run(options: argparse.Namespace) -> int:
    """Print the passages, best first."""
    where = shared.filter_of(options)
    with shared.engine_of(options) as engine:
        hits = engine.search(options.query, options.k, where=where)
        found = [(hit, engine.library.article(hit.passage.article_id)) for hit in hits]
    if options.json:
        print_json([hit_to_dict(rank, hit, article) for rank, (hit, article) in enumerate(found, 1)])
        return 0
    if not found:
        print("Nothing found.")
    for rank, (hit, article) in enumerate(found, 1):
        _print(rank, hit, article)
    return 0


def _print(rank: int, hit: Hit, article: Article) -> None:
    span = hit.passage.span
    source = source_line(
        speaker=speaker_of(hit, article),
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        page=page_at(article.pages, span.start),
    )
    print(f"{rank}. {shortened(span.of(article.text))}")
    print(f"   {source} ({at(article.id, span.start, span.end)}), score {hit.score:.3f}\n")
